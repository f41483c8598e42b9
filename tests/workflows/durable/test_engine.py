"""Durable work in one process: started once, kept step by step, ended in good order, and gone on with."""

import asyncio
import gc
import logging
import os
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

import pytest

from registry.database import Database
from registry.errors import RegistryUnavailableError
from registry.versions import upgrade
from tests.workflows.durable.kept import ask, outcomes, steps
from workflows.durable.engine import Engine, Pace, Unfinished
from workflows.durable.errors import (
    DurableError,
    DurableTablesError,
    DurableUnavailableError,
    StepFailedError,
    WorkMismatchError,
)
from workflows.durable.work import Body, Work

PACE = Pace(lease=30, dead=60, close=0.2, wait=5)
# Looks after what is lost, and after the dead, ten times a second.
QUICK = Pace(lease=3, dead=0.5, close=0.2, wait=20)


@asynccontextmanager
async def engine_on(
    url: str, bodies: Mapping[str, Body], pace: Pace = PACE, version: str = "1"
) -> AsyncIterator[Engine]:
    async with Database(url) as database, Engine(url, database, bodies, pace, version) as engine:
        yield engine


@dataclass
class Pair:
    """The work `pair`: two steps, the second of which waits at a gate. Keeps what was called."""

    calls: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def body(self, work: Work, key: str) -> None:
        number = await work.step("first", self._first, key)
        await work.step("second", self._second, key, number)
        self.calls.append(f"end {key}")

    async def _first(self, key: str) -> int:
        self.calls.append(f"first {key}")
        return 7

    async def _second(self, key: str, number: int) -> None:
        self.calls.append(f"second {key} {number}")
        self.reached.set()
        await self.gate.wait()


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
    assert outcomes(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}
    assert steps(database_url, "a") == ["first", "second"]


async def test_what_cannot_be_started_leaves_nothing(database_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    async with engine_on(database_url, {"pair": pair.body, "other": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        with pytest.raises(WorkMismatchError, match="`a` belongs to work of another name"):
            await engine.start("other", "a", "k")
        with pytest.raises(WorkMismatchError, match="no work `third`; there is other, pair"):
            await engine.start("third", "b", "k")
        with pytest.raises(TypeError):
            await engine.start("pair", "c", object())
        await engine.idle()
    with pytest.raises(DurableUnavailableError, match="ending"):
        await engine.start("pair", "d", "k")

    assert outcomes(database_url) == {"a": "SUCCESS"}
    assert pair.calls == ["first k", "second k 7", "end k"]


async def test_work_whose_caller_has_left_is_done_and_takes_nothing_of_the_callers_context(database_url: str) -> None:
    whose: ContextVar[str] = ContextVar("whose", default="nobody")
    seen: list[str] = []

    async def look() -> None:
        seen.append(whose.get())

    async def body(work: Work) -> None:
        await work.step("look", look)

    async with engine_on(database_url, {"look": body}) as engine:
        whose.set("somebody")
        caller = asyncio.create_task(engine.start("look", "a"))
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        await engine.start("look", "a")
        await engine.idle()

    assert seen == ["nobody"]
    assert outcomes(database_url) == {"a": "SUCCESS"}


async def test_a_result_is_what_json_gives_back_and_none_is_a_result(database_url: str) -> None:
    seen: list[object] = []

    async def give(value: object) -> object:
        return (value, None)

    async def body(work: Work, value: object) -> None:
        seen.extend((value, await work.step("give", give, value)))

    async with engine_on(database_url, {"body": body}) as engine:
        await engine.start("body", "a", ("x", 1))
        await engine.idle()

    assert seen == [["x", 1], [["x", 1], None]]


async def test_a_body_that_raises_is_logged_whole_and_kept_without_its_words(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(_work: Work) -> None:
        raise ValueError("words that no database should keep")

    async with engine_on(database_url, {"body": body}) as engine:
        await engine.start("body", "a")
        await engine.idle()
        await engine.start("body", "a")

    assert outcomes(database_url) == {"a": "ERROR"}
    assert [row[0] for row in ask(database_url, "SELECT error FROM {0}workflow_output")] == ['{"raised":"ValueError"}']
    (logged,) = (record for record in caplog.records if record.name == "dbos" and record.levelno == logging.ERROR)
    assert "words that no database should keep" in caplog.text
    assert logged.exc_info is not None


@dataclass
class Failing:
    """The work `failing`: a step that refuses, one that slips, and one that waits at a gate."""

    calls: list[str] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def body(self, work: Work) -> None:
        for function in (self._refuse, self._slip):
            try:
                await work.step(function.__name__, function)
            except StepFailedError as error:
                self.seen.append((error.kind, error.message))
        self.reached.set()
        await work.step("wait", self.gate.wait)

    async def _refuse(self) -> None:
        self.calls.append("refuse")
        raise StepFailedError("GONE", "The model is gone.")

    async def _slip(self) -> None:
        self.calls.append("slip")
        raise LookupError("a word to hide")


async def test_a_step_that_fails_fails_in_the_same_way_when_its_work_is_resumed(database_url: str) -> None:
    failing = Failing()
    async with engine_on(database_url, {"failing": failing.body}) as engine:
        await engine.start("failing", "a")
        await failing.reached.wait()
    failing.reached.clear()
    failing.gate.set()
    async with engine_on(database_url, {"failing": failing.body}) as engine:
        await failing.reached.wait()
        await engine.idle()

    first = [("GONE", "The model is gone."), ("LookupError", "The step `_slip` failed; the gateway's log says why.")]
    assert failing.calls == ["refuse", "slip"]
    assert failing.seen == first + first
    kept = [str(row[0]) for row in ask(database_url, "SELECT output FROM {0}operation_outputs")]
    assert len(kept) == 3
    assert not any("a word to hide" in text for text in kept)


async def test_what_may_heal_is_tried_again_and_nothing_else(database_url: str) -> None:
    calls: list[str] = []

    async def heals() -> str:
        calls.append("heals")
        if len(calls) < 3:
            raise RegistryUnavailableError("It is away.")
        return "well"

    async def stays() -> None:
        calls.append("stays")
        raise RegistryUnavailableError("It is away.")

    async def body(work: Work) -> None:
        work = replace(work, pause=0)
        assert await work.step("heals", heals) == "well"
        with pytest.raises(StepFailedError) as caught:
            await work.step("stays", stays, attempts=2)
        assert caught.value.kind == "RegistryUnavailableError"

    async with engine_on(database_url, {"body": body}) as engine:
        await engine.start("body", "a")
        await engine.idle()

    assert calls == ["heals", "heals", "heals", "stays", "stays"]
    assert outcomes(database_url) == {"a": "SUCCESS"}


async def test_work_that_was_left_is_gone_on_with_and_its_finished_step_is_not_repeated(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
    assert outcomes(database_url) == {"a": "PENDING"}
    assert steps(database_url, "a") == ["first"]

    pair.reached.clear()
    pair.gate.set()
    async with engine_on(database_url, {"pair": pair.body}) as engine:
        await pair.reached.wait()
        await engine.idle()

    assert pair.calls == ["first k", "second k 7", "second k 7", "end k"]
    assert outcomes(database_url) == {"a": "SUCCESS"}


async def test_an_executor_whose_lease_is_anothers_starts_no_step_and_begins_a_new_life(database_url: str) -> None:
    pair = Pair()
    async with engine_on(database_url, {"pair": pair.body}, QUICK) as engine:
        await engine.start("pair", "a", "k")
        await pair.reached.wait()
        pair.reached.clear()
        # As if another process had begun to recover from this one, and died over it.
        ask(database_url, "UPDATE leases SET holder = 'another', fence = fence + 1 WHERE name LIKE 'executor/%'")
        # The step that was under way is broken off, and begun again by the new life.
        await pair.reached.wait()
        pair.gate.set()
        await engine.start("pair", "b", "l")
        await engine.idle()

    assert pair.calls.count("first k") == 1
    assert pair.calls.count("second k 7") == 2
    assert pair.calls.count("end k") == 1
    assert steps(database_url, "a") == ["first", "second"]
    assert outcomes(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}


async def test_work_that_broke_off_by_itself_is_taken_up_again(database_url: str) -> None:
    calls: list[str] = []

    async def once() -> None:
        calls.append("once")

    async def body(work: Work) -> None:
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
    assert outcomes(database_url) == {"a": "SUCCESS"}


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
        assert await engine.unfinished_elsewhere() == (Unfinished("1", "gone", 1),)
    assert outcomes(database_url) == {"a": "SUCCESS", "b": "PENDING"}

    other.reached.clear()
    other.gate.set()
    async with engine_on(database_url, {"gone": other.body}, version="1") as engine:
        await other.reached.wait()
        await engine.idle()
        assert await engine.unfinished_elsewhere() == ()
    assert other.calls == ["first l", "second l 7", "second l 7", "end l"]
    assert outcomes(database_url) == {"a": "SUCCESS", "b": "SUCCESS"}


async def test_without_tables_nothing_begins_and_no_lease_is_left(empty_url: str) -> None:
    await upgrade(empty_url)
    with pytest.raises(DurableTablesError, match=r"python -m gateway migrate --config FILE"):
        async with engine_on(empty_url, {}):
            pytest.fail("It has begun.")

    found = ask(empty_url, "SELECT name FROM leases WHERE until > '2000-01-01'")
    assert found == []


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
    assert outcomes(database_url) == {"a": "SUCCESS"}


async def test_twenty_engines_one_after_the_other_leave_nothing_behind(database_url: str) -> None:
    pair = Pair()
    pair.gate.set()
    counted = []
    for number in range(20):
        async with engine_on(database_url, {"pair": pair.body}) as engine:
            engine.every("turn", 60, asyncio.Event().wait)  # type: ignore[arg-type] # What it gives is of no account.
            await engine.start("pair", f"work {number}", "k")
            await engine.idle()
        await asyncio.to_thread(gc.collect)
        async with asyncio.timeout(10):
            while any("dbos" in thread.name for thread in threading.enumerate()):  # noqa: ASYNC110 - threads tell nobody.
                await asyncio.sleep(0.01)
        counted.append((threading.active_count(), len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())))

    assert pair.calls.count("end k") == 20
    assert counted[-1] == counted[4]
    assert not logging.getLogger("dbos").handlers


async def test_a_thousand_rows_that_wait_cost_nothing(database_url: str) -> None:
    waiting: set[str] = set()

    async def note(key: str) -> None:
        waiting.add(key)

    async def ask_for_approval(work: Work, key: str) -> None:
        await work.step("note", note, key)

    async with engine_on(database_url, {"ask": ask_for_approval}) as engine:
        for start in range(0, 1000, 50):
            await asyncio.gather(*(engine.start("ask", f"{n}", f"{n}") for n in range(start, start + 50)))
        await engine.idle()
        # DBOS's own are eight, its pool has sixteen; the registry's connections have theirs.
        assert threading.active_count() < 50
        assert len([task for task in asyncio.all_tasks() if "_execute_workflow" in repr(task)]) == 0
        still = ask(database_url, "SELECT count(*) FROM {0}workflow_status WHERE status <> 'SUCCESS'")[0][0]

    assert len(waiting) == 1000
    assert still == 0
