"""A list is laid again before what was deleted is shown for too long: in the background, where there is time."""

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


async def test_a_large_list_shows_deletions_when_it_is_read_again(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look()
    make(still, "DeleteModel", ModelName="m050")
    still.advance(140)
    assert await probe.names() == NEWEST_FIRST
    still.advance(161)
    assert await probe.names() == [name for name in NEWEST_FIRST if name != "m050"]


async def test_half_way_to_the_deletion_age_it_is_laid_again_behind(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look()
    seen = probe.now
    make(still, "DeleteModel", ModelName="m050")
    still.advance(150)
    assert len(await probe.names()) == 150
    await single_flight_done(probe.inventory.single_flight)
    probe.asked()
    still.advance(6)
    # The answer does not wait: it costs one call, and the two pages are nobody's.
    assert len(await probe.names()) == 150
    assert dict(probe.call_stats.calls) == {"ListModels": 1}
    await single_flight_done(probe.inventory.single_flight)
    assert probe.asked() == [after(seen + timedelta(seconds=150) - timedelta(minutes=2)), PAGE, NEXT]
    rows = await probe.look()
    assert (len(rows.rows), rows.complete_as_of) == (149, seen + timedelta(seconds=156))
    assert probe.asked() == []


async def test_what_came_while_it_was_laid_again_stays(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look()
    still.advance(160)
    hold = still.faults.block("ListModels", times=2)
    looking = asyncio.ensure_future(probe.look())
    assert await asyncio.to_thread(hold.wait_for_requests)
    hold.release()
    await looking
    hold = still.faults.block("ListModels", times=1)
    await settle()
    # The new ground is being laid; meanwhile something is made, and found by asking for what is newer.
    make_models(still, "new")
    still.advance(6)
    assert (await probe.names())[0] == "new"
    hold.release()
    await single_flight_done(probe.inventory.single_flight)
    assert (await probe.names())[:2] == ["new", "m149"]


async def test_after_the_deletion_age_it_is_laid_again_before_the_answer(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look()
    make(still, "DeleteModel", ModelName="m050")
    probe.asked()
    still.advance(300.5)
    rows = await probe.look()
    assert probe.asked() == [PAGE, NEXT]
    assert dict(probe.call_stats.calls) == {"ListModels": 2}
    assert (len(rows.rows), rows.complete_as_of) == (149, probe.now)


async def test_it_is_laid_again_only_as_far_as_is_asked(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look()
    probe.asked()
    still.advance(301)
    rows = await probe.look(10)
    assert probe.asked() == [PAGE]
    assert (len(rows.rows), rows.complete_as_of) == (99, None)


async def test_behind_it_is_laid_as_far_as_it_goes(still: Sandbox, probe: ListCacheProbe) -> None:
    """Of a list of which nobody has wanted more than a page, no more is read."""
    make_models(still, *MANY, *(f"n{number:03}" for number in range(150)))
    await probe.look(1)
    await probe.look(120)
    assert probe.asked() == [PAGE, NEXT]
    still.advance(160)
    rows = await probe.look(1)
    await single_flight_done(probe.inventory.single_flight)
    assert len(rows.rows) == 199
    assert [asked for asked in probe.asked() if asked in (PAGE, NEXT)] == [PAGE, NEXT]
    assert (len((await probe.look(1)).rows), (await probe.look(1)).complete_as_of) == (199, None)


async def test_a_renewal_that_was_cut_short_goes_on(
    still: Sandbox, probe: ListCacheProbe, calls: RecordingClient
) -> None:
    make_many(still)
    await probe.look()
    seen = probe.now
    probe.asked()

    def no_second_page(_: str, sent: dict[str, Any]) -> None:
        if "NextToken" in sent:
            raise UnavailableError("No.", operation="ListModels")

    calls.before = no_second_page
    still.advance(160)
    await probe.look()
    await single_flight_done(probe.inventory.single_flight)
    assert probe.asked() == [after(seen - timedelta(minutes=2)), PAGE, NEXT]
    assert probe.list_cache.rows().complete_as_of == seen
    calls.before = None
    still.advance(6)
    await probe.look()
    await single_flight_done(probe.inventory.single_flight)
    assert probe.asked() == [after(seen + timedelta(seconds=160) - timedelta(minutes=2)), NEXT]
    assert (await probe.look()).complete_as_of == seen + timedelta(seconds=160)


async def test_one_that_is_older_than_the_ground_by_then_is_given_up(
    still: Sandbox, probe: ListCacheProbe, calls: RecordingClient
) -> None:
    make_many(still)
    await probe.look()

    def no_second_page(_: str, sent: dict[str, Any]) -> None:
        if "NextToken" in sent:
            raise UnavailableError("No.", operation="ListModels")

    calls.before = no_second_page
    still.advance(160)
    await probe.look()
    await single_flight_done(probe.inventory.single_flight)
    calls.before = None
    still.advance(150)
    await probe.look()
    seen = probe.now
    probe.asked()
    still.advance(160)
    await probe.look()
    await single_flight_done(probe.inventory.single_flight)
    assert probe.asked() == [after(seen - timedelta(minutes=2)), PAGE, NEXT]
