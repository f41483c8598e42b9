"""aws.inventory.list_views: what one request sees of a list does not shift, and is read no further than is needed."""

import asyncio
from datetime import timedelta
from typing import Any

from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import EVERYTHING, NEWEST_FIRST, make_many
from tests.aws.sandbox_account import NOON, collected_stats, make_models, reader_of


def names(view: Any) -> list[str]:
    return [row.name for row in view.rows]


async def test_rows_that_come_meanwhile_do_not_shift_those_that_were_seen(still: Sandbox, inventory: Inventory) -> None:
    make_many(still)
    view = reader_of(inventory).listing(Kind.MODEL)
    await view.ensure(1)
    assert (names(view), view.complete_as_of) == (NEWEST_FIRST[:99], None)
    make_models(still, "new")
    still.advance(6)
    # Another request has seen the new one; this one reads on where it was.
    other = reader_of(inventory).listing(Kind.MODEL)
    await other.ensure(1)
    assert names(other)[:2] == ["new", "m149"]
    await view.ensure(EVERYTHING)
    assert names(view) == NEWEST_FIRST
    assert view.complete_as_of is not None


async def test_rows_that_go_meanwhile_stay_with_who_has_seen_them(still: Sandbox, inventory: Inventory) -> None:
    make_many(still)
    view = reader_of(inventory).listing(Kind.MODEL)
    await view.ensure(1)
    inventory.record_delete(Kind.MODEL, "m120")
    inventory.record_delete(Kind.MODEL, "m010")
    await view.ensure(EVERYTHING)
    assert names(view) == [name for name in NEWEST_FIRST if name != "m010"]
    assert still.calls.by_operation() == {"ListModels": 2}


async def test_two_who_read_a_view_at_once_read_no_further_than_either_needs(
    still: Sandbox, inventory: Inventory
) -> None:
    make_many(still)
    view = reader_of(inventory).listing(Kind.MODEL)
    await asyncio.gather(*(view.ensure(count) for count in (1, 1, 50, 99)))
    assert len(names(view)) == 99
    assert still.calls.by_operation() == {"ListModels": 1}


async def test_what_a_view_rests_on_is_put_on_the_account(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "a")
    await reader_of(inventory).listing(Kind.MODEL).ensure(1)
    still.advance(4)
    with collected_stats() as tally:
        await reader_of(inventory).listing(Kind.MODEL).ensure(1)
    assert (tally.as_of, dict(tally.calls)) == (NOON + timedelta(seconds=1), {})
