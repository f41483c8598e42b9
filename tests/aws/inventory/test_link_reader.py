"""aws.inventory.link_reader: what a page of links costs, and how far it looks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from aws.client.errors import AccessDeniedError, ThrottledError
from aws.inventory.inventory import Inventory
from aws.inventory.link_index import link_fact
from aws.inventory.link_queries import Coverage, LinkedQuery, LinkedRows, LinkQuery
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.kind import DEFAULT_JOB_KINDS, Kind
from sandbox.server import Sandbox
from tests.aws.inventory.conftest import InventoryOf
from tests.aws.sandbox_account import (
    NOON,
    ScriptedClient,
    make_models,
    make_training_job,
    make_transform_job,
    reader_of,
    sandbox_now,
)

TRANSFORM = (Kind.TRANSFORM_JOB,)
MODELS = 20


def of_model(name: str, count: int, **more: Any) -> LinkQuery:
    return LinkQuery((Link(LinkType.MODEL_NAME, name),), count, **more)


def make_jobs(still: Sandbox, count: int) -> None:
    """Jobs of twenty models in turn, a second apart, all ended: each model has one in twenty."""
    make_models(still, *(f"m{number:02}" for number in range(MODELS)))
    for number in range(count):
        make_transform_job(still, f"x{number:05}", f"m{number % MODELS:02}")
        still.clock.advance(1)
    still.advance(3600)
    still.calls.clear()


async def read(inventory: Inventory, *pages: LinkQuery, kinds: tuple[Kind, ...] = TRANSFORM, **more: Any) -> LinkedRows:
    return await reader_of(inventory).linked(LinkedQuery(kinds, pages, **more))


def names(linked: LinkedRows) -> list[list[str]]:
    return [[row.name for row in page] for page in linked.pages]


def newest(model: int, count: int, of: int, start: int = 0) -> list[str]:
    """The names of a model's newest jobs among so many."""
    return [f"x{number:05}" for number in range(of - 1, -1, -1) if number % MODELS == model][start : start + count]


async def test_a_page_of_a_model_in_a_large_account_costs_what_it_looks_at(
    still: Sandbox, inventory_of: InventoryOf
) -> None:
    """Ten jobs and a look at the next, one in twenty of them the model's: it is the same in twelve thousand."""
    make_jobs(still, 2_000)
    inventory = inventory_of()
    linked = await read(inventory, of_model("m07", 11), kinds=DEFAULT_JOB_KINDS)
    assert names(linked) == [newest(7, 11, 2_000)]
    assert still.calls.by_operation() == {
        "ListTrainingJobs": 1,
        "ListTransformJobs": 3,
        "DescribeTransformJob": 231,
    }
    still.calls.clear()
    # What is known costs nothing inside the window, a look at each list after it, and the same after the authority age.
    for seconds, lists in ((4, 0), (6, 1), (901, 3)):
        still.advance(seconds)
        assert names(await read(inventory, of_model("m07", 11), kinds=DEFAULT_JOB_KINDS)) == [newest(7, 11, 2_000)]
        assert (still.calls.count("ListTransformJobs"), still.calls.count("DescribeTransformJob")) == (lists, 0)
        still.calls.clear()
    # Another model's newest are among the rows that were looked at.
    assert names(await read(inventory, of_model("m03", 11), kinds=DEFAULT_JOB_KINDS)) == [newest(3, 11, 2_000)]
    assert still.calls.by_operation() == {}


async def test_pages_follow_each_other(still: Sandbox, inventory: Inventory) -> None:
    make_jobs(still, 150)
    first = (await read(inventory, of_model("m01", 3))).pages[0]
    assert [row.name for row in first] == newest(1, 3, 150)
    after = (first[-1].creation_time, first[-1].name, Kind.TRANSFORM_JOB.value)
    assert names(await read(inventory, of_model("m01", 3, after=after))) == [newest(1, 3, 150, 3)]
    assert names(await read(inventory, of_model("m01", 9, after=after))) == [newest(1, 9, 150, 3)]


async def test_a_page_that_never_fills_reads_everything_once(still: Sandbox, inventory: Inventory) -> None:
    make_jobs(still, 150)
    linked = await read(inventory, of_model("m01", 9), of_model("none", 1))
    assert names(linked) == [newest(1, 9, 150), []]
    assert linked.coverage == Coverage(linked.coverage.complete_as_of, None, 0)
    assert linked.coverage.complete_as_of is not None
    assert still.calls.by_operation() == {"ListTransformJobs": 2, "DescribeTransformJob": 150}
    await read(inventory, of_model("m02", 100), whole=True)
    assert still.calls.by_operation() == {"ListTransformJobs": 2, "DescribeTransformJob": 150}


async def test_the_whole_is_read_if_that_is_wanted(still: Sandbox, inventory: Inventory) -> None:
    make_jobs(still, 150)
    linked = await read(inventory, of_model("m01", 1), whole=True)
    assert (names(linked), linked.coverage.complete_as_of) == ([newest(1, 1, 150)], sandbox_now(still))
    assert still.calls.by_operation() == {"ListTransformJobs": 2, "DescribeTransformJob": 150}


async def test_no_further_is_looked_than_the_bound(still: Sandbox, inventory_of: InventoryOf) -> None:
    make_jobs(still, 150)
    inventory = inventory_of(scan_bound=40)
    for whole in (False, True):
        linked = await read(inventory, of_model("m09", 10), whole=whole)
        assert names(linked) == [newest(9, 2, 150)]
        oldest = inventory.lists[Kind.TRANSFORM_JOB].rows().rows[39]
        assert linked.coverage == Coverage(None, oldest.creation_time, 0)
    assert still.calls.by_operation() == {"ListTransformJobs": 1, "DescribeTransformJob": 40}


async def test_two_kinds_are_looked_through_side_by_side(still: Sandbox, inventory: Inventory) -> None:
    """A training job that is older than a full page is not described."""
    make_training_job(still, "old")
    still.advance(3600)
    make_jobs(still, 120)
    make_training_job(still, "new")
    still.advance(3600)
    still.calls.clear()
    linked = await read(inventory, of_model("m09", 1), kinds=DEFAULT_JOB_KINDS)
    assert (names(linked), linked.coverage.complete_as_of) == ([["x00109"]], None)
    assert still.calls.by_operation() == {
        "ListTrainingJobs": 1,
        "ListTransformJobs": 1,
        "DescribeTrainingJob": 1,
        "DescribeTransformJob": 99,
    }


async def test_rows_that_may_not_be_described_are_counted_and_asked_for_again(
    still: Sandbox, inventory: Inventory
) -> None:
    make_jobs(still, 30)
    still.faults.refuse("DescribeTransformJob", name="x00029")
    linked = await read(inventory, of_model("m09", 2), whole=True)
    assert (names(linked), linked.coverage.refused) == ([["x00009"]], 1)
    assert linked.coverage.complete_as_of is not None
    still.calls.clear()
    still.advance(299)
    await read(inventory, of_model("m09", 2), whole=True)
    assert still.calls.count("DescribeTransformJob") == 0
    # A refusal is believed for the deletion age.
    still.faults.clear()
    still.advance(2)
    linked = await read(inventory, of_model("m09", 2))
    assert (names(linked), linked.coverage.refused) == ([["x00029", "x00009"]], 0)
    assert still.calls.count("DescribeTransformJob") == 1


async def test_a_failure_that_may_heal_is_told(still: Sandbox, inventory: Inventory) -> None:
    make_jobs(still, 30)
    still.faults.throttle("DescribeTransformJob", name="x00003")
    for whole in (False, True):
        with pytest.raises(ThrottledError):
            await read(inventory, of_model("m09", 2), whole=whole)
    still.faults.clear()
    still.advance(1)
    assert names(await read(inventory, of_model("m09", 2))) == [["x00029", "x00009"]]


async def test_a_refused_list_drops_every_link(still: Sandbox, inventory: Inventory) -> None:
    make_jobs(still, 30)
    await read(inventory, of_model("m09", 2))
    still.faults.refuse("ListTransformJobs")
    still.advance(6)
    with pytest.raises(AccessDeniedError):
        await read(inventory, of_model("m09", 2))
    assert len(inventory.links[Kind.TRANSFORM_JOB]) == 0
    assert inventory.links[Kind.TRANSFORM_JOB].current().places(Link(LinkType.MODEL_NAME, "m09")) == ()


def page(*numbers: int, token: str | None = None) -> dict[str, Any]:
    rows = [
        {
            "TransformJobName": f"x{number}",
            "TransformJobArn": f"arn:aws:sagemaker:eu-west-1:123456789012:transform-job/x{number}",
            "CreationTime": NOON - timedelta(days=1, seconds=number),
            "TransformJobStatus": "Completed",
        }
        for number in numbers
    ]
    return {"TransformJobSummaries": rows, **({"NextToken": token} if token else {})}


class _Described(ScriptedClient):
    """Pages as prepared, and an error once there are no more; every job is one of the same model."""

    def prepare(self, *answers: Any) -> None:
        self._answers += answers

    async def call(self, operation: str, **parameters: Any) -> Any:
        if operation == "DescribeTransformJob":
            (row,) = page(int(parameters["TransformJobName"][1:]))["TransformJobSummaries"]
            return row | {"ModelName": "m"}
        return await super().call(operation, **parameters)


async def test_a_list_out_of_order_is_read_whole_first(inventory_of: InventoryOf) -> None:
    """The row that belongs in front is on the last page."""
    calls = _Described(page(1, 2, token="1"), page(4, 3, token="2"), page(0))
    inventory = inventory_of(calls)
    assert names(await read(inventory, of_model("m", 3))) == [["x0", "x1", "x2"]]
    assert len(calls.asked) == 3


async def test_a_list_out_of_order_that_was_cut_short_is_read_on(still: Sandbox, inventory_of: InventoryOf) -> None:
    """Its first rows would fill the page, and are not the newest."""
    calls = _Described(page(1, 2, token="1"), page(4, 3, token="2"))
    inventory = inventory_of(calls)
    with pytest.raises(IndexError):
        await read(inventory, of_model("m", 3))
    calls.prepare(page(0))
    still.advance(1)
    assert names(await read(inventory, of_model("m", 1))) == [["x0"]]


async def test_links_of_an_earlier_process_are_read_by(still: Sandbox, inventory_of: InventoryOf) -> None:
    """What is not hydrated is described; what is known to a description here is newer."""
    make_jobs(still, 60)
    learnt: list[Any] = []
    before = inventory_of(on_described=learnt.append)
    await read(before, whole=True)
    assert len(learnt) == 60
    still.calls.clear()
    after = inventory_of()
    after.hydrate(Kind.TRANSFORM_JOB, [link_fact(job, job.as_of) for job in learnt if job.name != "x00030"])
    linked = await read(after, of_model("m10", 5))
    assert names(linked) == [newest(10, 3, 60)]
    assert still.calls.by_operation() == {"ListTransformJobs": 1, "DescribeTransformJob": 1}


async def test_only_what_was_described_in_time_is_authoritative(still: Sandbox, inventory: Inventory) -> None:
    make_jobs(still, 30)
    rows: Sequence[Any] = (await read(inventory, of_model("m09", 2))).pages[0]
    assert reader_of(inventory).are_authoritative(rows)
    still.advance(901)
    reader = reader_of(inventory)
    assert not reader.are_authoritative(rows)
    await reader.describe_rows(rows)
    assert reader.are_authoritative(rows)
    # A refusal of what was readable says that permissions have changed: the others have to be described again.
    still.advance(901)
    await reader_of(inventory).describe_rows(rows[:1])
    still.faults.refuse("DescribeTransformJob", name=rows[1].name)
    still.advance(1)
    await reader_of(inventory).describe_rows(rows[1:])
    assert not reader_of(inventory).are_authoritative(rows[:1])


async def test_folders_are_indexed_once_they_are_asked_about(still: Sandbox, inventory: Inventory) -> None:
    """Jobs that were known before, and those that are learnt of later."""
    make_training_job(still, "one", "a/b")
    make_training_job(still, "other", "a/c")
    still.advance(3600)
    kinds, index = (Kind.TRAINING_JOB,), inventory.links[Kind.TRAINING_JOB]
    await read(inventory, kinds=kinds, whole=True)
    assert {link.type for link in index.current().links} == {LinkType.ARTIFACT}
    folder = LinkQuery((Link(LinkType.FOLDER, "s3://a/b/"),), 5)
    assert names(await read(inventory, folder, kinds=kinds)) == [["one"]]
    make_training_job(still, "two", "a/b")
    still.advance(3600)
    assert names(await read(inventory, folder, kinds=kinds)) == [["two", "one"]]
    assert names(await read(inventory, LinkQuery((Link(LinkType.FOLDER, "s3://a/"),), 5), kinds=kinds)) == [
        ["two", "other", "one"]
    ]
