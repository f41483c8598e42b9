"""A roll is laid again before what was deleted is shown for too long: in the background, where there is time."""

import asyncio
from datetime import timedelta
from typing import Any

from aws.client.errors import UnavailableError
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import (
    MANY,
    NEWEST_FIRST,
    NEXT,
    PAGE,
    ListCacheProbe,
    after,
    make_many,
    single_flight_done,
)
from tests.aws.manual_clock import settle
from tests.aws.sandbox_account import RecordingClient, make, make_models


async def test_a_large_list_shows_deletions_when_it_is_read_again(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await sight.look()
    make(still, "DeleteModel", ModelName="m050")
    still.advance(140)
    assert await sight.names() == NEWEST_FIRST
    still.advance(161)
    assert await sight.names() == [name for name in NEWEST_FIRST if name != "m050"]


async def test_half_way_to_the_deletion_age_it_is_laid_again_behind(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await sight.look()
    seen = sight.now
    make(still, "DeleteModel", ModelName="m050")
    still.advance(150)
    assert len(await sight.names()) == 150
    await single_flight_done(sight.inventory.single_flight)
    sight.asked()
    still.advance(6)
    # The answer does not wait: it costs one call, and the two pages are nobody's.
    assert len(await sight.names()) == 150
    assert dict(sight.tally.calls) == {"ListModels": 1}
    await single_flight_done(sight.inventory.single_flight)
    assert sight.asked() == [after(seen + timedelta(seconds=150) - timedelta(minutes=2)), PAGE, NEXT]
    found = await sight.look()
    assert (len(found.rows), found.complete_as_of) == (149, seen + timedelta(seconds=156))
    assert sight.asked() == []


async def test_what_came_while_it_was_laid_again_stays(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await sight.look()
    still.advance(160)
    hold = still.faults.block("ListModels", times=2)
    looking = asyncio.ensure_future(sight.look())
    assert await asyncio.to_thread(hold.wait_for_requests)
    hold.release()
    await looking
    hold = still.faults.block("ListModels", times=1)
    await settle()
    # The new ground is being laid; meanwhile something is made, and found by asking for what is newer.
    make_models(still, "new")
    still.advance(6)
    assert (await sight.names())[0] == "new"
    hold.release()
    await single_flight_done(sight.inventory.single_flight)
    assert (await sight.names())[:2] == ["new", "m149"]


async def test_after_the_deletion_age_it_is_laid_again_before_the_answer(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await sight.look()
    make(still, "DeleteModel", ModelName="m050")
    sight.asked()
    still.advance(300.5)
    found = await sight.look()
    assert sight.asked() == [PAGE, NEXT]
    assert dict(sight.tally.calls) == {"ListModels": 2}
    assert (len(found.rows), found.complete_as_of) == (149, sight.now)


async def test_it_is_laid_again_only_as_far_as_is_asked(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await sight.look()
    sight.asked()
    still.advance(301)
    found = await sight.look(10)
    assert sight.asked() == [PAGE]
    assert (len(found.rows), found.complete_as_of) == (99, None)


async def test_behind_it_is_laid_as_far_as_it_goes(still: Sandbox, sight: ListCacheProbe) -> None:
    """Of a roll of which nobody has wanted more than a page, no more is read."""
    make_models(still, *MANY, *(f"n{number:03}" for number in range(150)))
    await sight.look(1)
    await sight.look(120)
    assert sight.asked() == [PAGE, NEXT]
    still.advance(160)
    found = await sight.look(1)
    await single_flight_done(sight.inventory.single_flight)
    assert len(found.rows) == 199
    assert [asked for asked in sight.asked() if asked in (PAGE, NEXT)] == [PAGE, NEXT]
    assert (len((await sight.look(1)).rows), (await sight.look(1)).complete_as_of) == (199, None)


async def test_a_renewal_that_was_cut_short_goes_on(
    still: Sandbox, sight: ListCacheProbe, calls: RecordingClient
) -> None:
    make_many(still)
    await sight.look()
    seen = sight.now
    sight.asked()

    def no_second_page(_: str, sent: dict[str, Any]) -> None:
        if "NextToken" in sent:
            raise UnavailableError("No.", operation="ListModels")

    calls.before = no_second_page
    still.advance(160)
    await sight.look()
    await single_flight_done(sight.inventory.single_flight)
    assert sight.asked() == [after(seen - timedelta(minutes=2)), PAGE, NEXT]
    assert sight.roll.rows().complete_as_of == seen
    calls.before = None
    still.advance(6)
    await sight.look()
    await single_flight_done(sight.inventory.single_flight)
    assert sight.asked() == [after(seen + timedelta(seconds=160) - timedelta(minutes=2)), NEXT]
    assert (await sight.look()).complete_as_of == seen + timedelta(seconds=160)


async def test_one_that_is_older_than_the_ground_by_then_is_given_up(
    still: Sandbox, sight: ListCacheProbe, calls: RecordingClient
) -> None:
    make_many(still)
    await sight.look()

    def no_second_page(_: str, sent: dict[str, Any]) -> None:
        if "NextToken" in sent:
            raise UnavailableError("No.", operation="ListModels")

    calls.before = no_second_page
    still.advance(160)
    await sight.look()
    await single_flight_done(sight.inventory.single_flight)
    calls.before = None
    still.advance(150)
    await sight.look()
    seen = sight.now
    sight.asked()
    still.advance(160)
    await sight.look()
    await single_flight_done(sight.inventory.single_flight)
    assert sight.asked() == [after(seen - timedelta(minutes=2)), PAGE, NEXT]
