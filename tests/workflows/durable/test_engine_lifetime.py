"""workflows.durable.engine: one engine of a process after another, and what they tell of themselves."""

import asyncio
import contextlib
import gc
import logging
import os
import threading
import time
from collections import Counter

import pytest

from registry.schema_versions import upgrade
from tests.workflows.durable.dbos_state import query, workflow_statuses
from tests.workflows.durable.engines import Pair, engine_on, idle
from workflows.durable.context import WorkflowContext
from workflows.durable.errors import (
    DurableError,
    DurableTablesError,
)


async def test_without_tables_nothing_begins_and_no_lease_is_left(empty_url: str) -> None:
    await upgrade(empty_url)
    with pytest.raises(DurableTablesError, match=r"python -m gateway migrate --config FILE"):
        async with engine_on(empty_url, {}):
            pytest.fail("It has begun.")

    result = query(empty_url, "SELECT name FROM leases WHERE until > '2000-01-01'")
    assert result == []


async def test_a_process_has_one_engine_at_a_time_and_a_second_one_does_the_first_no_harm(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
        with pytest.raises(DurableError, match="in this process already"):
            async with engine_on(database_url, {}):
                pytest.fail("It has begun.")
        pair.gate.set()
        await idle(engine)
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_ten_engines_one_after_the_other_leave_nothing_behind(database_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    async with engine_on(database_url, {"pair": pair.body}):
        """What a process opens once and keeps is open from here on."""
    # One pool of threads of the loop's own is there at a time, and grows with what is asked of it.
    before = _held() | Counter(f"asyncio_{number}" for number in range(32))
    for number in range(10):
        async with engine_on(database_url, {"pair": pair.body}) as engine:
            engine.every("turn", 60, asyncio.Event().wait)  # type: ignore[arg-type] # What it gives is of no account.
            await engine.start("pair", f"work {number}", "k")
            await idle(engine)

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while _held() - before:  # Threads and sockets tell nobody when they end.
                await asyncio.sleep(0.01)
                await asyncio.to_thread(gc.collect)
    assert _held() - before == Counter()
    assert pair.calls.count("end k") == 10
    logger = logging.getLogger("dbos")
    assert (len(logger.handlers), len(logger.filters)) == (1, 1)


def _held() -> Counter[str]:
    """The threads, tasks and open files of this process, each by what it is, so that an earlier test's may go."""
    held = Counter(thread.name for thread in threading.enumerate())
    held.update(task.get_name() for task in asyncio.all_tasks())
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # Closed since, as the list's own is.
            held[os.readlink(f"/proc/self/fd/{number}")] += 1
    return held


async def test_hundreds_of_rows_that_wait_cost_nothing(database_url: str) -> None:
    waiting: set[str] = set()

    async def note(key: str) -> None:
        waiting.add(key)

    async def ask_for_approval(work: WorkflowContext, key: str) -> None:
        await work.step("note", note, key)

    async with engine_on(database_url, {"ask": ask_for_approval}) as engine:
        for start in range(0, 300, 50):
            await asyncio.gather(*(engine.start("ask", f"{n}", f"{n}") for n in range(start, start + 50)))
        await idle(engine)
        # DBOS's own are eight, its pool has sixteen; the registry's connections have theirs.
        assert threading.active_count() < 50
        assert len([task for task in asyncio.all_tasks() if "_execute_workflow" in repr(task)]) == 0
        still = query(database_url, "SELECT count(*) FROM {0}workflow_status WHERE status <> 'SUCCESS'")[0][0]

    assert len(waiting) == 300
    assert still == 0


async def test_open_work_is_counted_by_name_and_state(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        assert await engine.rows.count_open() == ()
        before = time.time()
        await engine.start("pair", "a", "k")
        await asyncio.wait_for(pair.reached.wait(), 30)
        (counted,) = await engine.rows.count_open()
        assert (counted.name, counted.status, counted.count) == ("pair", "PENDING", 1)
        assert counted.version == "1"
        assert before - 1 < counted.oldest < time.time() + 1
        pair.gate.set()
        await idle(engine)
        assert await engine.rows.count_open() == ()


async def test_a_loop_tells_how_it_does(database_url: str) -> None:
    turned = asyncio.Event()

    async def turn() -> None:
        if engine.loops[0].failures:
            turned.set()
        else:
            raise ValueError("a slip")

    async with engine_on(database_url, {}) as engine:
        engine.every("watch", 0, turn)
        await asyncio.wait_for(turned.wait(), 30)
        await asyncio.sleep(0)
        (status,) = engine.loops
        assert (status.name, status.leading, status.failures, status.passes > 0) == ("watch", True, 1, True)
        assert status.last_success is not None
    assert (status.leading, engine.loops) == (False, [status])
