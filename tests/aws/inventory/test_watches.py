"""aws.inventory.watches: one look for all who watch, word of each change, and no look at what stays as it is."""

import asyncio
from dataclasses import replace

import pytest

from aws.client.errors import AccessDeniedError
from aws.inventory.inventory import Inventory
from aws.inventory.watches import Known, Unknown, has_changed
from aws.kinds.kind import Kind
from aws.kinds.transform_jobs import TransformJob
from sandbox.server import Sandbox
from tests.aws.sandbox_account import make_models, make_transform_job, reader_of

JOB = Kind.TRANSFORM_JOB


class Watcher:
    """Counts what it is told of a job."""

    def __init__(self, inventory: Inventory, name: str, seen: Known) -> None:
        self.told = 0
        self.end = inventory.watches.add(JOB, name, seen, self._tell)

    def _tell(self) -> None:
        self.told += 1


async def described(inventory: Inventory, name: str) -> TransformJob:
    resource = (await reader_of(inventory).describe(JOB, [name]))[name]
    assert isinstance(resource, TransformJob)
    return resource


async def look(inventory: Inventory) -> None:
    await inventory.watches.look()
    await settle()


async def settle() -> None:
    """Let what was put off until the loop's next turn be done."""
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.fixture
async def job(still: Sandbox, inventory: Inventory) -> TransformJob:
    """A job that runs, described; no call is counted yet."""
    make_models(still, "m")
    make_transform_job(still, "job", "m")
    resource = await described(inventory, "job")
    still.calls.clear()
    return resource


async def test_one_look_serves_all_who_watch(still: Sandbox, inventory: Inventory, job: TransformJob) -> None:
    watchers = [Watcher(inventory, "job", job) for _ in range(100)]
    still.advance(1)
    await look(inventory)
    assert (still.calls.by_operation(), {one.told for one in watchers}) == ({"DescribeTransformJob": 1}, {0})
    still.advance(3600)
    await look(inventory)
    assert (still.calls.by_operation(), {one.told for one in watchers}) == ({"DescribeTransformJob": 2}, {1})


async def test_an_ended_job_is_not_looked_at(still: Sandbox, inventory: Inventory, job: TransformJob) -> None:
    watcher = Watcher(inventory, "job", job)
    still.advance(3600)
    for _ in range(3):
        await look(inventory)
    assert (still.calls.by_operation(), watcher.told) == ({"DescribeTransformJob": 1}, 1)


async def test_a_job_that_is_gone_is_not_looked_at(still: Sandbox, inventory: Inventory, job: TransformJob) -> None:
    """Jobs are never deleted, but for ids that never were any; one that is made through the gateway is told."""
    assert (await reader_of(inventory).describe(JOB, ["none"]))["none"] is None
    still.calls.clear()
    watcher = Watcher(inventory, "none", None)
    still.advance(3600)
    await look(inventory)
    assert (still.calls.by_operation(), watcher.told) == ({}, 0)
    make_transform_job(still, "none", "m")
    await described(inventory, "none")
    await settle()
    assert watcher.told == 1


async def test_a_watcher_with_an_older_state_is_told_at_once(
    still: Sandbox, inventory: Inventory, job: TransformJob
) -> None:
    still.advance(3600)
    newest = await described(inventory, "job")
    watchers = [Watcher(inventory, "job", seen) for seen in (newest, job)]
    await settle()
    assert [one.told for one in watchers] == [0, 1]


async def test_whatever_reads_or_writes_a_job_tells_of_it(
    still: Sandbox, inventory: Inventory, job: TransformJob
) -> None:
    watcher = Watcher(inventory, "job", job)
    still.advance(3600)
    await described(inventory, "job")
    await settle()
    assert watcher.told == 1
    inventory.record_delete(JOB, "job")
    await settle()
    assert watcher.told == 2


async def test_a_refusal_is_told_once(still: Sandbox, inventory: Inventory, job: TransformJob) -> None:
    watcher = Watcher(inventory, "job", job)
    still.faults.refuse("DescribeTransformJob")
    still.advance(1)
    await look(inventory)
    told = watcher.told
    assert told > 0
    await look(inventory)
    assert watcher.told == told


async def test_who_has_ended_is_told_nothing_and_leaves_nothing(
    still: Sandbox, inventory: Inventory, job: TransformJob
) -> None:
    first, second = (Watcher(inventory, "job", job) for _ in range(2))
    first.end()
    still.advance(3600)
    await look(inventory)
    assert [first.told, second.told] == [0, 1]
    second.end()
    second.end()
    assert len(inventory.watches) == 0
    still.calls.clear()
    await look(inventory)
    assert still.calls.count() == 0


async def test_a_scope_that_closes_tells_its_watchers(inventory: Inventory, job: TransformJob) -> None:
    watcher = Watcher(inventory, "job", job)
    await inventory.close()
    assert (watcher.told, len(inventory.watches)) == (1, 0)


async def test_many_jobs_are_looked_at_by_their_list(still: Sandbox, inventory: Inventory) -> None:
    make_models(still, "m")
    names = [f"job-{number}" for number in range(10)]
    for name in names:
        make_transform_job(still, name, "m")
    watchers = [Watcher(inventory, name, await described(inventory, name)) for name in names]
    still.advance(3600)
    still.calls.clear()
    await look(inventory)
    assert {one.told for one in watchers} == {1}
    assert still.calls.by_operation() == {"ListTransformJobs": 1, "DescribeTransformJob": 10}


async def test_what_counts_as_a_change(inventory: Inventory, job: TransformJob) -> None:
    row = replace(job, detail=None)
    denied = AccessDeniedError("no", operation="DescribeTransformJob")
    same: list[tuple[Known, Known]] = [(job, job), (job, row), (row, job), (None, None), (denied, denied)]
    changed: list[tuple[Known, Known]] = [
        (job, None),
        (None, job),
        (job, denied),
        (denied, job),
        (job, Unknown.UNKNOWN),
        (job, replace(job, raw_status="Stopped")),
    ]
    assert [has_changed(*pair) for pair in same] == [False] * len(same)
    assert [has_changed(*pair) for pair in changed] == [True] * len(changed)
