"""Rolls: read only as far as is asked, and kept up to date by asking for what is newer."""

import asyncio
from datetime import timedelta

import pytest

from aws.inventory.horizon import Horizon
from aws.inventory.inventory import Inventory
from aws.inventory.listings import PAGE_SIZE
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import (
    EVERYTHING,
    MANY,
    NEWEST_FIRST,
    NEXT,
    PAGE,
    ListCacheProbe,
    after,
    make_many,
)
from tests.aws.sandbox_account import RecordingClient, make, make_config, make_models, reader_of


async def test_only_the_first_page_is_read_where_that_is_enough(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    found = await sight.look(1)
    # The last row of a page is kept back until the next page has told that its moment is over.
    assert [row.name for row in found.rows] == NEWEST_FIRST[:99]
    assert (found.complete_as_of, found.as_of) == (None, sight.now)
    assert sight.asked() == [PAGE]


async def test_it_is_extended_only_as_far_as_is_asked(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await sight.look(99)
    assert sight.asked() == [PAGE]
    found = await sight.look(100)
    assert sight.asked() == [NEXT]
    assert [row.name for row in found.rows] == NEWEST_FIRST
    assert found.complete_as_of == sight.now
    await sight.look()
    assert sight.asked() == []


async def test_inside_the_fresh_age_nothing_is_asked(still: Sandbox, sight: ListCacheProbe) -> None:
    make_models(still, "a")
    await sight.look()
    sight.asked()
    make_models(still, "b")
    still.advance(4)
    assert await sight.names() == ["a"]
    assert sight.asked() == []
    still.advance(0.001)
    assert await sight.names() == ["b", "a"]
    assert sight.asked() == [PAGE]


@pytest.mark.parametrize(("max_age", "names"), [(2, ["a"]), (1, ["b", "a"]), (0, ["b", "a"])])
async def test_a_client_may_ask_for_newer(
    still: Sandbox, sight: ListCacheProbe, max_age: float, names: list[str]
) -> None:
    make_models(still, "a")
    await sight.look()
    make_models(still, "b")
    still.advance(0.5)
    assert await sight.names(max_age=max_age) == names


async def test_a_large_list_asks_only_for_newer_rows_with_two_minutes_of_overlap(
    still: Sandbox, sight: ListCacheProbe
) -> None:
    make_many(still)
    await sight.look()
    seen = sight.now
    sight.asked()
    make_models(still, "new")
    still.advance(10)
    found = await sight.look()
    assert [row.name for row in found.rows] == ["new", *NEWEST_FIRST]
    assert sight.asked() == [after(seen - timedelta(minutes=2))]
    # What is newer came later than the whole list.
    assert (found.complete_as_of, found.as_of) == (seen, sight.now)
    seen = sight.now
    still.advance(6)
    await sight.look()
    assert sight.asked() == [after(seen - timedelta(minutes=2))]


async def test_a_listing_that_was_late_is_caught_up_with_inside_the_overlap(
    still: Sandbox, sight: ListCacheProbe
) -> None:
    make_many(still)
    await sight.look()
    # Made a minute and a half before the roll was read, by its own clock, and not in it.
    now = sight.now
    still.clock.set(now - timedelta(seconds=90))
    make_models(still, "late")
    still.clock.set(now + timedelta(seconds=6))
    names = await sight.names()
    assert set(names) == {*MANY, "late"}
    assert len(names) == 151


async def test_a_small_list_is_read_whole_and_shows_deletions_too(still: Sandbox, sight: ListCacheProbe) -> None:
    make_models(still, *MANY[:100])
    await sight.look()
    make(still, "DeleteModel", ModelName="m050")
    sight.asked()
    still.advance(6)
    found = await sight.look()
    assert "m050" not in [row.name for row in found.rows]
    assert (len(found.rows), found.complete_as_of) == (99, sight.now)
    assert sight.asked() == [PAGE]


async def test_what_is_deleted_and_made_anew_is_the_new_one(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await sight.look()
    make(still, "DeleteModel", ModelName="m050")
    make_models(still, "m050")
    still.advance(6)
    assert await sight.names() == ["m050", *(name for name in NEWEST_FIRST if name != "m050")]


async def test_runtimes_are_always_read_whole(still: Sandbox, inventory: Inventory, calls: RecordingClient) -> None:
    """Any of them may have changed: only a whole list tells which."""
    make_models(still, "scorer")
    make_config(still, "config", "scorer")
    for name in MANY[:101]:
        make(still, "CreateEndpoint", EndpointName=name, EndpointConfigName="config")
    sight = ListCacheProbe(still, inventory, calls, Kind.RUNTIME)
    first = await sight.look()
    sight.asked()
    still.advance(250)
    second = await sight.look()
    assert sight.asked() == [("ListEndpoints", {}), ("ListEndpoints", {"NextToken": "…"})]
    assert {row.raw_status for row in first.rows} == {"Creating"}  # type: ignore[union-attr]  # they are runtimes
    assert {row.raw_status for row in second.rows} == {"InService"}  # type: ignore[union-attr]  # they are runtimes
    assert second.complete_as_of == sight.now


async def test_readers_of_a_list_share_its_calls(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await asyncio.gather(*(sight.roll.ensure(_now(sight), count) for count in (1, 100, EVERYTHING, 5)))
    assert sight.asked() == [PAGE, NEXT]
    still.advance(6)
    await asyncio.gather(*(sight.roll.ensure(_now(sight), count) for count in (1, 100, EVERYTHING, 5)))
    assert len(sight.asked()) == 1
    still.advance(301)
    await asyncio.gather(*(sight.roll.ensure(_now(sight), 1) for _ in range(4)))
    assert sight.asked() == [PAGE]


def _now(sight: ListCacheProbe) -> Horizon:
    return reader_of(sight.inventory).horizon


async def test_a_list_with_gaps_is_read_on_until_there_is_enough(still: Sandbox, sight: ListCacheProbe) -> None:
    """What was found to be gone makes up no count."""
    make_many(still)
    await sight.look(1)
    sight.inventory.record_delete(Kind.MODEL, "m100")
    found = await sight.look(99)
    assert sight.asked() == [PAGE, NEXT]
    assert [row.name for row in found.rows] == [name for name in NEWEST_FIRST if name != "m100"]


async def test_only_a_fresh_list_gives_a_row(still: Sandbox, sight: ListCacheProbe) -> None:
    make_models(still, "a")
    assert (sight.roll.row("a", _now(sight)), sight.roll.lacks("b", _now(sight))) == (None, False)
    await sight.look()
    row = sight.roll.row("a", _now(sight))
    assert row is not None
    assert row.name == "a"
    assert sight.roll.row("b", _now(sight)) is None
    assert (sight.roll.lacks("a", _now(sight)), sight.roll.lacks("b", _now(sight))) == (False, True)
    still.advance(5.5)
    assert (sight.roll.row("a", _now(sight)), sight.roll.lacks("b", _now(sight))) == (None, False)


async def test_a_part_of_a_list_lacks_nothing(still: Sandbox, sight: ListCacheProbe) -> None:
    make_many(still)
    await sight.look(1)
    assert not sight.roll.lacks("m000", _now(sight))
    assert not sight.roll.is_whole(_now(sight))
    await sight.look()
    assert sight.roll.is_whole(_now(sight))
    assert sight.roll.lacks("nothing", _now(sight))
    still.advance(301)
    assert not sight.roll.is_whole(_now(sight))


def test_a_page_is_a_hundred() -> None:
    assert PAGE_SIZE == 100 < len(MANY) < 200
