"""Durable work in one process: started once, kept step by step, ended in good order, and gone on with."""

import asyncio
import contextlib
import gc
import logging
import os
import threading
import time
from collections import Counter
from contextvars import ContextVar

import pytest

from registry.schema_versions import upgrade
from tests.workflows.durable.dbos_state import change, end_leases, query, step_names, workflow_statuses
from tests.workflows.durable.engines import QUICK, Pair, engine_on
from workflows.durable.context import WorkflowContext
from workflows.durable.errors import (
    DurableError,
    DurableTablesError,
    DurableUnavailableError,
    WorkMismatchError,
)


async def test_work_is_started_once_for_an_id_however_often_it_is_asked_for(database_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await asyncio.gather(*(engine.start("pair", "a", "k") for _ in range(5)))
        await engine.idle()
        await engine.start("pair", "a", "k")
        await engine.start("pair", "b", "l")
        await engine.idle()

    assert pair.calls == ["first k", "second k 7", "end k", "first l", "second l 7", "end l"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}
    assert step_names(database_url, "a") == ["first", "second"]


async def test_what_cannot_be_started_leaves_nothing(database_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    async with engine_on(database_url, {"pair": pair.body, "other": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        with pytest.raises(WorkMismatchError, match="`a` belongs to work of another name"):
            await engine.start("other", "a", "k")
        with pytest.raises(WorkMismatchError, match="No work is named `third`; choose one of other, pair"):
            await engine.start("third", "b", "k")
        with pytest.raises(TypeError):
            await engine.start("pair", "c", object())
        await engine.idle()
    with pytest.raises(DurableUnavailableError, match="ending"):
        await engine.start("pair", "d", "k")

    assert workflow_statuses(database_url) == {"a": "SUCCESS"}
    assert pair.calls == ["first k", "second k 7", "end k"]


async def test_work_whose_caller_has_left_is_done_and_takes_nothing_of_the_callers_context(database_url: str) -> None:
    var: ContextVar[str] = ContextVar("whose", default="nobody")
    seen: list[str] = []

    async def look() -> None:
        seen.append(var.get())

    async def body(work: WorkflowContext) -> None:
        await work.step("look", look)

    async with engine_on(database_url, {"look": body}) as engine:
        var.set("somebody")
        caller = asyncio.create_task(engine.start("look", "a"))
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        await engine.start("look", "a")
        await engine.idle()

    assert seen == ["nobody"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_a_body_that_raises_is_logged_whole_and_kept_without_its_words(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(_work: WorkflowContext) -> None:
        raise ValueError("words that no database should keep")

    async with engine_on(database_url, {"body": body}) as engine:
        await engine.start("body", "a")
        await engine.idle()
        await engine.start("body", "a")

    assert workflow_statuses(database_url) == {"a": "ERROR"}
    assert [row[0] for row in query(database_url, "SELECT error FROM {0}workflow_output")] == [
        '{"raised":"ValueError"}'
    ]
    (logged,) = (record for record in caplog.records if record.name == "dbos" and record.levelno == logging.ERROR)
    assert "words that no database should keep" in caplog.text
    assert logged.exc_info is not None


async def test_work_that_was_left_is_gone_on_with_and_its_finished_step_is_not_repeated(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
    assert workflow_statuses(database_url) == {"a": "PENDING"}
    assert step_names(database_url, "a") == ["first"]

    pair.reached.clear()
    pair.gate.set()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await pair.reached.wait()
        await engine.idle()

    assert pair.calls == ["first k", "second k 7", "second k 7", "end k"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_an_executor_whose_lease_is_anothers_starts_no_step_and_begins_a_new_life(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}, QUICK) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
        pair.reached.clear()
        # As if another process had begun to recover from this one, and died over it.
        await change(
            database_url, "UPDATE leases SET holder = 'another', fence = fence + 1 WHERE name LIKE 'executor/%'"
        )
        await end_leases(database_url, "executor/%")
        # The step that was under way is broken off, and begun again by the new life.
        await pair.reached.wait()
        pair.gate.set()
        await engine.start("pair", "b", "l")
        await engine.idle()

    assert pair.calls.count("first k") == 1
    assert pair.calls.count("second k 7") == 2
    assert pair.calls.count("end k") == 1
    assert step_names(database_url, "a") == ["first", "second"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}


async def test_work_that_broke_off_by_itself_is_taken_up_again(database_url: str) -> None:
    calls: list[str] = []

    async def once() -> None:
        calls.append("once")

    async def body(work: WorkflowContext) -> None:
        await work.step("once", once)
        calls.append("body")
        if calls.count("body") == 1:
            # Such as the end of a shared flight that it waited for.
            raise asyncio.CancelledError

    async with engine_on(database_url, {"body": body}, QUICK) as engine:
        await engine.start("body", "a")
        async with asyncio.timeout(20):
            while calls.count("body") < 2:  # noqa: ASYNC110 - it is taken up by a look at the table, now and then.
                await asyncio.sleep(0.05)
        await engine.idle()

    assert calls == ["once", "body", "body"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_unfinished_work_of_another_version_is_named_and_taken_over_where_its_body_is_known(
    database_url: str,
) -> None:
    pair, other = Pair(), Pair()
    async with engine_on(database_url, {"pair": pair.body, "gone": other.body}, version="1") as engine:
        await engine.start("pair", "a", "k")
        await engine.start("gone", "b", "l")
        await pair.reached.wait()
        await other.reached.wait()
    pair.reached.clear()
    pair.gate.set()

    async with engine_on(database_url, {"pair": pair.body}, version="2") as engine:
        await pair.reached.wait()
        await engine.idle()
        (work,) = await engine.unfinished_elsewhere()
        assert (work.version, work.name, work.count) == ("1", "gone", 1)
    assert workflow_statuses(database_url) == {"a": "SUCCESS", "b": "PENDING"}

    other.reached.clear()
    other.gate.set()
    async with engine_on(database_url, {"gone": other.body}, version="1") as engine:
        await other.reached.wait()
        await engine.idle()
        assert await engine.unfinished_elsewhere() == ()
    assert other.calls == ["first l", "second l 7", "second l 7", "end l"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}


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
        await engine.idle()
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
            await engine.idle()

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while _held() - before:  # Threads and sockets tell nobody when they end.
                await asyncio.sleep(0.01)
                await asyncio.to_thread(gc.collect)
    assert _held() - before == Counter()
    assert pair.calls.count("end k") == 10
    assert not logging.getLogger("dbos").handlers


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
        await engine.idle()
        # DBOS's own are eight, its pool has sixteen; the registry's connections have theirs.
        assert threading.active_count() < 50
        assert len([task for task in asyncio.all_tasks() if "_execute_workflow" in repr(task)]) == 0
        still = query(database_url, "SELECT count(*) FROM {0}workflow_status WHERE status <> 'SUCCESS'")[0][0]

    assert len(waiting) == 300
    assert still == 0


async def test_open_work_is_counted_by_name_and_state(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        assert await engine.count_open() == ()
        before = time.time()
        await engine.start("pair", "a", "k")
        await asyncio.wait_for(pair.reached.wait(), 30)
        (counted,) = await engine.count_open()
        assert (counted.name, counted.status, counted.count) == ("pair", "PENDING", 1)
        assert counted.version == "1"
        assert before - 1 < counted.oldest < time.time() + 1
        pair.gate.set()
        await engine.idle()
        assert await engine.count_open() == ()


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
