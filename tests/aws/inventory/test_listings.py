"""Listings over real HTTP: order, pages of every sort, and calls for no more than is asked for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.listings import EVERYTHING, PAGE_SIZE, Listing, ListQuery, creation_key
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import ListingOf
from tests.aws.sandbox_account import (
    ACCOUNT,
    NOON,
    REGION,
    ScriptedClient,
    arn,
    make_models,
    make_transform_job,
    provenance,
)

ALL = 10**6


def names(listing: Listing) -> list[str]:
    return [row.name for row in listing.rows]


async def test_rows_are_newest_first_with_all_that_a_row_tells(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, "a", "C", "b")
    listing = listing_of()
    assert (listing.rows, listing.complete, listing.complete_as_of) == ([], False, None)
    await listing.ensure(ALL)
    assert names(listing) == ["b", "C", "a"]
    assert listing.rows[1] == Model(
        scope="scope-1",
        name="C",
        arn=arn("model", "c"),
        account_id=ACCOUNT,
        region=REGION,
        creation_time=NOON + timedelta(seconds=1),
        as_of=NOON,
    )
    assert still.calls.by_operation() == {"ListModels": 1}


async def test_oldest_first(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, "a", "b", "c")
    still.faults.shorten("ListModels", 2)
    listing = listing_of(Kind.MODEL, ListQuery(ascending=True))
    await listing.ensure(ALL)
    assert names(listing) == ["a", "b", "c"]
    assert still.calls.count("ListModels") == 2


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        (Kind.MODEL, "ListModels"),
        (Kind.SNAPSHOT, "ListEndpointConfigs"),
        (Kind.RUNTIME, "ListEndpoints"),
        (Kind.TRAINING_JOB, "ListTrainingJobs"),
        (Kind.TRANSFORM_JOB, "ListTransformJobs"),
    ],
)
async def test_an_empty_list_is_complete_after_one_call(
    sandbox: Sandbox, listing_of: ListingOf, kind: Kind, operation: str
) -> None:
    listing = listing_of(kind)
    for _ in range(2):
        await listing.ensure(1)
    assert (listing.rows, listing.complete, listing.complete_as_of) == ([], True, NOON)
    assert sandbox.calls.by_operation() == {operation: 1}


async def test_pages_are_of_a_hundred_and_read_only_as_far_as_asked(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *(f"m{number:03}" for number in range(250)))
    listing = listing_of()
    await listing.ensure(0)
    assert still.calls.count() == 0
    await listing.ensure(50)
    assert still.calls.count("ListModels") == 1
    # The last row of a page is kept back: whether it is the last of its moment is told by the next page.
    assert names(listing) == [f"m{number:03}" for number in range(249, 150, -1)]
    await listing.ensure(PAGE_SIZE - 1)
    assert still.calls.count("ListModels") == 1
    await listing.ensure(PAGE_SIZE)
    assert (still.calls.count("ListModels"), len(listing.rows), listing.complete) == (2, 199, False)
    await listing.ensure(ALL)
    assert names(listing) == [f"m{number:03}" for number in range(249, -1, -1)]
    await listing.ensure(ALL)
    assert still.calls.count("ListModels") == 3


async def test_it_is_complete_as_of_its_first_page(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, "a", "b", "c")
    still.faults.shorten("ListModels", 1)
    later = [NOON + timedelta(seconds=second) for second in range(4)]
    listing = listing_of(Kind.MODEL, EVERYTHING, *later)
    await listing.ensure(1)
    assert listing.complete_as_of is None
    await listing.ensure(ALL)
    assert listing.complete_as_of == NOON
    assert [row.as_of for row in listing.rows] == later[:3]


async def test_readers_at_the_same_time_share_pages(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcdef")
    still.faults.shorten("ListModels", 2)
    listing = listing_of()
    await asyncio.gather(*(listing.ensure(count) for count in (1, 3, 1, ALL, 6, 2)))
    assert names(listing) == ["f", "e", "d", "c", "b", "a"]
    assert still.calls.count("ListModels") == 3
    assert still.calls.max_concurrent("ListModels") == 1


async def test_a_reader_that_is_content_does_not_wait_for_another(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcd")
    still.faults.shorten("ListModels", 2)
    listing = listing_of()
    await listing.ensure(1)
    hold = still.faults.block("ListModels")
    further = asyncio.ensure_future(listing.ensure(ALL))
    assert await asyncio.to_thread(hold.wait_for_requests)
    await listing.ensure(1)
    assert names(listing) == ["d"]
    hold.release()
    await further
    assert names(listing) == ["d", "c", "b", "a"]
    assert still.calls.count("ListModels") == 2


async def test_rows_stay_where_they_are_while_others_come(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcdef")
    still.faults.shorten("ListModels", 2)
    listing = listing_of()
    seen: list[list[str]] = []
    while not listing.complete:
        await listing.ensure(len(listing.rows) + 1)
        seen.append(names(listing))
    assert seen == [["f"], ["f", "e", "d"], ["f", "e", "d", "c", "b", "a"]]


async def test_a_failure_is_everybodys_who_reads(sandbox: Sandbox, listing_of: ListingOf) -> None:
    sandbox.faults.refuse("ListModels", times=1)
    listing = listing_of()
    outcomes = await asyncio.gather(*(listing.ensure(1) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [AccessDeniedError] * 3
    assert sandbox.calls.count("ListModels") == 1


async def test_what_has_failed_is_not_tried_again_for_the_same_request(sandbox: Sandbox, listing_of: ListingOf) -> None:
    sandbox.faults.refuse("ListModels", times=1)
    listing = listing_of()
    for _ in range(2):
        with pytest.raises(AccessDeniedError):
            await listing.ensure(1, NOON)
    assert sandbox.calls.count("ListModels") == 1
    assert (listing.rows, listing.complete) == ([], False)
    # A request that began after the failure asks for itself.
    await listing.ensure(1, NOON + timedelta(milliseconds=1))
    assert (listing.complete, sandbox.calls.count("ListModels")) == (True, 2)


async def test_a_listing_that_was_cut_short_goes_on_where_it_was(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcdef")
    still.faults.shorten("ListModels", 2)
    listing = listing_of()
    await listing.ensure(1)
    still.faults.fail("ListModels", times=2)
    with pytest.raises(UnavailableError):
        await listing.ensure(ALL)
    await listing.ensure(ALL)
    assert names(listing) == ["f", "e", "d", "c", "b", "a"]
    # One page, two tries in vain, two pages.
    assert (still.calls.count("ListModels"), listing.pages) == (5, 3)


async def test_when_it_was_begun_is_when_its_first_page_was_asked_for(still: Sandbox, listing_of: ListingOf) -> None:
    listing = listing_of()
    assert (listing.begun, listing.begun_since(NOON - timedelta(days=1))) == (None, False)
    await listing.ensure(1)
    assert listing.begun == NOON
    assert listing.begun_since(NOON)
    assert not listing.begun_since(NOON + timedelta(milliseconds=1))


async def test_what_was_read_before_a_failure_stands(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcd")
    still.faults.shorten("ListModels", 2, times=1)
    listing = listing_of()
    await listing.ensure(1)
    still.faults.throttle("ListModels")
    with pytest.raises(ThrottledError):
        await listing.ensure(2)
    assert (names(listing), listing.complete) == (["d"], False)
    await listing.ensure(1)
    assert still.calls.count("ListModels") == 9


async def test_a_reader_that_is_cancelled_spoils_nothing(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcd")
    still.faults.shorten("ListModels", 2)
    hold = still.faults.block("ListModels", times=1)
    listing = listing_of()
    leaving, staying = (asyncio.ensure_future(listing.ensure(ALL)) for _ in range(2))
    assert await asyncio.to_thread(hold.wait_for_requests)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    hold.release()
    await staying
    assert names(listing) == ["d", "c", "b", "a"]


async def test_a_transform_jobs_row_is_of_its_kind(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, "scorer")
    make_transform_job(still, "batch", "scorer")
    listing = listing_of(Kind.TRANSFORM_JOB)
    await listing.ensure(1)
    (row,) = listing.rows
    assert (row.kind, row.name, row.creation_time) == (Kind.TRANSFORM_JOB, "batch", NOON + timedelta(seconds=1))


SECONDS = [NOON + timedelta(seconds=second) for second in range(5)]


@pytest.mark.parametrize(
    ("query", "result"),
    [
        (ListQuery(created_after=SECONDS[2]), ["fraud-b", "risk-b"]),
        (ListQuery(created_before=SECONDS[2]), ["fraud-a", "risk-a"]),
        (ListQuery(created_after=SECONDS[1], created_before=SECONDS[3]), ["risk-b", "fraud-a"]),
        (ListQuery(ascending=True, created_after=SECONDS[2]), ["risk-b", "fraud-b"]),
    ],
)
async def test_filters_are_sagemakers_to_apply(
    still: Sandbox, listing_of: ListingOf, query: ListQuery, result: list[str]
) -> None:
    make_models(still, "risk-a", "fraud-a", "risk-b", "fraud-b")
    listing = listing_of(Kind.MODEL, query)
    await listing.ensure(ALL)
    assert names(listing) == result
    assert still.calls.count("ListModels") == 1


EMPTY: dict[str, Any] = {"Models": []}


async def test_what_is_sent_with_each_page(listing_of: ListingOf) -> None:
    query = ListQuery(ascending=True, created_after=SECONDS[0], created_before=SECONDS[4])
    calls = ScriptedClient({**EMPTY, "NextToken": "more"}, EMPTY)
    listing = listing_of(Kind.MODEL, query, through=calls)
    await listing.ensure(ALL)
    sent = {
        "SortBy": "CreationTime",
        "SortOrder": "Ascending",
        "MaxResults": 100,
        "CreationTimeAfter": SECONDS[0],
        "CreationTimeBefore": SECONDS[4],
    }
    assert calls.asked == [("ListModels", sent), ("ListModels", {**sent, "NextToken": "more"})]


async def test_nothing_is_sent_that_is_not_asked(listing_of: ListingOf) -> None:
    calls = ScriptedClient(EMPTY)
    await listing_of(through=calls).ensure(1)
    assert calls.asked == [("ListModels", {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 100})]


def test_a_query_is_whole_where_it_leaves_nothing_out() -> None:
    assert EVERYTHING.unfiltered
    assert ListQuery(ascending=True).unfiltered
    assert not ListQuery(created_after=NOON).unfiltered
    assert not ListQuery(created_before=NOON).unfiltered


def test_without_a_creation_time_a_row_stands_before_all_others(calls: AwsClient) -> None:
    undated = Model(scope="s", name="b", arn="", account_id="", region="", creation_time=None, as_of=provenance().as_of)
    assert creation_key(undated)[1] == "b"
    assert creation_key(undated)[0] < NOON
