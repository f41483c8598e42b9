"""Listings over real HTTP: order, pages of every sort, and calls for no more than is asked for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from aws.calls import Calls
from aws.errors import AccessDeniedError, ThrottledError, UnavailableError
from aws.inventory.listings import EVERYTHING, PAGE_SIZE, Listing, Query, position
from aws.kinds import Kind
from aws.resources import Model
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import ListingOf
from tests.aws.scene import ACCOUNT, NOON, REGION, ScriptedCalls, arn, make_models, make_transform_job, origin

ALL = 10**6


def names(listing: Listing) -> list[str]:
    return [row.name for row in listing.rows]


async def test_rows_are_newest_first_with_all_that_a_row_tells(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, "a", "C", "b")
    listing = listing_of()
    assert (listing.rows, listing.complete, listing.complete_as_of) == ([], False, None)
    await listing.reach(ALL)
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
    still.trouble.shorten("ListModels", 2)
    listing = listing_of(Kind.MODEL, Query(ascending=True))
    await listing.reach(ALL)
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
        await listing.reach(1)
    assert (listing.rows, listing.complete, listing.complete_as_of) == ([], True, NOON)
    assert sandbox.calls.by_operation() == {operation: 1}


async def test_pages_are_of_a_hundred_and_read_only_as_far_as_asked(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *(f"m{number:03}" for number in range(250)))
    listing = listing_of()
    await listing.reach(0)
    assert still.calls.count() == 0
    await listing.reach(50)
    assert still.calls.count("ListModels") == 1
    # The last row of a page is kept back: whether it is the last of its moment is told by the next page.
    assert names(listing) == [f"m{number:03}" for number in range(249, 150, -1)]
    await listing.reach(PAGE_SIZE - 1)
    assert still.calls.count("ListModels") == 1
    await listing.reach(PAGE_SIZE)
    assert (still.calls.count("ListModels"), len(listing.rows), listing.complete) == (2, 199, False)
    await listing.reach(ALL)
    assert names(listing) == [f"m{number:03}" for number in range(249, -1, -1)]
    await listing.reach(ALL)
    assert still.calls.count("ListModels") == 3


async def test_it_is_complete_as_of_its_first_page(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, "a", "b", "c")
    still.trouble.shorten("ListModels", 1)
    later = [NOON + timedelta(seconds=second) for second in range(4)]
    listing = listing_of(Kind.MODEL, EVERYTHING, *later)
    await listing.reach(1)
    assert listing.complete_as_of is None
    await listing.reach(ALL)
    assert listing.complete_as_of == NOON
    assert [row.as_of for row in listing.rows] == later[:3]


async def test_readers_at_the_same_time_share_pages(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcdef")
    still.trouble.shorten("ListModels", 2)
    listing = listing_of()
    await asyncio.gather(*(listing.reach(count) for count in (1, 3, 1, ALL, 6, 2)))
    assert names(listing) == ["f", "e", "d", "c", "b", "a"]
    assert still.calls.count("ListModels") == 3
    assert still.calls.most_at_once("ListModels") == 1


async def test_a_reader_that_is_content_does_not_wait_for_another(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcd")
    still.trouble.shorten("ListModels", 2)
    listing = listing_of()
    await listing.reach(1)
    hold = still.trouble.block("ListModels")
    further = asyncio.ensure_future(listing.reach(ALL))
    assert await asyncio.to_thread(hold.wait_for)
    await listing.reach(1)
    assert names(listing) == ["d"]
    hold.release()
    await further
    assert names(listing) == ["d", "c", "b", "a"]
    assert still.calls.count("ListModels") == 2


async def test_rows_stay_where_they_are_while_others_come(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcdef")
    still.trouble.shorten("ListModels", 2)
    listing = listing_of()
    seen: list[list[str]] = []
    while not listing.complete:
        await listing.reach(len(listing.rows) + 1)
        seen.append(names(listing))
    assert seen == [["f"], ["f", "e", "d"], ["f", "e", "d", "c", "b", "a"]]


async def test_a_failure_is_everybodys_who_reads(sandbox: Sandbox, listing_of: ListingOf) -> None:
    sandbox.trouble.refuse("ListModels", times=1)
    listing = listing_of()
    outcomes = await asyncio.gather(*(listing.reach(1) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [AccessDeniedError] * 3
    assert sandbox.calls.count("ListModels") == 1


async def test_what_has_failed_is_not_tried_again_for_the_same_request(sandbox: Sandbox, listing_of: ListingOf) -> None:
    sandbox.trouble.refuse("ListModels", times=1)
    listing = listing_of()
    for _ in range(2):
        with pytest.raises(AccessDeniedError):
            await listing.reach(1, NOON)
    assert sandbox.calls.count("ListModels") == 1
    assert (listing.rows, listing.complete) == ([], False)
    # A request that began after the failure asks for itself.
    await listing.reach(1, NOON + timedelta(milliseconds=1))
    assert (listing.complete, sandbox.calls.count("ListModels")) == (True, 2)


async def test_a_listing_that_was_cut_short_goes_on_where_it_was(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcdef")
    still.trouble.shorten("ListModels", 2)
    listing = listing_of()
    await listing.reach(1)
    still.trouble.fail("ListModels", times=2)
    with pytest.raises(UnavailableError):
        await listing.reach(ALL)
    await listing.reach(ALL)
    assert names(listing) == ["f", "e", "d", "c", "b", "a"]
    # One page, two tries in vain, two pages.
    assert (still.calls.count("ListModels"), listing.pages) == (5, 3)


async def test_when_it_was_begun_is_when_its_first_page_was_asked_for(still: Sandbox, listing_of: ListingOf) -> None:
    listing = listing_of()
    assert (listing.begun, listing.begun_since(NOON - timedelta(days=1))) == (None, False)
    await listing.reach(1)
    assert listing.begun == NOON
    assert listing.begun_since(NOON)
    assert not listing.begun_since(NOON + timedelta(milliseconds=1))


async def test_what_was_read_before_a_failure_stands(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcd")
    still.trouble.shorten("ListModels", 2, times=1)
    listing = listing_of()
    await listing.reach(1)
    still.trouble.throttle("ListModels")
    with pytest.raises(ThrottledError):
        await listing.reach(2)
    assert (names(listing), listing.complete) == (["d"], False)
    await listing.reach(1)
    assert still.calls.count("ListModels") == 9


async def test_a_reader_that_is_cancelled_spoils_nothing(still: Sandbox, listing_of: ListingOf) -> None:
    make_models(still, *"abcd")
    still.trouble.shorten("ListModels", 2)
    hold = still.trouble.block("ListModels", times=1)
    listing = listing_of()
    leaving, staying = (asyncio.ensure_future(listing.reach(ALL)) for _ in range(2))
    assert await asyncio.to_thread(hold.wait_for)
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
    await listing.reach(1)
    (row,) = listing.rows
    assert (row.kind, row.name, row.creation_time) == (Kind.TRANSFORM_JOB, "batch", NOON + timedelta(seconds=1))


SECONDS = [NOON + timedelta(seconds=second) for second in range(5)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(name_contains="risk"), ["risk-b", "risk-a"]),
        (Query(name_contains="Risk"), []),
        (Query(created_after=SECONDS[2]), ["fraud-b", "risk-b"]),
        (Query(created_before=SECONDS[2]), ["fraud-a", "risk-a"]),
        (Query(created_after=SECONDS[1], created_before=SECONDS[3]), ["risk-b", "fraud-a"]),
        (Query(ascending=True, name_contains="fraud", created_after=SECONDS[2]), ["fraud-b"]),
    ],
)
async def test_filters_are_sagemakers_to_apply(
    still: Sandbox, listing_of: ListingOf, query: Query, found: list[str]
) -> None:
    make_models(still, "risk-a", "fraud-a", "risk-b", "fraud-b")
    listing = listing_of(Kind.MODEL, query)
    await listing.reach(ALL)
    assert names(listing) == found
    assert still.calls.count("ListModels") == 1


EMPTY: dict[str, Any] = {"Models": []}


async def test_what_is_sent_with_each_page(listing_of: ListingOf) -> None:
    query = Query(ascending=True, name_contains="risk", created_after=SECONDS[0], created_before=SECONDS[4])
    calls = ScriptedCalls({**EMPTY, "NextToken": "more"}, EMPTY)
    listing = listing_of(Kind.MODEL, query, through=calls)
    await listing.reach(ALL)
    sent = {
        "SortBy": "CreationTime",
        "SortOrder": "Ascending",
        "MaxResults": 100,
        "NameContains": "risk",
        "CreationTimeAfter": SECONDS[0],
        "CreationTimeBefore": SECONDS[4],
    }
    assert calls.asked == [("ListModels", sent), ("ListModels", {**sent, "NextToken": "more"})]


async def test_nothing_is_sent_that_is_not_asked(listing_of: ListingOf) -> None:
    calls = ScriptedCalls(EMPTY)
    await listing_of(through=calls).reach(1)
    assert calls.asked == [("ListModels", {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 100})]


def test_a_query_is_whole_where_it_leaves_nothing_out() -> None:
    assert EVERYTHING.whole
    assert Query(ascending=True).whole
    assert not Query(name_contains="a").whole
    assert not Query(created_after=NOON).whole
    assert not Query(created_before=NOON).whole


def test_without_a_creation_time_a_row_stands_before_all_others(calls: Calls) -> None:
    undated = Model(scope="s", name="b", arn="", account_id="", region="", creation_time=None, as_of=origin().as_of)
    assert position(undated)[1] == "b"
    assert position(undated)[0] < NOON
