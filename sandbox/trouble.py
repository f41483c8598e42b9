"""Trouble on demand: refusals, throttling, delays, outages, dropped, lost, blocked and cut-short requests."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypedDict, Unpack

from sandbox.calls import Call
from sandbox.holds import Bucket, Hold
from sandbox.replies import Reply, error_reply, query_error


class ConnectionDroppedError(Exception):
    """The connection is to be closed without an answer."""


class Whose(TypedDict, total=False):
    """What may be said of whom trouble meets, beside the operation; see :class:`Whom`."""

    name: str
    account: str
    principal: str


@dataclass(frozen=True)
class Whom:
    """Which requests are met: those of the operation ("*": all), and of what else is given."""

    operation: str
    name: str | None = None
    """Of the resource, or the end of its ARN or S3 key."""
    account: str | None = None
    principal: str | None = None
    """The caller's ARN, or its end."""

    def meets(self, call: Call) -> bool:
        """Whether this request is meant."""
        return (
            fnmatchcase(call.operation, self.operation)
            and (self.name is None or _names(call.resource, self.name))
            and (self.account is None or call.account == self.account)
            and (self.principal is None or call.principal.endswith(self.principal))
        )


@dataclass
class Rule:
    """One kind of trouble, whom it meets, and how often."""

    whom: Whom
    times: int | None = None
    reply: Callable[[Call], Reply] | None = None
    seconds: float = 0.0
    hold: Hold | None = None
    drops: bool = False
    loses: bool = False
    rows: int | None = None


@dataclass(frozen=True)
class Met:
    """What a request has met, where its connection was not dropped."""

    reply: Reply | None = None
    """The answer, where that is an error."""
    rows: int | None = None
    """The most rows that a page may have."""
    loses: bool = False
    """Whether it is done, and its answer lost."""


class Trouble:
    """What is to go wrong.

    Every maker takes whom it meets: ``operation`` ("*", ``List*``), ``name``, ``account`` and ``principal`` as
    :class:`Whom` has them; and ``times``, how often it happens (None: until cleared). The first rule that answers is
    the last that is looked at; delays and holds before it still count. Of those that shorten, one is taken at a time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._buckets: dict[str, Bucket] = {}

    def refuse(self, operation: str, *, times: int | None = None, xml: bool = False, **whom: Unpack[Whose]) -> None:
        """Access denied, in the service's own form (``xml``: in moto's, of which a client reads a bare 403)."""
        self._add(Rule(Whom(operation, **whom), times, _refused_in_xml if xml else _refused))

    def throttle(self, operation: str, *, times: int | None = None, **whom: Unpack[Whose]) -> None:
        """Too many requests, said to each."""
        self._add(Rule(Whom(operation, **whom), times, _throttled))

    def fail(
        self,
        operation: str,
        *,
        status: int = 500,
        code: str | None = None,
        message: str = "An internal error occurred.",
        times: int | None = None,
        **whom: Unpack[Whose],
    ) -> None:
        """An error of this status; its code is InternalFailure or ServiceUnavailable unless given."""
        said = code or ("ServiceUnavailable" if status == 503 else "InternalFailure")
        self._add(Rule(Whom(operation, **whom), times, lambda call: error_reply(call.protocol, said, message, status)))

    def drop(self, operation: str, *, times: int | None = None, **whom: Unpack[Whose]) -> None:
        """The connection is closed without an answer."""
        self._add(Rule(Whom(operation, **whom), times, drops=True))

    def lose(self, operation: str, *, times: int | None = None, **whom: Unpack[Whose]) -> None:
        """What is asked is done, and then the connection is closed without an answer."""
        self._add(Rule(Whom(operation, **whom), times, loses=True))

    def delay(self, operation: str, seconds: float, *, times: int | None = None, **whom: Unpack[Whose]) -> None:
        """The answer comes so many real seconds later."""
        self._add(Rule(Whom(operation, **whom), times, seconds=seconds))

    def block(self, operation: str, *, times: int | None = None, **whom: Unpack[Whose]) -> Hold:
        """The request waits until the hold that this gives is released."""
        hold = Hold()
        self._add(Rule(Whom(operation, **whom), times, hold=hold))
        return hold

    def shorten(self, operation: str, rows: int, *, times: int | None = None, **whom: Unpack[Whose]) -> None:
        """A listing's page holds no more than so many rows (none, even), and still goes on."""
        self._add(Rule(Whom(operation, **whom), times, rows=rows))

    def limit(self, operation: str, per_second: float, burst: int | None = None) -> None:
        """Throttle what comes faster, per account, region and operation: a bucket of ``burst``, filled at this rate."""
        with self._lock:
            self._buckets[operation] = Bucket(per_second, burst if burst is not None else max(1, int(per_second)))

    def clear(self) -> None:
        """Nothing goes wrong any more; what waits goes on."""
        with self._lock:
            rules, self._rules = self._rules, []
            self._buckets.clear()
        for rule in rules:
            if rule.hold:
                rule.hold.release()

    async def meet(self, call: Call) -> Met:
        """Let happen to this request what is meant for it.

        Raises:
            ConnectionDroppedError: where the connection is to be closed at once.
        """
        if not self._rules and not self._buckets:
            return Met()
        if self._is_over_limit(call):
            return Met(_throttled(call))
        rows, loses = None, False
        for rule in self._taken(call):
            if rule.seconds:
                await asyncio.sleep(rule.seconds)
            if rule.hold:
                await rule.hold.keep()
            if rule.drops:
                raise ConnectionDroppedError
            if rule.reply:
                return Met(rule.reply(call), loses=loses)
            rows = rule.rows if rule.rows is not None else rows
            loses = loses or rule.loses
        return Met(None, rows, loses)

    def _taken(self, call: Call) -> list[Rule]:
        """The rules that meet this request, up to the first that ends it, each counted as used once."""
        taken: list[Rule] = []
        with self._lock:
            for rule in self._rules:
                is_second = rule.rows is not None and any(other.rows is not None for other in taken)
                if rule.times == 0 or is_second or not rule.whom.meets(call):
                    continue
                if rule.times is not None:
                    rule.times -= 1
                taken.append(rule)
                if rule.drops or rule.reply:
                    break
        return taken

    def _is_over_limit(self, call: Call) -> bool:
        key = (call.account, call.region, call.operation)
        with self._lock:
            return any(
                fnmatchcase(call.operation, pattern) and not bucket.take(key)
                for pattern, bucket in self._buckets.items()
            )

    def _add(self, rule: Rule) -> None:
        with self._lock:
            self._rules.append(rule)


def _refused(call: Call) -> Reply:
    if call.service == "sagemaker":
        return error_reply(call.protocol, "AccessDeniedException", _denied(call))
    return error_reply(call.protocol, "AccessDenied", _denied(call), 403)


def _refused_in_xml(call: Call) -> Reply:
    return query_error("AccessDenied", _denied(call), 403)


def _denied(call: Call) -> str:
    """IAM's sentence for a request that no policy allows."""
    action = f"{call.service}:{call.operation}"
    thing = f" on resource: {call.resource}" if call.resource else ""
    return (
        f"User: {call.principal} is not authorized to perform: {action}{thing} because no identity-based policy "
        f"allows the {action} action"
    )


def _throttled(call: Call) -> Reply:
    if call.service == "s3":
        return error_reply(call.protocol, "SlowDown", "Please reduce your request rate.", 503)
    code = "ThrottlingException" if call.service == "sagemaker" else "Throttling"
    return error_reply(call.protocol, code, "Rate exceeded")


def _names(resource: str | None, name: str) -> bool:
    return resource is not None and (resource == name or resource.endswith(f"/{name}"))
