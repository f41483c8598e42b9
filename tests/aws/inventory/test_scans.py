"""Scans: everything of a kind, described; with a bound, and never with holes that do not show."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    InvalidRequestError,
    ThrottledError,
    UnavailableError,
)
from aws.inventory.describe_cache import Described
from aws.inventory.inventory import Inventory
from aws.inventory.scans import Scan, scan
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf, ListingOf
from tests.aws.sandbox_account import NOON, make, make_models, reader_of


def names(scan: Scan) -> list[str]:
    return [resource.name for resource in scan.resources]


async def test_everything_is_listed_and_described(still: Sandbox, listing_of: ListingOf, inventory: Inventory) -> None:
    make_models(still, *"abcde")
    result = await scan(listing_of(), reader_of(inventory).describe_rows, 100)
    assert names(result) == ["e", "d", "c", "b", "a"]
    assert all(resource.detail is not None for resource in result.resources)
    assert (result.refused, result.complete_as_of, result.looked_back_to) == ((), NOON, NOON)
    assert still.calls.by_operation() == {"DescribeModel": 5, "ListModels": 1}


async def test_of_nothing_there_is_nothing(sandbox: Sandbox, listing_of: ListingOf, inventory: Inventory) -> None:
    result = await scan(listing_of(), reader_of(inventory).describe_rows, 100)
    assert result == Scan(resources=(), refused=(), complete_as_of=NOON, looked_back_to=None)
    assert sandbox.calls.by_operation() == {"ListModels": 1}


async def test_each_is_described_once_over_many_pages(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory
) -> None:
    make_models(still, *(f"m{number:03}" for number in range(205)))
    result = await scan(listing_of(), reader_of(inventory).describe_rows, 1000)
    assert names(result) == [f"m{number:03}" for number in range(204, -1, -1)]
    assert still.calls.by_operation() == {"DescribeModel": 205, "ListModels": 3}


async def test_it_stops_at_its_bound_and_says_how_far_it_looked(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory
) -> None:
    make_models(still, *"abcde")
    still.faults.shorten("ListModels", 2)
    result = await scan(listing_of(), reader_of(inventory).describe_rows, 3)
    assert names(result) == ["e", "d", "c"]
    assert (result.complete_as_of, result.looked_back_to) == (None, NOON + timedelta(seconds=2))
    assert still.calls.by_operation() == {"DescribeModel": 3, "ListModels": 2}


async def test_a_bound_within_a_whole_list_is_not_complete(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory
) -> None:
    make_models(still, *"abcde")
    listing = listing_of()
    await listing.ensure(5)
    assert listing.complete
    result = await scan(listing, reader_of(inventory).describe_rows, 4)
    assert names(result) == ["e", "d", "c", "b"]
    assert (result.complete_as_of, result.looked_back_to) == (None, NOON + timedelta(seconds=1))
    assert still.calls.count("DescribeModel") == 4


async def test_a_bound_that_just_holds_all_is_complete(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory
) -> None:
    make_models(still, *"abc")
    result = await scan(listing_of(), reader_of(inventory).describe_rows, 3)
    assert (names(result), result.complete_as_of) == (["c", "b", "a"], NOON)


async def test_refused_names_are_named_and_leave_the_rest(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory
) -> None:
    make_models(still, *"abcd")
    for name in "ac":
        still.faults.refuse("DescribeModel", name=name)
    result = await scan(listing_of(), reader_of(inventory).describe_rows, 100)
    assert names(result) == ["d", "b"]
    assert (result.refused, result.complete_as_of, result.looked_back_to) == (("c", "a"), NOON, NOON)
    assert still.calls.by_operation() == {"DescribeModel": 4, "ListModels": 1}


async def test_what_has_gone_since_it_was_listed_is_left_out(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory
) -> None:
    make_models(still, *"abc")
    listing = listing_of()
    await listing.ensure(3)
    make(still, "DeleteModel", ModelName="b")
    result = await scan(listing, reader_of(inventory).describe_rows, 100)
    assert (names(result), result.refused, result.complete_as_of) == (["c", "a"], (), NOON)
    assert still.calls.count("DescribeModel") == 3


@pytest.mark.parametrize("kind", [ThrottledError, UnavailableError, InvalidRequestError])
async def test_another_failure_of_one_fails_the_whole(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory, kind: type[AWSError]
) -> None:
    make_models(still, *"abc")
    if kind is ThrottledError:
        still.faults.throttle("DescribeModel", name="b")
    elif kind is UnavailableError:
        still.faults.fail("DescribeModel", name="b")
    else:
        still.faults.fail("DescribeModel", status=400, code="ValidationException", message="no", name="b")
    with pytest.raises(AWSError) as caught:
        await scan(listing_of(), reader_of(inventory).describe_rows, 100)
    assert type(caught.value) is kind
    assert caught.value.operation == "DescribeModel"
    assert still.calls.count("ListModels") == 1


async def test_a_page_that_cannot_be_read_fails_the_whole(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory
) -> None:
    make_models(still, *"abcd")
    still.faults.shorten("ListModels", 2, times=1)
    listing = listing_of()
    await listing.ensure(1)
    still.faults.refuse("ListModels")
    with pytest.raises(AccessDeniedError) as caught:
        await scan(listing, reader_of(inventory).describe_rows, 100)
    assert caught.value.operation == "ListModels"
    assert still.calls.count("ListModels") == 2


async def test_of_several_failures_one_is_raised_and_not_a_group(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"ab")
    still.faults.shorten("ListModels", 1)

    async def fail(rows: Sequence[AnyResource]) -> Mapping[str, Described]:
        await asyncio.sleep(0)
        raise UnavailableError(f"{rows[0].name} failed", operation="DescribeModel")

    with pytest.raises(UnavailableError, match="failed"):
        await scan(listing_of(), fail, 100)


async def test_what_is_no_failure_of_aws_is_raised_as_it_is(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, "a")

    async def fail(_: Sequence[AnyResource]) -> Mapping[str, Described]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await scan(listing_of(), fail, 100)


async def test_descriptions_of_a_page_overlap_with_the_reading_of_the_next(
    still: Sandbox, listing_of: ListingOf, inventory: Inventory
) -> None:
    make_models(still, *"abcd")
    still.faults.shorten("ListModels", 2)
    listing = listing_of()
    await listing.ensure(1)
    listed, described = still.faults.block("ListModels"), still.faults.block("DescribeModel")
    scanning = asyncio.ensure_future(scan(listing, reader_of(inventory).describe_rows, 100))
    # Neither has been answered, and both have been asked.
    assert await asyncio.to_thread(listed.wait_for_requests)
    assert await asyncio.to_thread(described.wait_for_requests)
    assert not scanning.done()
    listed.release()
    described.release()
    assert names(await scanning) == ["d", "c", "b", "a"]
    assert still.calls.by_operation() == {"DescribeModel": 4, "ListModels": 2}


async def test_descriptions_are_asked_for_at_once(still: Sandbox, listing_of: ListingOf, inventory: Inventory) -> None:
    make_models(still, *"abcdefgh")
    hold = still.faults.block("DescribeModel")
    scanning = asyncio.ensure_future(scan(listing_of(), reader_of(inventory).describe_rows, 100))
    assert await asyncio.to_thread(hold.wait_for_requests, 8)
    hold.release()
    assert len((await scanning).resources) == 8
    assert still.calls.max_concurrent("DescribeModel") == 8


async def test_a_cancelled_scan_ends(still: Sandbox, listing_of: ListingOf, inventory: Inventory) -> None:
    make_models(still, "a")
    hold = still.faults.block("DescribeModel")
    scanning = asyncio.ensure_future(scan(listing_of(), reader_of(inventory).describe_rows, 100))
    assert await asyncio.to_thread(hold.wait_for_requests)
    scanning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await scanning
    hold.release()


async def test_the_bound_of_an_inventory_is_its_own(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, *"abc")
    scan = await reader_of(inventory_of(scan_bound=2)).scan(Kind.MODEL)
    assert (names(scan), scan.complete_as_of) == (["c", "b"], None)
    assert still.calls.by_operation() == {"DescribeModel": 2, "ListModels": 1}
