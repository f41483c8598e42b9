"""Trouble on demand: refusals, throttling, delays, outages, dropped and blocked requests."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.calls import Call
from sandbox.replies import Reply, error_reply, query_error

Effect = Callable[[Call], "Reply | None"]


class ConnectionDroppedError(Exception):
    """The connection is to be closed without an answer."""


@dataclass
class Gate:
    """Holds requests until it is released; made by :meth:`Trouble.block`."""

    _released: threading.Event = field(default_factory=threading.Event)
    _arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def release(self) -> None:
        """Let all go on, those that wait and those that come later."""
        with self._lock:
            self._released.set()
            waiting, self._waiting = self._waiting, []
        for loop, event in waiting:
            loop.call_soon_threadsafe(event.set)

    def wait_for(self, requests: int = 1, seconds: float = 5.0) -> bool:
        """Wait until so many more requests have arrived; False where they did not in that time."""
        until = time.monotonic() + seconds
        return all(self._arrived.acquire(timeout=max(0.0, until - time.monotonic())) for _ in range(requests))

    async def hold(self) -> None:
        """Keep this request waiting."""
        event = asyncio.Event()
        with self._lock:
            if self._released.is_set():
                event.set()
            else:
                self._waiting.append((asyncio.get_running_loop(), event))
        self._arrived.release()
        await event.wait()


@dataclass
class Rule:
    """One kind of trouble and whom it meets."""

    operation: str
    name: str | None
    account: str | None
    principal: str | None
    times: int | None
    reply: Effect | None = None
    seconds: float = 0.0
    gate: Gate | None = None
    drops: bool = False

    def meets(self, call: Call) -> bool:
        """Whether this request is meant."""
        return (
            self.operation in ("*", call.operation)
            and (self.name is None or _names(call.resource, self.name))
            and (self.account is None or call.account == self.account)
            and (self.principal is None or call.principal.endswith(self.principal))
        )


class Trouble:
    """What is to go wrong.

    Every maker takes whom it meets:

    ``operation`` ("*" for all), ``name`` (of the resource, or the end of its ARN or S3 key), ``account`` and
    ``principal`` (the ARN or its end) of the caller; and ``times``, how often it happens (None: until cleared).
    The first rule that answers ends the request; delays and gates before it still count.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._buckets: dict[str, _Bucket] = {}

    def refuse(
        self,
        operation: str,
        *,
        name: str | None = None,
        account: str | None = None,
        principal: str | None = None,
        times: int | None = None,
        xml: bool = False,
    ) -> None:
        """Access denied, in the service's own form (``xml``: in moto's, which says AccessDenied)."""

        def reply(call: Call) -> Reply:
            message = denied(call)
            if xml:
                return query_error("AccessDenied", message, 403)
            if call.service == "sagemaker":
                return error_reply("sagemaker", "AccessDeniedException", message)
            return error_reply(call.service, "AccessDenied", message, 403)

        self._add(Rule(operation, name, account, principal, times, reply))

    def throttle(
        self,
        operation: str,
        *,
        name: str | None = None,
        account: str | None = None,
        principal: str | None = None,
        times: int | None = None,
    ) -> None:
        """Too many requests, said to each."""
        self._add(Rule(operation, name, account, principal, times, _throttled))

    def fail(
        self,
        operation: str,
        *,
        status: int = 500,
        code: str | None = None,
        message: str = "An internal error occurred.",
        name: str | None = None,
        account: str | None = None,
        times: int | None = None,
    ) -> None:
        """An error of this status; its code is InternalFailure or ServiceUnavailable unless given."""
        said = code or ("ServiceUnavailable" if status == 503 else "InternalFailure")
        self._add(
            Rule(operation, name, account, None, times, lambda call: error_reply(call.service, said, message, status))
        )

    def drop(
        self, operation: str, *, name: str | None = None, account: str | None = None, times: int | None = None
    ) -> None:
        """The connection is closed without an answer."""
        self._add(Rule(operation, name, account, None, times, drops=True))

    def delay(
        self,
        operation: str,
        seconds: float,
        *,
        name: str | None = None,
        account: str | None = None,
        times: int | None = None,
    ) -> None:
        """The answer comes so many real seconds later."""
        self._add(Rule(operation, name, account, None, times, seconds=seconds))

    def block(
        self, operation: str, *, name: str | None = None, account: str | None = None, times: int | None = None
    ) -> Gate:
        """The request waits until the gate that this gives is released."""
        gate = Gate()
        self._add(Rule(operation, name, account, None, times, gate=gate))
        return gate

    def limit(self, operation: str, per_second: float, burst: int | None = None) -> None:
        """Throttle what comes faster, per account and operation: a bucket of ``burst`` tokens, filled at this rate.

        ``operation`` may end in ``*``: ``List*``.
        """
        with self._lock:
            self._buckets[operation] = _Bucket(per_second, burst if burst is not None else max(1, int(per_second)))

    def clear(self) -> None:
        """Nothing goes wrong any more; what waits goes on."""
        with self._lock:
            rules, self._rules = self._rules, []
            self._buckets.clear()
        for rule in rules:
            if rule.gate:
                rule.gate.release()

    async def meet(self, call: Call) -> Reply | None:
        """Let happen to this request what is meant for it; gives the answer where that is an error.

        Raises:
            ConnectionDroppedError: where the connection is to be closed.
        """
        if not self._rules and not self._buckets:
            return None
        if self._is_over_limit(call):
            return _throttled(call)
        for rule in self._taken(call):
            if rule.seconds:
                await asyncio.sleep(rule.seconds)
            if rule.gate:
                await rule.gate.hold()
            if rule.drops:
                raise ConnectionDroppedError
            if rule.reply:
                return rule.reply(call)
        return None

    def _taken(self, call: Call) -> list[Rule]:
        """The rules that meet this request, up to the first that ends it, each counted as used once."""
        taken: list[Rule] = []
        with self._lock:
            for rule in self._rules:
                if rule.times == 0 or not rule.meets(call):
                    continue
                if rule.times is not None:
                    rule.times -= 1
                taken.append(rule)
                if rule.drops or rule.reply:
                    break
        return taken

    def _is_over_limit(self, call: Call) -> bool:
        with self._lock:
            for pattern, bucket in self._buckets.items():
                matches = (
                    call.operation.startswith(pattern[:-1]) if pattern.endswith("*") else call.operation == pattern
                )
                if matches and not bucket.take((call.account, call.region, call.operation)):
                    return True
        return False

    def _add(self, rule: Rule) -> None:
        with self._lock:
            self._rules.append(rule)


@dataclass
class _Bucket:
    per_second: float
    burst: int
    _levels: dict[tuple[str, ...], tuple[float, float]] = field(default_factory=dict)

    def take(self, key: tuple[str, ...]) -> bool:
        now = time.monotonic()
        level, since = self._levels.get(key, (float(self.burst), now))
        level = min(float(self.burst), level + (now - since) * self.per_second)
        self._levels[key] = (level - 1 if level >= 1 else level, now)
        return level >= 1


def denied(call: Call) -> str:
    """IAM's sentence for a request that no policy allows."""
    action = f"{call.service}:{call.operation}"
    thing = f" on resource: {call.resource}" if call.resource else ""
    return (
        f"User: {call.principal} is not authorized to perform: {action}{thing} because no identity-based policy "
        f"allows the {action} action"
    )


def _throttled(call: Call) -> Reply:
    if call.service == "s3":
        return error_reply("s3", "SlowDown", "Please reduce your request rate.", 503)
    code = "ThrottlingException" if call.service == "sagemaker" else "Throttling"
    return error_reply(call.service, code, "Rate exceeded")


def _names(resource: str | None, name: str) -> bool:
    return resource is not None and (resource == name or resource.endswith(f"/{name}"))
