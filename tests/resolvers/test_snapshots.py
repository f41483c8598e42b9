"""resolvers.snapshots: the runtimes that run each of many snapshots now, and how many nobody can tell of."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from aws.kinds import Kind
from aws.resources import Snapshot
from resolvers.connections import Connection, PageArguments
from resolvers.errors import BadInputError
from resolvers.request import LiveView
from resolvers.snapshots import runtimes_of_snapshots
from tests.asking import RISK
from tests.making import building
from tests.resolvers.desks import MutationHarness

PAGE = PageArguments(10, None)


@pytest.fixture
async def view(desk: MutationHarness) -> AsyncIterator[LiveView]:
    """Risk's SageMaker, with a runtime that was moved from one snapshot to another, and one that was not."""
    with building(desk.sandbox) as things:
        things.model("churn")
        for name in ("one", "two", "idle"):
            things.snapshot(name, "churn")
        things.runtime("stays", "one")
        things.runtime("moved", "one")
        things.runtime("hidden", "two")
    desk.sandbox.call("UpdateEndpoint", RISK.account, RISK.region, EndpointName="moved", EndpointConfigName="two")
    desk.sandbox.advance(600)
    async with desk.request("ann", "risk") as request:
        yield await request.view()


async def found(view: LiveView, *names: str, page: PageArguments = PAGE) -> list[Any]:
    """The page of runtimes of each of these snapshots."""
    described = await view.inventory.describe(Kind.SNAPSHOT, names)
    return list(
        await runtimes_of_snapshots(
            view, [each for name in names if isinstance(each := described[name], Snapshot)], page
        )
    )


def read(page: Connection[Any]) -> tuple[list[str], int | None, int]:
    """The names on a page, how many there are in all, and of how many more nobody can tell."""
    return [node.name for node in page.nodes], page.total_count, page.unreadable_count


async def test_a_runtime_is_its_present_snapshots(view: LiveView, desk: MutationHarness) -> None:
    desk.take_aws_calls()
    pages = await found(view, "idle", "two", "one")
    assert [read(page) for page in pages] == [([], 0, 0), (["hidden", "moved"], 2, 0), (["stays"], 1, 0)]
    asked = desk.take_aws_calls()
    assert (asked["ListEndpoints"], asked["DescribeEndpoint"]) == (1, 3)


async def test_one_that_may_not_be_read_may_be_any_snapshots(view: LiveView, desk: MutationHarness) -> None:
    desk.sandbox.faults.refuse("DescribeEndpoint", name="hidden")
    pages = await found(view, "idle", "two")
    assert [read(page) for page in pages] == [([], 0, 1), (["moved"], 1, 1)]


async def test_a_cursor_is_good_for_its_snapshot_alone(view: LiveView) -> None:
    (first,) = await found(view, "two", page=PageArguments(1, None))
    assert (first.page_info.has_next_page, read(first)) == (True, (["hidden"], 2, 0))
    rest, other = await found(view, "two", "one", page=PageArguments(1, first.page_info.end_cursor))
    assert (rest.page_info.has_next_page, read(rest)) == (False, (["moved"], 2, 0))
    assert isinstance(other, BadInputError)
