"""The context of a durable workflow: its steps with retries, and the version of the workflows this gateway runs."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Final, Protocol

from dbos import DBOS

from auth.errors import AuthError, CredentialsUnavailableError
from aws.client.errors import TRANSIENT_ERRORS, AWSError
from concurrency.backoff import Backoff
from concurrency.tracing import NO_SPAN, Span, Tracer
from registry.errors import RegistryError, RegistryUnavailableError
from workflows.durable.access import failing_subjects
from workflows.durable.errors import StepFailedError
from workflows.durable.serialization import to_json

APPLICATION_VERSION = "3"
"""Is kept with each piece of work; a process takes up only what its own version has started.

Raise it by hand, by one, in the change that adds a body, removes one, or alters a body's steps, their names or their
order. A body that is altered gets a new name (`import` becomes `import-2`), and the old one stays registered until
nothing that it has begun is left: what processes of another version leave behind is taken over by whoever knows the
body's name, and `/readyz` names what is left of other versions.
"""

_log = logging.getLogger("sagegraph.durable")

# What the same call may well not meet again. Everything else fails the step at once.
_RETRYABLE = (*TRANSIENT_ERRORS, CredentialsUnavailableError, RegistryUnavailableError)
# Errors whose messages are made for people, and hold no secret.
_SAFE_TO_SHOW = (AWSError, AuthError, RegistryError)
# However long something is away: seconds after which it is tried again at the latest.
_MAX_PAUSE = 60

WorkflowBody = Callable[..., Awaitable[None]]
"""The body of a workflow: takes a `WorkflowContext` and the ids that it was started with."""


class StepObserver(Protocol):
    """Hears of each step that has ended; raises nothing.

    Attributes:
        tracer: Shows each step as a trace of its own; None shows none.
    """

    tracer: Tracer | None

    def on_step(self, workflow: str, step: str, outcome: str, seconds: float) -> None:
        """Note a step of a workflow's body: `OK`, `FAILED`, or `CANCELLED` if another process goes on with it."""


class _UnobservedSteps:
    tracer: Tracer | None = None

    def on_step(self, workflow: str, step: str, outcome: str, seconds: float) -> None:
        """Note nothing."""


UNOBSERVED_STEPS: Final[StepObserver] = _UnobservedSteps()
"""The observer of steps that nobody observes."""

HandOver = Callable[[str, Collection[str]], Awaitable[bool]]
"""Gives work, by its id, to a process that may have access to subjects which this one lacks; tells whether it did."""


@dataclass(frozen=True, slots=True)
class WorkflowContext:
    """A piece of work under way. Its body only calls steps, one after the other, and decides by what they give.

    Attributes:
        id: Its id; there is no other work under it.
        guard: Raises CancelledError where this process may start no step any more.
        closing: Set where it ends: no pause is waited for any more.
        hand_over: Gives the work to another process if this one lacks access to what a step needs.
        pause: Seconds before what may heal is tried again, doubled each time.
        name: The name of its body.
        observer: Hears of each step that ends.
    """

    id: str
    guard: Callable[[], None]
    closing: asyncio.Event
    hand_over: HandOver
    pause: float = 1
    name: str = ""
    observer: StepObserver = UNOBSERVED_STEPS

    async def step(
        self,
        name: str,
        function: Callable[..., Awaitable[Any]],
        *arguments: Any,
        attempts: int | None = 5,
        on_retry: Callable[[Exception], Awaitable[None]] | None = None,
    ) -> Any:
        """Run a step and keep its result as JSON, in which a tuple is a list; a resumed body gets the kept result.

        The function may run twice: where the process dies, or loses its lease, before its result is kept. Where AWS
        throttles or is away, or the registry is, it is tried again, `attempts` times in all, and then its message is
        told; None goes on for as long as that takes. `on_retry` is told each time why, and raises nothing. If it failed
        because this process lacks access to something (see access.py), a process that may have it resumes the work.

        Raises:
            StepFailedError: It has failed for good.
            CancelledError: This process may not go on; another one resumes the work before this step. Let it through.
        """
        tries = partial(self._try, name, partial(function, *arguments), attempts, on_retry)
        outcome = json.loads(await DBOS.run_step_async({"name": name}, self._observed, name, tries))
        if "failed" in outcome:
            raise StepFailedError(*outcome["failed"])
        return outcome["given"]

    async def _observed(self, name: str, tries: Callable[[], Awaitable[str]]) -> str:
        begun, outcome = time.perf_counter(), "CANCELLED"
        try:
            with self._shown(name) as span:
                result = await tries()
                outcome = "FAILED" if result.startswith('{"failed"') else "OK"
                span.set("sagegraph.outcome", outcome)
        finally:
            self.observer.on_step(self.name, name, outcome, time.perf_counter() - begun)
        return result

    def _shown(self, step: str) -> AbstractContextManager[Span]:
        if self.observer.tracer is None:
            return NO_SPAN
        facts = {"sagegraph.workflow": self.name, "sagegraph.workflow.id": self.id, "sagegraph.step": step}
        return self.observer.tracer.new_trace(f"step {self.name}/{step}", facts)

    async def _try(
        self,
        name: str,
        function: Callable[[], Awaitable[Any]],
        attempts: int | None,
        on_retry: Callable[[Exception], Awaitable[None]] | None,
    ) -> str:
        for attempt in count(1):
            self.guard()
            try:
                with failing_subjects() as failed:
                    return to_json({"given": await function()})
            except Exception as error:  # noqa: BLE001 - whatever a step raises is its outcome, and kept as such.
                if failed and await self.hand_over(self.id, failed):
                    raise asyncio.CancelledError("This process lacks access; another one goes on with it.") from None
                if isinstance(error, StepFailedError):
                    return to_json({"failed": (error.kind, error.message)})
                if attempt == attempts or not isinstance(error, _RETRYABLE):
                    return self._failure(name, error)
                _log.warning("Step `%s` of `%s` is tried again: %s", name, self.id, error)
                if on_retry is not None:
                    await on_retry(error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.closing.wait(), backoff_seconds(attempt, self.pause))
        raise AssertionError("Numbers do not end.")

    def _failure(self, name: str, error: Exception) -> str:
        _log.error("Step `%s` of `%s` failed", name, self.id, exc_info=error)
        untold = f"The step `{name}` failed; the gateway's log says why."
        return to_json({"failed": (type(error).__name__, str(error) if isinstance(error, _SAFE_TO_SHOW) else untold)})


def backoff_seconds(attempt: int, first: float) -> float:
    """Seconds after this attempt, the first of which is 1: twice as many each time, and a minute at the most."""
    return Backoff(first, _MAX_PAUSE).seconds(attempt)
