"""One subscription: watches its subjects, and executes its operation for each change."""

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from aws.inventory.watches import has_changed
from aws.scopes import Scope
from gateway.subscriptions.hub import Execution, SentSubscription, SubscriptionHub, rate_limited
from registry.changes import RecordType
from resolvers.errors import RateLimitedError
from resolvers.subscription_events import (
    RecordSubject,
    ResourceSubject,
    Shown,
    ShownResource,
    Subject,
    Subscribed,
    SubscriptionEvent,
)

TRANSIENT: Final = frozenset({"THROTTLED", "TIMEOUT", "UPSTREAM_UNAVAILABLE", "INTERNAL"})
"""Codes of errors that may heal: the subscription goes on, and tries again."""

RETRY_SECONDS: Final = 5.0

MAX_SHOWN: Final = 1000
"""Records whose shown state is remembered if all of a type are watched; an older one is shown again."""

_log = logging.getLogger("sagegraph.requests")


@dataclass(frozen=True, slots=True)
class SubscriptionMessage:
    """A message to the client.

    Attributes:
        body: A response, or the errors for which there is no subscription.
        refused: True if it is such errors.
    """

    body: Mapping[str, Any]
    refused: bool = False


@dataclass(slots=True)
class _Watch:
    """A watched resource: the key of its scope, the scope that is held, and the function that ends the watch."""

    scope_key: str
    scope: Scope
    end: Callable[[], None]


class LiveSubscription:
    """A subscription of one client.

    For each subject there is one slot: a client that reads slowly misses states in between, and never the last.

    Args:
        hub: The parts that all subscriptions share.
        sent: The subscription.
    """

    def __init__(self, hub: SubscriptionHub, sent: SentSubscription) -> None:
        self._hub = hub
        self._sent = sent
        self._subscribed = Subscribed()
        self._pending: OrderedDict[Subject, datetime | None] = OrderedDict()
        self._woken = asyncio.Event()
        self._shown: OrderedDict[Subject, Shown] = OrderedDict()
        self._failed: set[Subject] = set()
        self._watches: dict[Subject, _Watch] = {}
        self._record_watches: list[Callable[[], None]] = []
        self._timers: set[asyncio.TimerHandle] = set()
        self._sent_events = 0
        self._ran = False
        self._codes: Counter[str] = Counter()

    async def messages(self) -> AsyncGenerator[SubscriptionMessage, None]:
        """Give the messages until the subscription ends; to be closed."""
        begun = time.perf_counter()
        self._hub.subscriptions += 1
        try:
            execution = await self._start()
            self._ran = not execution.refused
            self._note_errors(execution)
            if execution.root_codes:
                yield SubscriptionMessage(execution.body, execution.refused)
                return
            while True:
                execution_or_none, ended = await self._event(*await self._next())
                if execution_or_none is not None:
                    self._sent_events += 1
                    self._hub.events += 1
                    yield SubscriptionMessage(execution_or_none.body)
                if ended:
                    return
        finally:
            self._hub.subscriptions -= 1
            self._log_end(time.perf_counter() - begun)
            await self._close()

    async def _start(self) -> Execution:
        """Find the subjects, and begin to watch those whose changes need no look."""
        try:
            async with self._hub.request(self._sent, event := SubscriptionEvent(self._subscribed)) as request:
                execution = await self._hub.execute(self._sent, request)
        except RateLimitedError as error:
            return rate_limited(error, self._sent.request_id)
        if execution.root_codes:
            return execution
        await self._watch_records()
        if self._subscribed.every is not None:
            # Changes between the reading and the watching are read again.
            async with self._hub.request(self._sent, event) as request:
                execution = await self._hub.execute(self._sent, request)
        for subject in self._subscribed.subjects:
            self._wake(subject, None)
        return execution

    async def _watch_records(self) -> None:
        changes = self._hub.factory.services.database.changes
        keys = [subject for subject in self._subscribed.subjects if isinstance(subject, RecordSubject)]
        for subject in keys:
            wake = partial(self._on_record, subject)
            self._record_watches.append(changes.watch(subject.type_name, subject.key, wake))
        if (every := self._subscribed.every) is not None:
            self._record_watches.append(changes.watch(every, None, partial(self._on_any_record, every)))
        if self._record_watches:
            await self._hub.feed.ready()

    def _on_record(self, subject: Subject, _key: str) -> None:
        self._wake(subject, datetime.now(UTC))

    def _on_any_record(self, type_name: RecordType, key: str) -> None:
        self._wake(RecordSubject(type_name, key), datetime.now(UTC))

    def _wake(self, subject: Subject, at: datetime | None) -> None:
        self._pending[subject] = at
        self._woken.set()

    async def _next(self) -> tuple[Subject, datetime | None]:
        while not self._pending:
            self._woken.clear()
            await self._woken.wait()
        return self._pending.popitem(last=False)

    async def _event(self, subject: Subject, at: datetime | None) -> tuple[Execution | None, bool]:
        """Execute the event of a subject: give the execution to send, or None, and whether the subscription ends."""
        event = SubscriptionEvent(self._subscribed, subject, at)
        async with self._hub.request(self._sent, event) as request:
            execution = await self._hub.execute(self._sent, request)
            if isinstance(event.shown, ShownResource):
                self._watch_resource(subject, event.shown)
        self._note_errors(execution)
        codes = execution.root_codes
        if codes - TRANSIENT:
            return execution, True
        if codes:
            self._retry_later(subject)
            untold = subject in self._subscribed.subjects and subject not in self._failed
            self._failed.add(subject)
            return (execution if untold and subject not in self._shown else None), False
        self._failed.discard(subject)
        return (execution if self._is_news(subject, event.shown) else None), False

    def _is_news(self, subject: Subject, shown: Shown | None) -> bool:
        """Tell whether an event shows another state than the one before, which the client has."""
        if shown is None:
            return False
        before = self._shown.pop(subject, None)
        self._shown[subject] = shown
        if self._subscribed.every is not None and len(self._shown) > MAX_SHOWN:
            self._shown.popitem(last=False)
        if isinstance(shown, ShownResource) and isinstance(before, ShownResource):
            return has_changed(before.state, shown.state)
        return before != shown

    def _watch_resource(self, subject: Subject, shown: ShownResource) -> None:
        """Watch the resource in the scope that it was read through, which the request still has in use."""
        watch = self._watches.get(subject)
        pool = self._hub.factory.scope_deps.scopes
        if watch is not None and watch.scope_key == shown.scope and not watch.scope.closed:
            return
        if (scope := pool.hold(shown.scope)) is None:
            self._retry_later(subject)
            return
        assert isinstance(subject, ResourceSubject)  # noqa: S101 - only they show resources.
        end = scope.inventory.watches.add(shown.kind, shown.name, shown.state, partial(self._on_resource, subject))
        self._watches[subject] = _Watch(shown.scope, scope, end)
        if watch is not None:
            self._let_go(watch)

    def _on_resource(self, subject: Subject) -> None:
        self._wake(subject, datetime.now(UTC))

    def _let_go(self, watch: _Watch) -> asyncio.Task[None]:
        watch.end()
        task = asyncio.ensure_future(self._hub.factory.scope_deps.scopes.release(watch.scope))
        self._hub.factory.background_tasks.add(task)
        task.add_done_callback(self._hub.factory.background_tasks.discard)
        return task

    def _retry_later(self, subject: Subject) -> None:
        timer: asyncio.TimerHandle

        def wake() -> None:
            self._timers.discard(timer)
            self._wake(subject, datetime.now(UTC))

        timer = asyncio.get_running_loop().call_later(RETRY_SECONDS, wake)
        self._timers.add(timer)

    async def _close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        for end in self._record_watches:
            end()
        releases = [self._let_go(watch) for watch in self._watches.values()]
        self._watches.clear()
        await asyncio.gather(*releases)

    def _note_errors(self, execution: Execution) -> None:
        codes = [error["extensions"]["code"] for error in execution.body.get("errors", ())]
        self._codes.update(codes)
        self._hub.errors.update(codes)

    def _log_end(self, seconds: float) -> None:
        details: dict[str, Any] = {
            "request_id": self._sent.request_id,
            "caller": self._sent.caller.subject if self._sent.caller else None,
            # Of one that did not run, the name is any text that a client has sent.
            "operation": self._sent.operation_name if self._ran else None,
            "events": self._sent_events,
            "seconds": round(seconds, 4),
        }
        if self._codes:
            details["codes"] = dict(self._codes)
        _log.info("subscription", extra=details)
