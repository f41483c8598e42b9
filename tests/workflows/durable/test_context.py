"""The steps of a piece of work: what they give is kept, and how they fail."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from aws.client.errors import ThrottledError
from registry.errors import RegistryUnavailableError
from tests.recording_observer import RecordingObserver
from tests.workflows.durable.dbos_state import query, workflow_statuses
from tests.workflows.durable.engines import engine_on, idle
from workflows.durable.context import WorkflowContext, backoff_seconds
from workflows.durable.errors import StepFailedError


async def test_a_result_is_what_json_gives_back_and_none_is_a_result(database_url: str) -> None:
    seen: list[object] = []

    async def give(value: object) -> object:
        return (value, None)

    async def body(work: WorkflowContext, value: object) -> None:
        seen.extend((value, await work.step("give", give, value)))

    async with engine_on(database_url, {"body": body}) as engine:
        await engine.start("body", "a", ("x", 1))
        await idle(engine)

    assert seen == [["x", 1], [["x", 1], None]]


@dataclass
class Failing:
    """The work `failing`: a step that refuses, one that slips, and one that waits at a gate."""

    calls: list[str] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def body(self, work: WorkflowContext) -> None:
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
        await idle(engine)

    first = [("GONE", "The model is gone."), ("LookupError", "The step `_slip` failed; the gateway's log says why.")]
    assert failing.calls == ["refuse", "slip"]
    assert failing.seen == first + first
    stored = [str(row[0]) for row in query(database_url, "SELECT output FROM {0}operation_outputs")]
    assert len(stored) == 3
    assert not any("a word to hide" in text for text in stored)


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

    async def body(work: WorkflowContext) -> None:
        work = replace(work, pause=0)
        assert await work.step("heals", heals) == "well"
        with pytest.raises(StepFailedError) as caught:
            await work.step("stays", stays, attempts=2)
        assert caught.value.kind == "RegistryUnavailableError"

    async with engine_on(database_url, {"body": body}) as engine:
        await engine.start("body", "a")
        await idle(engine)

    assert calls == ["heals", "heals", "heals", "stays", "stays"]
    assert workflow_statuses(database_url) == {"a": "SUCCESS"}


async def test_a_step_may_be_tried_for_as_long_as_it_takes_and_says_each_time_why(database_url: str) -> None:
    tries, texts = 0, list[str]()

    async def heals() -> int:
        nonlocal tries
        tries += 1
        if tries < 20:
            raise RegistryUnavailableError(f"It is away ({tries}).")
        return tries

    async def tell(error: Exception) -> None:
        texts.append(str(error))

    async def body(work: WorkflowContext) -> None:
        assert await replace(work, pause=0).step("heals", heals, attempts=None, on_retry=tell) == 20

    async with engine_on(database_url, {"body": body}) as engine:
        await engine.start("body", "a")
        await idle(engine)

    assert workflow_statuses(database_url) == {"a": "SUCCESS"}
    assert texts == [f"It is away ({number})." for number in range(1, 20)]


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (10, 60), (5000, 60)])
def test_the_pauses_grow_to_a_minute(attempt: int, seconds: float) -> None:
    assert backoff_seconds(attempt, 1) == seconds
    assert backoff_seconds(attempt, 0) == 0


async def test_each_step_is_observed_once_however_often_it_is_tried(database_url: str) -> None:
    observer, failures = RecordingObserver(), [ThrottledError("Too many.", operation="ListModels")]

    async def heals() -> None:
        if failures:
            raise failures.pop()

    async def fails() -> None:
        raise StepFailedError("GONE", "It is gone.")

    async def body(work: WorkflowContext) -> None:
        await replace(work, pause=0).step("heals", heals)
        with suppress(StepFailedError):
            await work.step("fails", fails)

    async with engine_on(database_url, {"body": body}, observer=observer) as engine:
        await engine.start("body", "a")
        await idle(engine)
    assert observer.steps == [("body", "heals", "OK"), ("body", "fails", "FAILED")]
