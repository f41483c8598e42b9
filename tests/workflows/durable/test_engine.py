"""workflows.durable.engine: work is started once, done whatever happens, and taken over."""

import asyncio
import logging
from contextvars import ContextVar

import pytest

from tests.workflows.durable.dbos_state import change, end_leases, query, step_names, workflow_statuses
from tests.workflows.durable.engines import QUICK, Pair, engine_on, idle
from workflows.durable.context import WorkflowContext
from workflows.durable.errors import (
    DurableUnavailableError,
    WorkMismatchError,
)


async def test_work_is_started_once_for_an_id_however_often_it_is_asked_for(database_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await asyncio.gather(*(engine.start("pair", "a", "k") for _ in range(5)))
        await idle(engine)
        await engine.start("pair", "a", "k")
        await engine.start("pair", "b", "l")
        await idle(engine)

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
        await idle(engine)
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
        await idle(engine)

    assert seen == ["nobody"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_a_body_that_raises_is_logged_whole_and_kept_without_its_words(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(_work: WorkflowContext) -> None:
        raise ValueError("words that no database should keep")

    async with engine_on(database_url, {"body": body}) as engine:
        await engine.start("body", "a")
        await idle(engine)
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
        await idle(engine)

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
        await idle(engine)

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
        await idle(engine)

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
        await idle(engine)
        (work,) = await engine.rows.count_foreign()
        assert (work.version, work.name, work.count) == ("1", "gone", 1)
    assert workflow_statuses(database_url) == {"a": "SUCCESS", "b": "PENDING"}

    other.reached.clear()
    other.gate.set()
    async with engine_on(database_url, {"gone": other.body}, version="1") as engine:
        await other.reached.wait()
        await idle(engine)
        assert await engine.rows.count_foreign() == ()
    assert other.calls == ["first l", "second l 7", "second l 7", "end l"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}
