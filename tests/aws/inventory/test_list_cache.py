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


async def test_only_the_first_page_is_read_where_that_is_enough(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    rows = await probe.look(1)
    # The last row of a page is kept back until the next page has told that its moment is over.
    assert [row.name for row in rows.rows] == NEWEST_FIRST[:99]
    assert (rows.complete_as_of, rows.as_of) == (None, probe.now)
    assert probe.asked() == [PAGE]


async def test_it_is_extended_only_as_far_as_is_asked(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look(99)
    assert probe.asked() == [PAGE]
    rows = await probe.look(100)
    assert probe.asked() == [NEXT]
    assert [row.name for row in rows.rows] == NEWEST_FIRST
    assert rows.complete_as_of == probe.now
    await probe.look()
    assert probe.asked() == []


async def test_inside_the_fresh_age_nothing_is_asked(still: Sandbox, probe: ListCacheProbe) -> None:
    make_models(still, "a")
    await probe.look()
    probe.asked()
    make_models(still, "b")
    still.advance(4)
    assert await probe.names() == ["a"]
    assert probe.asked() == []
    still.advance(0.001)
    assert await probe.names() == ["b", "a"]
    assert probe.asked() == [PAGE]


@pytest.mark.parametrize(("max_age", "names"), [(2, ["a"]), (1, ["b", "a"]), (0, ["b", "a"])])
async def test_a_client_may_ask_for_newer(
    still: Sandbox, probe: ListCacheProbe, max_age: float, names: list[str]
) -> None:
    make_models(still, "a")
    await probe.look()
    make_models(still, "b")
    still.advance(0.5)
    assert await probe.names(max_age=max_age) == names


async def test_a_large_list_asks_only_for_newer_rows_with_two_minutes_of_overlap(
    still: Sandbox, probe: ListCacheProbe
) -> None:
    make_many(still)
    await probe.look()
    seen = probe.now
    probe.asked()
    make_models(still, "new")
    still.advance(10)
    rows = await probe.look()
    assert [row.name for row in rows.rows] == ["new", *NEWEST_FIRST]
    assert probe.asked() == [after(seen - timedelta(minutes=2))]
    # What is newer came later than the whole list.
    assert (rows.complete_as_of, rows.as_of) == (seen, probe.now)
    seen = probe.now
    still.advance(6)
    await probe.look()
    assert probe.asked() == [after(seen - timedelta(minutes=2))]


async def test_a_listing_that_was_late_is_caught_up_with_inside_the_overlap(
    still: Sandbox, probe: ListCacheProbe
) -> None:
    make_many(still)
    await probe.look()
    # Made a minute and a half before the list was read, by its own clock, and not in it.
    now = probe.now
    still.clock.set(now - timedelta(seconds=90))
    make_models(still, "late")
    still.clock.set(now + timedelta(seconds=6))
    names = await probe.names()
    assert set(names) == {*MANY, "late"}
    assert len(names) == 151


async def test_a_small_list_is_read_whole_and_shows_deletions_too(still: Sandbox, probe: ListCacheProbe) -> None:
    make_models(still, *MANY[:100])
    await probe.look()
    make(still, "DeleteModel", ModelName="m050")
    probe.asked()
    still.advance(6)
    rows = await probe.look()
    assert "m050" not in [row.name for row in rows.rows]
    assert (len(rows.rows), rows.complete_as_of) == (99, probe.now)
    assert probe.asked() == [PAGE]


async def test_what_is_deleted_and_made_anew_is_the_new_one(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look()
    make(still, "DeleteModel", ModelName="m050")
    make_models(still, "m050")
    still.advance(6)
    assert await probe.names() == ["m050", *(name for name in NEWEST_FIRST if name != "m050")]


async def test_runtimes_are_always_read_whole(still: Sandbox, inventory: Inventory, calls: RecordingClient) -> None:
    """Any of them may have changed: only a whole list tells which."""
    make_models(still, "scorer")
    make_config(still, "config", "scorer")
    for name in MANY[:101]:
        make(still, "CreateEndpoint", EndpointName=name, EndpointConfigName="config")
    probe = ListCacheProbe(still, inventory, calls, Kind.RUNTIME)
    first = await probe.look()
    probe.asked()
    still.advance(250)
    second = await probe.look()
    assert probe.asked() == [("ListEndpoints", {}), ("ListEndpoints", {"NextToken": "…"})]
    assert {row.raw_status for row in first.rows} == {"Creating"}  # type: ignore[union-attr]  # they are runtimes
    assert {row.raw_status for row in second.rows} == {"InService"}  # type: ignore[union-attr]  # they are runtimes
    assert second.complete_as_of == probe.now


async def test_readers_of_a_list_share_its_calls(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await asyncio.gather(*(probe.list_cache.ensure(_now(probe), count) for count in (1, 100, EVERYTHING, 5)))
    assert probe.asked() == [PAGE, NEXT]
    still.advance(6)
    await asyncio.gather(*(probe.list_cache.ensure(_now(probe), count) for count in (1, 100, EVERYTHING, 5)))
    assert len(probe.asked()) == 1
    still.advance(301)
    await asyncio.gather(*(probe.list_cache.ensure(_now(probe), 1) for _ in range(4)))
    assert probe.asked() == [PAGE]


def _now(probe: ListCacheProbe) -> Horizon:
    return reader_of(probe.inventory).horizon


async def test_a_list_with_gaps_is_read_on_until_there_is_enough(still: Sandbox, probe: ListCacheProbe) -> None:
    """What was found to be gone makes up no count."""
    make_many(still)
    await probe.look(1)
    probe.inventory.record_delete(Kind.MODEL, "m100")
    rows = await probe.look(99)
    assert probe.asked() == [PAGE, NEXT]
    assert [row.name for row in rows.rows] == [name for name in NEWEST_FIRST if name != "m100"]


async def test_only_a_fresh_list_gives_a_row(still: Sandbox, probe: ListCacheProbe) -> None:
    make_models(still, "a")
    assert (probe.list_cache.fresh_rows(_now(probe)).get("a"), probe.list_cache.lacks("b", _now(probe))) == (
        None,
        False,
    )
    await probe.look()
    row = probe.list_cache.fresh_rows(_now(probe)).get("a")
    assert row is not None
    assert row.name == "a"
    assert probe.list_cache.fresh_rows(_now(probe)).get("b") is None
    assert (probe.list_cache.lacks("a", _now(probe)), probe.list_cache.lacks("b", _now(probe))) == (False, True)
    still.advance(5.5)
    assert (probe.list_cache.fresh_rows(_now(probe)).get("a"), probe.list_cache.lacks("b", _now(probe))) == (
        None,
        False,
    )


async def test_a_part_of_a_list_lacks_nothing(still: Sandbox, probe: ListCacheProbe) -> None:
    make_many(still)
    await probe.look(1)
    assert not probe.list_cache.lacks("m000", _now(probe))
    assert not probe.list_cache.is_whole(_now(probe))
    await probe.look()
    assert probe.list_cache.is_whole(_now(probe))
    assert probe.list_cache.lacks("nothing", _now(probe))
    still.advance(301)
    assert not probe.list_cache.is_whole(_now(probe))


def test_a_page_is_a_hundred() -> None:
    assert PAGE_SIZE == 100 < len(MANY) < 200
