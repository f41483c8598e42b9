"""Readers: one request's view, which does not shift, and asks for nothing twice."""

from datetime import timedelta
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.inventory import MAX_LISTINGS, Inventory
from aws.inventory.listings import ListQuery
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import EVERYTHING
from tests.aws.sandbox_account import NOON, collected_stats, make_models, reader_of


def names(view: Any) -> list[str]:
    return [row.name for row in view.rows]


async def test_a_view_is_one_for_the_whole_request(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    reader = reader_of(inventory)
    view = reader.listing(Kind.MODEL)
    await view.ensure(1)
    make_models(still, "b")
    still.advance(6)
    again = reader.listing(Kind.MODEL)
    await again.ensure(EVERYTHING)
    assert again is view
    assert names(view) == ["a"]
    assert still.calls.by_operation() == {"ListModels": 1}


async def test_what_a_request_changes_itself_it_sees_from_then_on(still: Sandbox, inventory: Inventory) -> None:
    """A view that it has made before stays as it was; what others change in between shifts nothing."""
    make_models(still, "a", "b")
    reader = reader_of(inventory)
    with collected_stats():
        before = reader.listing(Kind.MODEL)
        await before.ensure(EVERYTHING)
        inventory.record_delete(Kind.MODEL, "a")
        after = reader.listing(Kind.MODEL)
        await after.ensure(EVERYTHING)
        with collected_stats():
            inventory.record_delete(Kind.MODEL, "b")
        assert reader.listing(Kind.MODEL) is after
    assert (names(before), names(after)) == (["b", "a"], ["b"])
    assert still.calls.by_operation() == {"ListModels": 1}


async def test_a_list_that_is_known_whole_is_narrowed_down_by_nobody(still: Sandbox, inventory: Inventory) -> None:
    """The reader of it sifts; SageMaker need not be asked."""
    make_models(still, "fraud-a", "risk-a")
    narrow = ListQuery(created_after=NOON + timedelta(seconds=0.5))
    before = reader_of(inventory).listing(Kind.MODEL, narrow)
    await before.ensure(EVERYTHING)
    assert (names(before), before.whole) == (["risk-a"], False)
    await reader_of(inventory).listing(Kind.MODEL).ensure(EVERYTHING)
    after = reader_of(inventory).listing(Kind.MODEL, narrow)
    await after.ensure(EVERYTHING)
    assert (names(after), after.whole) == (["risk-a", "fraud-a"], True)
    assert still.calls.by_operation() == {"ListModels": 2}


async def test_oldest_first_is_sagemakers_to_list_unless_the_list_is_known_whole(
    still: Sandbox, inventory: Inventory
) -> None:
    make_models(still, *"abc")
    for whole in (False, True):
        view = reader_of(inventory).listing(Kind.MODEL, ListQuery(ascending=True))
        await view.ensure(1)
        assert (names(view), view.whole, view.complete_as_of is not None) == (["a", "b", "c"], whole, True)
        await reader_of(inventory).listing(Kind.MODEL).ensure(EVERYTHING)
    assert still.calls.by_operation() == {"ListModels": 2}


async def test_a_narrow_listing_is_kept_for_the_fresh_age_only(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "risk-a")
    narrow = ListQuery(created_after=NOON)
    for waiting, calls in ((0, 1), (5, 1), (0.1, 2), (0, 2)):
        still.advance(waiting)
        await reader_of(inventory).listing(Kind.MODEL, narrow).ensure(1)
        assert still.calls.count("ListModels") == calls
    await reader_of(inventory, max_age=0).listing(Kind.MODEL, narrow).ensure(1)
    assert still.calls.count("ListModels") == 2
    still.advance(0.001)
    await reader_of(inventory, max_age=0).listing(Kind.MODEL, narrow).ensure(1)
    assert still.calls.count("ListModels") == 3


async def test_only_so_many_narrow_listings_are_kept(still: Sandbox, inventory: Inventory) -> None:
    def listing(number: int) -> Any:
        return inventory.listing(Kind.MODEL, ListQuery(created_after=NOON + timedelta(seconds=number)), NOON)

    first, second = listing(0), listing(1)
    for number in range(2, MAX_LISTINGS):
        listing(number)
    assert listing(0) is first
    # One more: the longest unused goes, and that is not the one that has just been used.
    listing(MAX_LISTINGS)
    assert listing(0) is first
    assert listing(1) is not second


async def test_who_may_not_list_with_a_filter_loses_the_kind_too(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    await reader_of(inventory).scan(Kind.MODEL)
    assert len(inventory) == 2
    still.faults.refuse("ListModels")
    still.advance(6)
    narrow = reader_of(inventory).listing(Kind.MODEL, ListQuery(ascending=True))
    with pytest.raises(AccessDeniedError):
        await narrow.ensure(1)
    assert len(inventory) == 0


async def test_what_failed_is_not_tried_again_for_the_request(still: Sandbox, inventory: Inventory) -> None:
    still.faults.throttle("ListModels")
    reader = reader_of(inventory)
    for _ in range(3):
        with pytest.raises(ThrottledError):
            await reader.listing(Kind.MODEL).ensure(1)
        with pytest.raises(ThrottledError):
            await reader.scan(Kind.MODEL)
    assert still.calls.count("ListModels") == 8
    still.faults.clear()
    still.advance(0.001)
    await reader_of(inventory).listing(Kind.MODEL).ensure(1)


async def test_what_was_refused_is_not_asked_again_for_the_request(still: Sandbox, inventory: Inventory) -> None:
    still.faults.refuse("ListModels")
    reader = reader_of(inventory)
    for _ in range(3):
        with pytest.raises(AccessDeniedError):
            await reader.listing(Kind.MODEL).ensure(1)
    assert still.calls.count("ListModels") == 1


async def test_while_aws_is_down_a_scan_of_the_last_known_is_made(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    await reader_of(inventory).scan(Kind.MODEL)
    still.faults.fail("*")
    still.advance(400)
    with collected_stats() as stats:
        scan = await reader_of(inventory).scan(Kind.MODEL)
    assert ([resource.name for resource in scan.resources], stats.stale) == (["a"], True)
    still.advance(501)
    with pytest.raises(UnavailableError):
        await reader_of(inventory).scan(Kind.MODEL)
