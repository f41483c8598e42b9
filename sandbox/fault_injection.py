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
    """The connection has to be closed without an answer."""


class FaultTargetOptions(TypedDict, total=False):
    """Optional criteria of a :class:`FaultTarget`, beside the operation.

    Attributes:
        name: See `FaultTarget`.
        account: See `FaultTarget`.
        principal: See `FaultTarget`.
    """

    name: str
    account: str
    principal: str


@dataclass(frozen=True)
class FaultTarget:
    """The requests to which a rule applies: those that meet every criterion; None for any.

    Attributes:
        operation: Pattern of operations: a name, ``List*``, or ``*`` for all.
        name: Name of the resource, or the end of its ARN or S3 key.
        account: The principal's account.
        principal: The principal's ARN, or its end.
    """

    operation: str
    name: str | None = None
    account: str | None = None
    principal: str | None = None

    def matches(self, call: AwsCall) -> bool:
        """True if the rule applies to this call."""
        return (
            fnmatchcase(call.operation, self.operation)
            and (self.name is None or _is_named(call.resource, self.name))
            and (self.account is None or call.account == self.account)
            and (self.principal is None or call.principal.endswith(self.principal))
        )


@dataclass
class FaultRule:
    """One fault, its target, and the number of requests that it meets.

    Attributes:
        target: The requests to which it applies.
        times: Requests that it still meets; None for no end.
        reply: Makes the error answer; None for none.
        seconds: Real seconds before the answer.
        hold: Keeps the request until it is released; None for no wait.
        drops: Whether the connection is closed without an answer.
        loses: Whether the request is carried out and its answer lost.
        rows: The most rows of a page; None for no limit.
        repeats: Whether a listing gives its first page for ever.
    """

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
    """The faults applied to a request whose connection was not dropped.

    Attributes:
        reply: The error answer; None for none.
        rows: The most rows of a page; None for no limit.
        loses: Whether the request is carried out and its answer lost.
        repeats: Whether a listing always gives its first page and the same token.
    """

    reply: HttpResponse | None = None
    rows: int | None = None
    loses: bool = False
    repeats: bool = False


class FaultInjection:
    """The rules of fault injection.

    Every method takes the target of a rule (`operation`, `name`, `account` and `principal`, see :class:`FaultTarget`)
    and `times`, the number of requests that it meets (None: all until :meth:`clear`). Rules apply in the order in
    which they were added, up to the first that answers or drops; delays and holds before it still take effect. Of
    several rules that shorten, only the first applies.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[FaultRule] = []
        self._buckets: dict[str, TokenBucket] = {}

    def refuse(
        self, operation: str, *, times: int | None = None, xml: bool = False, **target: Unpack[FaultTargetOptions]
    ) -> None:
        """Deny access in the service's own form.

        `xml` answers in moto's XML, in which a client of a JSON service reads no more than the status 403.
        """
        self._add(FaultRule(FaultTarget(operation, **target), times, _refused_in_xml if xml else _refused))

    def throttle(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> None:
        """Answer requests for the operation with the service's error for too many requests."""
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
        """Answer with an error of this HTTP status.

        Without `code` it is ServiceUnavailable for 503, InternalFailure for any other status.
        """
        text = code or ("ServiceUnavailable" if status == 503 else "InternalFailure")
        self._add(
            FaultRule(
                FaultTarget(operation, **target),
                times,
                lambda call: error_response(call.protocol, text, message, status),
            )
        )

    def drop(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> None:
        """Close the connection without an answer, and without carrying out the operation."""
        self._add(FaultRule(FaultTarget(operation, **target), times, drops=True))

    def lose(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> None:
        """Carry out the operation, then close the connection without an answer."""
        self._add(FaultRule(FaultTarget(operation, **target), times, loses=True))

    def delay(
        self, operation: str, seconds: float, *, times: int | None = None, **target: Unpack[FaultTargetOptions]
    ) -> None:
        """Delay the answer by real seconds."""
        self._add(FaultRule(FaultTarget(operation, **target), times, seconds=seconds))

    def block(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> RequestHold:
        """Keep requests of the operation waiting until the hold that this returns is released."""
        hold = RequestHold()
        self._add(FaultRule(FaultTarget(operation, **target), times, hold=hold))
        return hold

    def shorten(
        self, operation: str, rows: int, *, times: int | None = None, **target: Unpack[FaultTargetOptions]
    ) -> None:
        """Bound the pages of a listing to `rows` rows, which may be none; each page still has its token."""
        self._add(FaultRule(FaultTarget(operation, **target), times, rows=rows))

    def repeat(self, operation: str, *, times: int | None = None, **target: Unpack[FaultTargetOptions]) -> None:
        """Give the first page of a listing operation for ever, with one and the same token.

        As seen in boto3 #1584 and aws-cli #3191.
        """
        self._add(FaultRule(FaultTarget(operation, **target), times, repeats=True))

    def limit(self, operation: str, per_second: float, burst: int | None = None) -> None:
        """Throttle requests by a token bucket for each account, region and operation.

        Args:
            operation: Pattern of operations.
            per_second: Tokens that a bucket gets per real second.
            burst: The most tokens of a bucket; None for those of one second, at least 1.
        """
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
        """Apply the rules that match a call: wait for delays and holds, and return the effect on the answer.

        Raises:
            ConnectionDroppedError: The connection has to be closed at once.
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
        """The rules that match this call, up to the first that answers or drops; each counts as used once more."""
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
