"""Readers: one request's view, which does not shift, asks for nothing twice, and searches where that saves calls."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from aws.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.inventory import MOST_LISTINGS, Inventory
from aws.inventory.listings import Query
from aws.kinds import Kind
from aws.resources import Model, Runtime
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf
from tests.aws.inventory.sight import EVERYTHING, MANY, NEWEST_FIRST, make_many
from tests.aws.scene import (
    NOON,
    arn,
    make,
    make_config,
    make_models,
    reading,
    tallied,
)


def names(view: Any) -> list[str]:
    return [row.name for row in view.rows]


async def test_rows_that_come_meanwhile_do_not_shift_those_that_were_seen(still: Sandbox, inventory: Inventory) -> None:
    make_many(still)
    view = reading(inventory).listing(Kind.MODEL)
    await view.reach(1)
    assert (names(view), view.complete_as_of) == (NEWEST_FIRST[:99], None)
    make_models(still, "new")
    still.advance(6)
    # Another request has seen the new one; this one reads on where it was.
    other = reading(inventory).listing(Kind.MODEL)
    await other.reach(1)
    assert names(other)[:2] == ["new", "m149"]
    await view.reach(EVERYTHING)
    assert names(view) == NEWEST_FIRST
    assert view.complete_as_of is not None


async def test_rows_that_go_meanwhile_stay_with_who_has_seen_them(still: Sandbox, inventory: Inventory) -> None:
    make_many(still)
    view = reading(inventory).listing(Kind.MODEL)
    await view.reach(1)
    inventory.deleted(Kind.MODEL, "m120")
    inventory.deleted(Kind.MODEL, "m010")
    await view.reach(EVERYTHING)
    assert names(view) == [name for name in NEWEST_FIRST if name != "m010"]
    assert still.calls.by_operation() == {"ListModels": 2}


async def test_two_who_read_a_view_at_once_read_no_further_than_either_needs(
    still: Sandbox, inventory: Inventory
) -> None:
    make_many(still)
    view = reading(inventory).listing(Kind.MODEL)
    await asyncio.gather(*(view.reach(count) for count in (1, 1, 50, 99)))
    assert len(names(view)) == 99
    assert still.calls.by_operation() == {"ListModels": 1}


async def test_a_view_is_one_for_the_whole_request(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    reader = reading(inventory)
    view = reader.listing(Kind.MODEL)
    await view.reach(1)
    make_models(still, "b")
    still.advance(6)
    again = reader.listing(Kind.MODEL)
    await again.reach(EVERYTHING)
    assert again is view
    assert names(view) == ["a"]
    assert still.calls.by_operation() == {"ListModels": 1}


async def test_what_a_view_rests_on_is_put_on_the_account(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    await reading(inventory).listing(Kind.MODEL).reach(1)
    still.advance(4)
    with tallied() as tally:
        await reading(inventory).listing(Kind.MODEL).reach(1)
    assert (tally.as_of, dict(tally.calls)) == (NOON + timedelta(seconds=1), {})


async def test_a_list_that_is_known_whole_is_narrowed_down_by_nobody(still: Sandbox, inventory: Inventory) -> None:
    """The reader of it sifts; SageMaker need not be asked."""
    make_models(still, "risk-a", "fraud-a")
    narrow = Query(name_contains="risk")
    before = reading(inventory).listing(Kind.MODEL, narrow)
    await before.reach(EVERYTHING)
    assert (names(before), before.whole) == (["risk-a"], False)
    await reading(inventory).listing(Kind.MODEL).reach(EVERYTHING)
    after = reading(inventory).listing(Kind.MODEL, narrow)
    await after.reach(EVERYTHING)
    assert (names(after), after.whole) == (["fraud-a", "risk-a"], True)
    assert still.calls.by_operation() == {"ListModels": 2}


async def test_oldest_first_is_sagemakers_to_list(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, *"abc")
    await reading(inventory).listing(Kind.MODEL).reach(EVERYTHING)
    view = reading(inventory).listing(Kind.MODEL, Query(ascending=True))
    await view.reach(EVERYTHING)
    assert (names(view), view.whole) == (["a", "b", "c"], False)
    assert still.calls.by_operation() == {"ListModels": 2}


async def test_a_narrow_listing_is_kept_for_the_fresh_age_only(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "risk-a")
    narrow = Query(name_contains="risk")
    for waiting, calls in ((0, 1), (5, 1), (0.1, 2), (0, 2)):
        still.advance(waiting)
        await reading(inventory).listing(Kind.MODEL, narrow).reach(1)
        assert still.calls.count("ListModels") == calls
    await reading(inventory, max_age=0).listing(Kind.MODEL, narrow).reach(1)
    assert still.calls.count("ListModels") == 2
    still.advance(0.001)
    await reading(inventory, max_age=0).listing(Kind.MODEL, narrow).reach(1)
    assert still.calls.count("ListModels") == 3


async def test_only_so_many_narrow_listings_are_kept(still: Sandbox, inventory: Inventory) -> None:
    def listing(number: int) -> Any:
        return inventory.listing(Kind.MODEL, Query(name_contains=f"{number}"), NOON)

    first, second = listing(0), listing(1)
    for number in range(2, MOST_LISTINGS):
        listing(number)
    assert listing(0) is first
    # One more: the longest unused goes, and that is not the one that has just been used.
    listing(MOST_LISTINGS)
    assert listing(0) is first
    assert listing(1) is not second


async def test_who_may_not_list_with_a_filter_loses_the_kind_too(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    await reading(inventory).scan(Kind.MODEL)
    assert len(inventory) == 2
    still.trouble.refuse("ListModels")
    still.advance(6)
    narrow = reading(inventory).listing(Kind.MODEL, Query(ascending=True))
    with pytest.raises(AccessDeniedError):
        await narrow.reach(1)
    assert len(inventory) == 0


async def test_what_failed_is_not_tried_again_for_the_request(still: Sandbox, inventory: Inventory) -> None:
    still.trouble.throttle("ListModels")
    reader = reading(inventory)
    for _ in range(3):
        with pytest.raises(ThrottledError):
            await reader.listing(Kind.MODEL).reach(1)
        with pytest.raises(ThrottledError):
            await reader.scan(Kind.MODEL)
    assert still.calls.count("ListModels") == 8
    still.trouble.clear()
    still.advance(0.001)
    await reading(inventory).listing(Kind.MODEL).reach(1)


async def test_what_was_refused_is_not_asked_again_for_the_request(still: Sandbox, inventory: Inventory) -> None:
    still.trouble.refuse("ListModels")
    reader = reading(inventory)
    for _ in range(3):
        with pytest.raises(AccessDeniedError):
            await reader.listing(Kind.MODEL).reach(1)
    assert still.calls.count("ListModels") == 1


# --- Search ---


def counted(still: Sandbox, *operations: str) -> dict[str, int]:
    return {name: count for name, count in still.calls.by_operation().items() if not operations or name in operations}


@pytest.mark.parametrize(
    ("count", "asked"),
    [
        (4, {"DescribeModel": 4, "ListModels": 1}),
        (5, {"ListModels": 1, "Search": 1}),
        (100, {"ListModels": 1, "Search": 1}),
    ],
)
async def test_it_searches_where_that_saves_calls(
    still: Sandbox, inventory_of: InventoryOf, count: int, asked: dict[str, int]
) -> None:
    make_models(still, *MANY[:count])
    found = await reading(inventory_of(search=True)).scan(Kind.MODEL)
    assert counted(still) == asked
    assert [resource.name for resource in found.resources] == MANY[:count][::-1]
    assert all(resource.detail is not None for resource in found.resources)


async def test_with_search_off_each_is_described_and_the_answer_is_the_same(
    still: Sandbox, inventory_of: InventoryOf
) -> None:
    make_models(still, *MANY[:20], team="risk")
    with_it = await reading(inventory_of(search=True)).scan(Kind.MODEL)
    assert counted(still) == {"ListModels": 1, "Search": 1}
    without = await reading(inventory_of()).scan(Kind.MODEL)
    assert counted(still) == {"DescribeModel": 20, "ListModels": 2, "Search": 1}
    assert without == with_it


Trouble = Callable[[Sandbox], None]
TROUBLES: list[Trouble] = [
    lambda still: still.trouble.refuse("Search"),
    lambda still: still.trouble.throttle("Search"),
    lambda still: still.trouble.fail("Search"),
    lambda still: still.trouble.fail("Search", status=400, code="ValidationException", message="no such property"),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=["refused", "throttled", "down", "faulted"])
async def test_where_search_does_not_answer_each_is_described(
    still: Sandbox, inventory_of: InventoryOf, trouble: Trouble
) -> None:
    make_models(still, *MANY[:20])
    trouble(still)
    found = await reading(inventory_of(search=True)).scan(Kind.MODEL)
    assert len(found.resources) == 20
    assert counted(still, "DescribeModel", "ListModels") == {"DescribeModel": 20, "ListModels": 1}


async def test_the_last_known_is_given_where_search_is_down_with_everything_else(
    still: Sandbox, inventory_of: InventoryOf
) -> None:
    make_models(still, *MANY[:20])
    inventory = inventory_of(search=True)
    first = await reading(inventory).scan(Kind.MODEL)
    still.trouble.fail("*")
    still.advance(310)
    with tallied() as tally:
        assert (await reading(inventory).scan(Kind.MODEL)).resources == first.resources
    assert tally.stale


async def test_what_is_known_is_not_searched_again(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, *MANY[:20])
    inventory = inventory_of(search=True)
    await reading(inventory).scan(Kind.MODEL)
    still.advance(6)
    await reading(inventory).scan(Kind.MODEL)
    assert counted(still) == {"ListModels": 2, "Search": 1}
    make_models(still, *MANY[20:23])
    still.advance(6)
    await reading(inventory).scan(Kind.MODEL)
    assert counted(still) == {"DescribeModel": 3, "ListModels": 3, "Search": 1}


async def test_a_record_that_the_list_does_not_bear_out_is_not_believed(
    still: Sandbox, inventory_of: InventoryOf
) -> None:
    """Search is ten minutes behind: of what was deleted, made anew and made since, only the list knows."""
    still.life.pace = _behind(still, 600)
    make_models(still, *MANY[:20])
    still.advance(900)
    make(still, "DeleteModel", ModelName="m003")
    make(still, "DeleteModel", ModelName="m004")
    make_models(still, "m004", "new")
    found = await reading(inventory_of(search=True)).scan(Kind.MODEL)
    assert [resource.name for resource in found.resources[:2]] == ["new", "m004"]
    assert "m003" not in [resource.name for resource in found.resources]
    # The new one and the one made anew were described, the eighteen others came by the search.
    assert counted(still) == {"DescribeModel": 2, "ListModels": 1, "Search": 1}
    assert found.resources[1].creation_time == NOON + timedelta(seconds=920)


def _behind(still: Sandbox, seconds: float) -> Any:
    return type(still.life.pace)(search_delay=seconds)


async def test_runtimes_that_are_not_settled_are_described(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, "scorer")
    make_config(still, "c", "scorer")
    for number in range(10):
        make(still, "CreateEndpoint", EndpointName=f"e{number}", EndpointConfigName="c")
    still.advance(300)
    make(still, "CreateEndpoint", EndpointName="coming", EndpointConfigName="c")
    found = await reading(inventory_of(search=True)).scan(Kind.RUNTIME)
    assert counted(still) == {"DescribeEndpoint": 1, "ListEndpoints": 1, "Search": 1}
    assert [call.resource for call in still.calls.recent("DescribeEndpoint")] == ["coming"]
    assert {each.name: each.raw_status for each in found.resources if isinstance(each, Runtime)} == {
        "coming": "Creating",
        **{f"e{number}": "InService" for number in range(10)},
    }


async def test_tags_come_with_a_search(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, *MANY[:10], team="risk")
    inventory = inventory_of(search=True)
    await reading(inventory).scan(Kind.MODEL)
    tags = await reading(inventory).tags([arn("model", name) for name in MANY[:10]])
    assert all(found is not None and not isinstance(found, Exception) for found in tags.values())
    assert counted(still) == {"ListModels": 1, "Search": 1}


async def test_snapshots_and_transform_jobs_have_no_search(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, "scorer")
    for number in range(10):
        make_config(still, f"c{number}", "scorer")
    await reading(inventory_of(search=True)).scan(Kind.SNAPSHOT)
    assert counted(still) == {"DescribeEndpointConfig": 10, "ListEndpointConfigs": 1}


async def test_a_search_is_made_once_for_all(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, *MANY[:20])
    inventory = inventory_of(search=True)
    found = await asyncio.gather(*(reading(inventory).scan(Kind.MODEL) for _ in range(5)))
    assert counted(still) == {"ListModels": 1, "Search": 1}
    assert all(isinstance(each, Model) for scan in found for each in scan.resources)


async def test_while_aws_is_down_a_scan_of_the_last_known_is_made(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    await reading(inventory).scan(Kind.MODEL)
    still.trouble.fail("*")
    still.advance(400)
    with tallied() as tally:
        found = await reading(inventory).scan(Kind.MODEL)
    assert ([each.name for each in found.resources], tally.stale) == (["a"], True)
    still.advance(501)
    with pytest.raises(UnavailableError):
        await reading(inventory).scan(Kind.MODEL)
