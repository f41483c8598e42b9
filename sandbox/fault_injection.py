"""Fault injection: refuse, throttle, delay, fail, drop, lose, block or truncate requests."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypedDict, Unpack

from sandbox.call_log import AwsCall
from sandbox.flow_control import RequestHold, TokenBucket
from sandbox.responses import HttpResponse, error_response, query_error


class ConnectionDroppedError(Exception):
    """The connection is to be closed without an answer."""


class FaultTargetOptions(TypedDict, total=False):
    """Optional criteria of a :class:`FaultTarget`, beside the operation."""

    name: str
    account: str
    principal: str


@dataclass(frozen=True)
class FaultTarget:
    """The requests that a rule applies to: an operation ("*": all) and further criteria."""

    operation: str
    name: str | None = None
    """Of the resource, or the end of its ARN or S3 key."""
    account: str | None = None
    principal: str | None = None
    """The caller's ARN, or its end."""

    def matches(self, call: AwsCall) -> bool:
        """True if the rule applies to this request."""
        return (
            fnmatchcase(call.operation, self.operation)
            and (self.name is None or _is_named(call.resource, self.name))
            and (self.account is None or call.account == self.account)
            and (self.principal is None or call.principal.endswith(self.principal))
        )


@dataclass
class FaultRule:
    """One fault, its target, and how often it applies."""

    target: FaultTarget
    times: int | None = None
    reply: Callable[[AwsCall], HttpResponse] | None = None
    seconds: float = 0.0
    hold: RequestHold | None = None
    drops: bool = False
    loses: bool = False
    rows: int | None = None
    repeats: bool = False


@dataclass(frozen=True)
class FaultEffect:
    """The faults applied to a request whose connection was not dropped."""

    reply: HttpResponse | None = None
    """The error answer, if any."""
    rows: int | None = None
    """The most rows that a page may have."""
    loses: bool = False
    """True if the request is carried out and its answer lost."""
    repeats: bool = False
    """True if a listing goes on with the token that it always gives."""


class FaultInjection:
    """The rules of fault injection.

    Every method takes its target: ``operation`` ("*", ``List*``), ``name``, ``account`` and ``principal`` as
    :class:`FaultTarget` has them; and ``times``, how often it happens (None: until cleared). The first rule that
    answers is the last that is applied; delays and holds before it still count. Of rules that shorten, one applies
    at a time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[FaultRule] = []
        self._buckets: dict[str, TokenBucket] = {}

    def refuse(
        self, operation: str, *, times: int | None = None, xml: bool = False, **target: Unpack[FaultTargetOptions]
    ) -> None:
        """Access denied, in the service's own form (``xml``: in moto's, of which a client reads a bare 403)."""
        self._add(FaultRule(FaultTarget(operation, **target), times, _refused_in_xml if xml else _refused))

    def throttle(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> None:
        """Too many requests, said to each."""
        self._add(FaultRule(FaultTarget(operation, **target), times, _throttled))

    def fail(
        self,
        operation: str,
        *,
        status: int = 500,
        code: str | None = None,
        message: str = "An internal error occurred.",
        times: int | None = None,
        **target: Unpack[FaultTargetOptions],
    ) -> None:
        """An error of this status; its code is InternalFailure or ServiceUnavailable unless given."""
        text = code or ("ServiceUnavailable" if status == 503 else "InternalFailure")
        self._add(
            FaultRule(
                FaultTarget(operation, **target),
                times,
                lambda call: error_response(call.protocol, text, message, status),
            )
        )

    def drop(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> None:
        """The connection is closed without an answer."""
        self._add(FaultRule(FaultTarget(operation, **target), times, drops=True))

    def lose(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> None:
        """Carry out the request, then close the connection without an answer."""
        self._add(FaultRule(FaultTarget(operation, **target), times, loses=True))

    def delay(
        self, operation: str, seconds: float, *, times: int | None = None, **target: Unpack[FaultTargetOptions]
    ) -> None:
        """The answer comes so many real seconds later."""
        self._add(FaultRule(FaultTarget(operation, **target), times, seconds=seconds))

    def block(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> RequestHold:
        """The request waits until the hold that this gives is released."""
        hold = RequestHold()
        self._add(FaultRule(FaultTarget(operation, **target), times, hold=hold))
        return hold

    def shorten(
        self, operation: str, rows: int, *, times: int | None = None, **target: Unpack[FaultTargetOptions]
    ) -> None:
        """A listing's page holds no more than so many rows (none, even), and still goes on."""
        self._add(FaultRule(FaultTarget(operation, **target), times, rows=rows))

    def repeat(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> None:
        """A listing gives its first page for ever, with one and the same token (boto3 #1584, aws-cli #3191)."""
        self._add(FaultRule(FaultTarget(operation, **target), times, repeats=True))

    def limit(self, operation: str, per_second: float, burst: int | None = None) -> None:
        """Throttle what comes faster, per account, region and operation: a bucket of ``burst``, filled at this rate."""
        with self._lock:
            self._buckets[operation] = TokenBucket(per_second, burst if burst is not None else max(1, int(per_second)))

    def clear(self) -> None:
        """Remove all rules and release held requests."""
        with self._lock:
            rules, self._rules = self._rules, []
            self._buckets.clear()
        for rule in rules:
            if rule.hold:
                rule.hold.release()

    async def apply(self, call: AwsCall) -> FaultEffect:
        """Apply the rules that match a request.

        Raises:
            ConnectionDroppedError: the connection is to be closed at once.
        """
        if not self._rules and not self._buckets:
            return FaultEffect()
        if self._is_over_limit(call):
            return FaultEffect(_throttled(call))
        rows, loses, repeats = None, False, False
        for rule in self._matching_rules(call):
            if rule.seconds:
                await asyncio.sleep(rule.seconds)
            if rule.hold:
                await rule.hold.wait()
            if rule.drops:
                raise ConnectionDroppedError
            if rule.reply:
                return FaultEffect(rule.reply(call), loses=loses)
            rows = rule.rows if rule.rows is not None else rows
            loses = loses or rule.loses
            repeats = repeats or rule.repeats
        return FaultEffect(None, rows, loses, repeats)

    def _matching_rules(self, call: AwsCall) -> list[FaultRule]:
        """The rules that meet this request, up to the first that ends it, each counted as used once."""
        taken: list[FaultRule] = []
        with self._lock:
            for rule in self._rules:
                is_second = rule.rows is not None and any(other.rows is not None for other in taken)
                if rule.times == 0 or is_second or not rule.target.matches(call):
                    continue
                if rule.times is not None:
                    rule.times -= 1
                taken.append(rule)
                if rule.drops or rule.reply:
                    break
        return taken

    def _is_over_limit(self, call: AwsCall) -> bool:
        key = (call.account, call.region, call.operation)
        with self._lock:
            return any(
                fnmatchcase(call.operation, pattern) and not bucket.take(key)
                for pattern, bucket in self._buckets.items()
            )

    def _add(self, rule: FaultRule) -> None:
        with self._lock:
            self._rules.append(rule)


def _refused(call: AwsCall) -> HttpResponse:
    if call.service == "sagemaker":
        return error_response(call.protocol, "AccessDeniedException", _denied(call))
    return error_response(call.protocol, "AccessDenied", _denied(call), 403)


def _refused_in_xml(call: AwsCall) -> HttpResponse:
    return query_error("AccessDenied", _denied(call), 403)


def _denied(call: AwsCall) -> str:
    """IAM's sentence for a request that no policy allows."""
    action = f"{call.service}:{call.operation}"
    thing = f" on resource: {call.resource}" if call.resource else ""
    return (
        f"User: {call.principal} is not authorized to perform: {action}{thing} because no identity-based policy "
        f"allows the {action} action"
    )


def _throttled(call: AwsCall) -> HttpResponse:
    if call.service == "s3":
        return error_response(call.protocol, "SlowDown", "Please reduce your request rate.", 503)
    code = "ThrottlingException" if call.service == "sagemaker" else "Throttling"
    return error_response(call.protocol, code, "Rate exceeded")


def _is_named(resource: str | None, name: str) -> bool:
    return resource is not None and (resource == name or resource.endswith(f"/{name}"))
