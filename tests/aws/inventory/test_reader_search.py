"""Readers search where that saves calls, believe what a list bears out, and describe where Search does not answer."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf
from tests.aws.inventory.list_cache_probe import MANY
from tests.aws.sandbox_account import NOON, arn, collected_stats, make, make_config, make_models, reader_of


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
    scan = await reader_of(inventory_of(search=True)).scan(Kind.MODEL)
    assert counted(still) == asked
    assert [resource.name for resource in scan.resources] == MANY[:count][::-1]
    assert all(resource.detail is not None for resource in scan.resources)


async def test_with_search_off_each_is_described_and_the_answer_is_the_same(
    still: Sandbox, inventory_of: InventoryOf
) -> None:
    make_models(still, *MANY[:20], team="risk")
    with_it = await reader_of(inventory_of(search=True)).scan(Kind.MODEL)
    assert counted(still) == {"ListModels": 1, "Search": 1}
    without = await reader_of(inventory_of()).scan(Kind.MODEL)
    assert counted(still) == {"DescribeModel": 20, "ListModels": 2, "Search": 1}
    assert without == with_it


Trouble = Callable[[Sandbox], None]


TROUBLES: list[Trouble] = [
    lambda still: still.faults.refuse("Search"),
    lambda still: still.faults.throttle("Search"),
    lambda still: still.faults.fail("Search"),
    lambda still: still.faults.fail("Search", status=400, code="ValidationException", message="no such property"),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=["refused", "throttled", "down", "faulted"])
async def test_where_search_does_not_answer_each_is_described(
    still: Sandbox, inventory_of: InventoryOf, trouble: Trouble
) -> None:
    make_models(still, *MANY[:20])
    trouble(still)
    scan = await reader_of(inventory_of(search=True)).scan(Kind.MODEL)
    assert len(scan.resources) == 20
    assert counted(still, "DescribeModel", "ListModels") == {"DescribeModel": 20, "ListModels": 1}


async def test_the_last_known_is_given_where_search_is_down_with_everything_else(
    still: Sandbox, inventory_of: InventoryOf
) -> None:
    make_models(still, *MANY[:20])
    inventory = inventory_of(search=True)
    first = await reader_of(inventory).scan(Kind.MODEL)
    still.faults.fail("*")
    still.advance(310)
    with collected_stats() as stats:
        assert (await reader_of(inventory).scan(Kind.MODEL)).resources == first.resources
    assert stats.stale


async def test_what_is_known_is_not_searched_again(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, *MANY[:20])
    inventory = inventory_of(search=True)
    await reader_of(inventory).scan(Kind.MODEL)
    still.advance(6)
    await reader_of(inventory).scan(Kind.MODEL)
    assert counted(still) == {"ListModels": 2, "Search": 1}
    make_models(still, *MANY[20:23])
    still.advance(6)
    await reader_of(inventory).scan(Kind.MODEL)
    assert counted(still) == {"DescribeModel": 3, "ListModels": 3, "Search": 1}


async def test_a_record_that_the_list_does_not_bear_out_is_not_believed(
    still: Sandbox, inventory_of: InventoryOf
) -> None:
    """Search is ten minutes behind: of what was deleted, made anew and made since, only the list knows."""
    still.timeline.durations = _behind(still, 600)
    make_models(still, *MANY[:20])
    still.advance(900)
    make(still, "DeleteModel", ModelName="m003")
    make(still, "DeleteModel", ModelName="m004")
    make_models(still, "m004", "new")
    scan = await reader_of(inventory_of(search=True)).scan(Kind.MODEL)
    assert [resource.name for resource in scan.resources[:2]] == ["new", "m004"]
    assert "m003" not in [resource.name for resource in scan.resources]
    # The new one and the one made anew were described, the eighteen others came by the search.
    assert counted(still) == {"DescribeModel": 2, "ListModels": 1, "Search": 1}
    assert scan.resources[1].creation_time == NOON + timedelta(seconds=920)


def _behind(still: Sandbox, seconds: float) -> Any:
    return type(still.timeline.durations)(search_delay=seconds)


async def test_runtimes_that_are_not_settled_are_described(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, "scorer")
    make_config(still, "c", "scorer")
    for number in range(10):
        make(still, "CreateEndpoint", EndpointName=f"e{number}", EndpointConfigName="c")
    still.advance(300)
    make(still, "CreateEndpoint", EndpointName="coming", EndpointConfigName="c")
    scan = await reader_of(inventory_of(search=True)).scan(Kind.RUNTIME)
    assert counted(still) == {"DescribeEndpoint": 1, "ListEndpoints": 1, "Search": 1}
    assert [call.resource for call in still.calls.recent("DescribeEndpoint")] == ["coming"]
    assert {resource.name: resource.raw_status for resource in scan.resources if isinstance(resource, Runtime)} == {
        "coming": "Creating",
        **{f"e{number}": "InService" for number in range(10)},
    }


async def test_tags_come_with_a_search(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, *MANY[:10], team="risk")
    inventory = inventory_of(search=True)
    await reader_of(inventory).scan(Kind.MODEL)
    tags = await reader_of(inventory).tags([arn("model", name) for name in MANY[:10]])
    assert all(tag is not None and not isinstance(tag, Exception) for tag in tags.values())
    assert counted(still) == {"ListModels": 1, "Search": 1}


async def test_snapshots_and_transform_jobs_have_no_search(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, "scorer")
    for number in range(10):
        make_config(still, f"c{number}", "scorer")
    await reader_of(inventory_of(search=True)).scan(Kind.SNAPSHOT)
    assert counted(still) == {"DescribeEndpointConfig": 10, "ListEndpointConfigs": 1}


async def test_a_search_is_made_once_for_all(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_models(still, *MANY[:20])
    inventory = inventory_of(search=True)
    scans = await asyncio.gather(*(reader_of(inventory).scan(Kind.MODEL) for _ in range(5)))
    assert counted(still) == {"ListModels": 1, "Search": 1}
    assert all(isinstance(resource, Model) for scan in scans for resource in scan.resources)
