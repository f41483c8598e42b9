"""aws.inventory.list_views: what one request sees of a list does not shift, and is read no further than is needed."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from aws.inventory import list_views, row_store
from aws.inventory.inventory import Inventory
from aws.inventory.listings import EVERYTHING as EVERYTHING_QUERY
from aws.inventory.listings import ListQuery, creation_key
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf
from tests.aws.inventory.describe_cache_harness import model
from tests.aws.inventory.list_cache_probe import EVERYTHING, NEWEST_FIRST, make_many
from tests.aws.sandbox_account import NOON, ScriptedClient, arn, collected_stats, make_models, reader_of


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
    with collected_stats() as stats:
        await reader_of(inventory).listing(Kind.MODEL).ensure(1)
    assert (stats.as_of, dict(stats.calls)) == (NOON + timedelta(seconds=1), {})


def page(*rows: tuple[str, int], token: str | None = None) -> dict[str, Any]:
    """A page of models, made so many seconds before noon."""
    listed = [
        {"ModelName": name, "ModelArn": arn("model", name), "CreationTime": NOON - timedelta(seconds=second)}
        for name, second in rows
    ]
    return {"Models": listed, **({"NextToken": token} if token else {})}


OUT_OF_ORDER = (
    page(("b", 1), ("c", 2), ("d", 3), token="1"),
    page(("e", 4), ("a", 0), token="2"),
    page(("g", 6), ("f", 5)),
)


@pytest.mark.parametrize("query", [EVERYTHING_QUERY, ListQuery(created_before=NOON + timedelta(hours=1))])
async def test_a_view_of_a_list_out_of_order_loses_no_row(inventory_of: InventoryOf, query: ListQuery) -> None:
    """What it has seen keeps its place; the next request has everything in order."""
    calls = ScriptedClient(*OUT_OF_ORDER)
    inventory = inventory_of(calls)
    view = reader_of(inventory).listing(Kind.MODEL, query)
    await view.ensure(1)
    assert (names(view), view.complete_as_of) == (["b", "c"], None)
    await view.ensure(EVERYTHING)
    assert names(view)[:2] == ["b", "c"]
    assert sorted(names(view)) == list("abcdefg")
    assert view.complete_as_of is not None
    later = reader_of(inventory).listing(Kind.MODEL, query)
    await later.ensure(EVERYTHING)
    assert names(later) == list("abcdefg")
    assert len(calls.asked) == 3


async def test_nor_one_that_is_younger_than_the_request(inventory_of: InventoryOf) -> None:
    """AWS's clock may be ahead: a row of its future that comes late was there before all the same."""
    century = -(10**10) // 3
    pages = page(("b", 1), ("c", 2), token="1"), page(("d", 3), ("a", century))
    view = reader_of(inventory_of(ScriptedClient(*pages))).listing(Kind.MODEL)
    await view.ensure(1)
    await view.ensure(EVERYTHING)
    assert sorted(names(view)) == list("abcd")
    assert view.complete_as_of is not None


async def test_a_first_page_out_of_order_is_shown_in_order_at_once(inventory_of: InventoryOf) -> None:
    view = reader_of(inventory_of(ScriptedClient(page(("c", 2), ("a", 0), token="1"), page(("b", 1))))).listing(
        Kind.MODEL
    )
    await view.ensure(1)
    assert (names(view), view.complete_as_of is not None) == (["a", "b", "c"], True)


async def test_oldest_first_of_a_list_out_of_order(inventory_of: InventoryOf) -> None:
    inventory = inventory_of(ScriptedClient(*OUT_OF_ORDER))
    await reader_of(inventory).listing(Kind.MODEL).ensure(EVERYTHING)
    view = reader_of(inventory).listing(Kind.MODEL, ListQuery(ascending=True))
    await view.ensure(1)
    assert names(view) == list("gfedcba")


async def test_reading_on_costs_what_is_new(inventory_of: InventoryOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten times as many pages, ten times as many rows are compared, and not a hundred times as many."""
    compared = [0]

    def counted(resource: AnyResource) -> tuple[datetime, str]:
        compared[0] += 1
        return creation_key(resource)

    for module in (list_views, row_store):
        monkeypatch.setattr(module, "creation_key", counted)
    costs = []
    for count in (10, 100):
        pages = [page((f"m{n:04}", n), (f"n{n:04}", n), token=str(n + 1)) for n in range(count)]
        inventory = inventory_of(ScriptedClient(*pages, page()))
        now = inventory.config.now()
        inventory.record_write(model("written", creation_time=now, as_of=now))
        compared[0] = 0
        view = reader_of(inventory).listing(Kind.MODEL)
        while view.complete_as_of is None:
            await view.ensure(len(view.rows) + 1)
        assert len(view.rows) == 2 * count + 1
        costs.append(compared[0])
    assert costs[1] < 20 * costs[0]
