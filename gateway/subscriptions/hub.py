"""The subscriptions of this process: the number of connections, the execution of events, and the end of all."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from auth.caller import Caller
from gateway.context import RequestFactory
from gateway.settings.server import SubscriptionSettings
from registry.change_feed import ChangeFeed
from resolvers.errors import RateLimitedError
from resolvers.request import Request
from resolvers.subscription_events import SubscriptionEvent
from schema.build import GatewaySchema
from schema.errors import format_error

EVENTS_AT_ONCE: Final = 16
"""Events that are executed at once, few enough that a change with a thousand subscribers leaves time for queries."""

SLOT_SECONDS: Final = 1.0
"""Seconds for which an event keeps its turn; one that takes longer waits for AWS, and must hold up no others."""

_NOT_A_SUBSCRIPTION: Final = "A subscription is expected here; send queries and mutations with POST."
_NO_OPERATION: Final = "`query` must hold one subscription, or `operationName` name one of several."


class TooManySubscribersError(Exception):
    """There are as many connections with subscriptions as the settings allow, or the process ends.

    Args:
        message: The fault and its remedy.
        status: The HTTP status.

    Attributes:
        code: The contract's error code.
        status: The HTTP status.
    """

    code: Final = "LIMIT_EXCEEDED"

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


_TOO_MANY: Final = "The gateway has too many connections with subscriptions (`subscriptions.connections`)."
_TOO_MANY_OF_CALLER: Final = "You have too many connections with subscriptions (`subscriptions.perCaller`); close one."


@dataclass(frozen=True, slots=True)
class SentSubscription:
    """A subscription as a client has sent it.

    Attributes:
        query: The document; None if the request has none.
        variables: The variables; None without any.
        operation_name: The name of the operation; None without one.
        caller: The caller; None if nobody is named.
        request_id: The id that errors carry.
    """

    query: str | None
    variables: Mapping[str, Any] | None
    operation_name: str | None
    caller: Caller | None
    request_id: str


@dataclass(frozen=True, slots=True)
class Execution:
    """An executed operation: the response's body, and the codes of its errors.

    Attributes:
        body: The response's body.
        refused: True if the operation could not run at all.
        root_codes: The codes of the errors of the subscription's own field, or of the whole operation.
    """

    body: Mapping[str, Any]
    refused: bool
    root_codes: frozenset[str]


@dataclass(slots=True)
class SubscriptionHub:
    """The parts and counters that all subscriptions of a process share.

    Attributes:
        schema: The schema.
        factory: Opens a request for each event.
        settings: The limits.
        feed: The changes of records by other processes.
        draining: Set once the process ends.
        connections: The number of connections with subscriptions.
        subscriptions: The number of subscriptions.
        events: The number of events that were sent so far.
        refused: The number of connections that were refused so far, because there were too many.
        errors: The number of errors of subscriptions and their events so far, by code.
    """

    schema: GatewaySchema
    factory: RequestFactory
    settings: SubscriptionSettings
    feed: ChangeFeed
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0
    subscriptions: int = 0
    events: int = 0
    refused: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    _by_caller: Counter[str] = field(default_factory=Counter)
    _unnamed: "dict[CountedConnection, None]" = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EVENTS_AT_ONCE))

    @contextmanager
    def connection(self) -> Iterator["CountedConnection"]:
        """Count a connection while the block runs; until its caller is known, it may have to make room for others.

        Raises:
            TooManySubscribersError: There are too many, or the process ends.
        """
        if self.draining.is_set() or (self.connections >= self.settings.connections and not self._make_room()):
            self.refused += 1
            raise TooManySubscribersError(_TOO_MANY, 503)
        self.connections += 1
        counted = CountedConnection(self)
        self._unnamed[counted] = None
        try:
            yield counted
        finally:
            self._unnamed.pop(counted, None)
            self.connections -= not counted.evicted.is_set()
            self.release(counted.subject)

    def _make_room(self) -> bool:
        """Evict the connection that has waited longest to be named: nobody unknown keeps out those who are known."""
        longest = next(iter(self._unnamed), None)
        if longest is not None:
            del self._unnamed[longest]
            longest.evicted.set()
            self.connections -= 1
        return longest is not None

    def name(self, counted: "CountedConnection") -> None:
        """Note that the caller of a counted connection is known, so that it need not make room any more."""
        self._unnamed.pop(counted, None)

    def claim(self, subject: str) -> None:
        """Count a connection of the caller with this subject. Raises TooManySubscribersError if they have too many."""
        if self._by_caller[subject] >= self.settings.per_caller:
            self.refused += 1
            raise TooManySubscribersError(_TOO_MANY_OF_CALLER, 429)
        self._by_caller[subject] += 1

    def release(self, subject: str | None) -> None:
        """Count one connection less of the caller with this subject; None is an unknown caller, who has no count."""
        if subject is not None:
            self._by_caller[subject] -= 1
            self._by_caller += Counter()

    def drain(self) -> None:
        """Let every subscription be completed: the process ends."""
        self.draining.set()

    @asynccontextmanager
    async def request(self, sent: SentSubscription, event: SubscriptionEvent) -> AsyncIterator[Request]:
        """Open a request of its own for an event, in turn; caches and deadlines are as for any other request.

        An event's answer is as old as the learning of its change, so that showing it takes no further look.

        Args:
            sent: The subscription.
            event: The event; one without a subject is the start of the subscription.

        Raises:
            RateLimitedError: The caller has as many requests running as they may, at the start of a subscription.
        """
        async with self._slot(may_wait=event.subject is not None):
            started: datetime | None = event.at
            opening = self.factory.request(
                sent.caller, sent.request_id, started=started, event=event.subject is not None
            )
            async with opening as request:
                request.event = event
                yield request

    @asynccontextmanager
    async def _slot(self, *, may_wait: bool) -> AsyncIterator[None]:
        """Wait for a turn, and have it for the block, or for `SLOT_SECONDS` of it if it may wait for AWS."""
        await self._slots.acquire()
        turn = ExitStack()
        turn.callback(self._slots.release)
        timer = asyncio.get_running_loop().call_later(SLOT_SECONDS, turn.close) if may_wait else None
        try:
            yield
        finally:
            if timer is not None:
                timer.cancel()
            turn.close()

    async def execute(self, sent: SentSubscription, request: Request) -> Execution:
        """Execute the sent operation once, for the event of a request. Faults become the errors of the execution."""
        try:
            result = await self.schema.execute(
                sent.query,
                variable_values=dict(sent.variables) if sent.variables is not None else None,
                context_value=request,
                operation_name=sent.operation_name,
                allowed_operation_types=(OperationType.SUBSCRIPTION,),
            )
        except InvalidOperationTypeError:
            return refusal(_NOT_A_SUBSCRIPTION, "BAD_USER_INPUT", sent.request_id)
        except (CannotGetOperationTypeError, MissingQueryError):
            return refusal(_NO_OPERATION, "BAD_USER_INPUT", sent.request_id)
        return _execution(result, sent.request_id)


@dataclass(slots=True, eq=False)
class CountedConnection:
    """A connection that the hub counts.

    Attributes:
        hub: The hub.
        subject: The subject of its caller; None before that is known.
        evicted: Set once it has to close, to make room.
    """

    hub: SubscriptionHub
    subject: str | None = None
    evicted: asyncio.Event = field(default_factory=asyncio.Event)

    def belongs_to(self, caller: Caller | None) -> None:
        """Count it as this caller's, or nobody's with None. Raises TooManySubscribersError if they have too many."""
        subject = None if caller is None else caller.subject
        if subject == self.subject:
            return
        if subject is not None:
            self.hub.claim(subject)
            self.hub.name(self)
        self.hub.release(self.subject)
        self.subject = subject


def refusal(message: str, code: str, request_id: str, **extensions: Any) -> Execution:
    """Give the outcome of an operation that is not run.

    Args:
        message: The fault and its remedy.
        code: The contract's error code.
        request_id: The id that the error carries.
        extensions: Further extensions of the error.
    """
    error = {"message": message, "extensions": {"code": code, "requestId": request_id, **extensions}}
    return Execution({"errors": [error]}, refused=True, root_codes=frozenset({code}))


def rate_limited(error: RateLimitedError, request_id: str) -> Execution:
    """Give the outcome of a subscription whose caller has to wait, with the time of the error.

    Args:
        error: The error of the caller's limiter.
        request_id: The id that the error carries.
    """
    return refusal(str(error), "LIMIT_EXCEEDED", request_id, retryAfterSeconds=error.retry_after)


def _execution(result: ExecutionResult, request_id: str) -> Execution:
    errors: list[GraphQLError] = list(result.errors or ())
    formatted = [format_error(error, request_id) for error in errors]
    ran = result.data is not None or not errors or any(error.path is not None for error in errors)
    body: dict[str, Any] = {"errors": formatted} if errors else {}
    if ran:
        body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    roots = [one["extensions"]["code"] for one in formatted if len(one.get("path", ())) <= 1]
    return Execution(body, refused=not ran, root_codes=frozenset(roots))
