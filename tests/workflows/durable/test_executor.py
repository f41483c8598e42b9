"""workflows.durable.executor: one life of DBOS, which begins nothing more once it is ending or its lease is lost."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from registry.database import Database
from registry.errors import RegistryUnavailableError
from tests.workflows.durable.dbos_state import query, step_names, workflow_statuses
from tests.workflows.durable.engines import Pair, no_fleet
from workflows.durable.context import WorkflowBody, WorkflowContext
from workflows.durable.dbos_tables import dbos_url
from workflows.durable.errors import DurableUnavailableError, WorkMismatchError
from workflows.durable.executor import Executor
from workflows.durable.held_lease import HeldLease


@asynccontextmanager
async def executor_on(url: str, bodies: Mapping[str, WorkflowBody]) -> AsyncIterator[Executor]:
    """An executor that has been launched; whoever opens it closes it."""
    async with Database(url) as database:
        holding = await HeldLease.acquire(database, "executor/a", "a", 30)
        assert holding is not None
        executor = Executor(holding, dbos_url(url), bodies, "1", no_fleet(url, database))
        await executor.launch()
        yield executor


async def test_before_and_after_its_life_there_is_no_dbos(sqlite_url: str) -> None:
    async with executor_on(sqlite_url, {}) as executor:
        assert (executor.id, executor.usable) == ("a", True)
        assert executor.dbos is not None
        await executor.close(0)
        assert not executor.usable
        with pytest.raises(DurableUnavailableError, match="No durable work runs in this process now"):
            _ = executor.dbos
        assert query(sqlite_url, "SELECT name FROM leases WHERE until > '2000-01-01'") == []


async def test_running_work_is_known_until_its_end(sqlite_url: str) -> None:
    """A close waits for the step that runs, as long as it may, and begins no further one."""
    pair = Pair()
    async with executor_on(sqlite_url, {"pair": pair.body}) as executor:
        await executor.start("pair", "work-a", ("k",))
        await pair.reached.wait()
        assert executor.running_ids == {"work-a"}
        closing = asyncio.create_task(executor.close(30))
        await asyncio.sleep(0)
        assert not executor.usable
        with pytest.raises(DurableUnavailableError, match="starts no more work"):
            await executor.start("pair", "work-b", ("l",))
        pair.gate.set()
        await closing
    # The step is kept, and what comes after it is another one's.
    assert pair.calls == ["first k", "second k 7", "end k"]
    assert workflow_statuses(sqlite_url) == {"work-a": "SUCCESS"}


async def test_a_step_that_takes_too_long_is_left_to_others(sqlite_url: str) -> None:
    pair = Pair()
    async with executor_on(sqlite_url, {"pair": pair.body}) as executor:
        await executor.start("pair", "work-a", ("k",))
        await pair.reached.wait()
        await executor.close(0)
    assert pair.calls == ["first k", "second k 7"]
    assert workflow_statuses(sqlite_url) == {"work-a": "PENDING"}
    assert step_names(sqlite_url, "work-a") == ["first"]


async def test_what_waits_to_be_tried_again_holds_no_end_up(sqlite_url: str) -> None:
    """Others try it again, from the first pause on."""
    waits = asyncio.Event()

    async def away() -> None:
        raise RegistryUnavailableError("It is away.")

    async def waiting(_: Exception) -> None:
        waits.set()

    async def body(work: WorkflowContext) -> None:
        await replace(work, pause=60).step("away", away, attempts=None, on_retry=waiting)

    async with executor_on(sqlite_url, {"body": body}) as executor:
        await executor.start("body", "work-a", ())
        await waits.wait()
        async with asyncio.timeout(20):
            await executor.close(50)
    assert workflow_statuses(sqlite_url) == {"work-a": "PENDING"}
    assert step_names(sqlite_url, "work-a") == []


async def test_without_its_lease_nothing_begins(sqlite_url: str) -> None:
    """Neither work nor a step; what was asked for leaves no row."""
    pair = Pair()
    async with executor_on(sqlite_url, {"pair": pair.body}) as executor:
        executor.guard()
        executor.held_lease.lost.set()
        assert not executor.usable
        with pytest.raises(asyncio.CancelledError):
            executor.guard()
        with pytest.raises(DurableUnavailableError):
            await executor.start("pair", "work-a", ("k",))
        with pytest.raises(WorkMismatchError, match="No work is named `other`; choose one of pair"):
            await executor.start("other", "work-a", ("k",))
        await executor.close(0)
    assert workflow_statuses(sqlite_url) == {}
    assert pair.calls == []


async def test_the_loop_has_threads_of_its_own_again(sqlite_url: str) -> None:
    """DBOS makes its threads the loop's, and they end with it."""
    async with executor_on(sqlite_url, {}) as executor:
        await executor.close(0)
    name = await asyncio.to_thread(lambda: threading.current_thread().name)
    assert name.startswith("asyncio")
