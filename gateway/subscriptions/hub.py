"""The subscriptions of this process: how many connections there are, how events are executed, and the end of all."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
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
"""So many events are executed at once, so that a change with a thousand subscribers leaves time for queries."""

_NOT_A_SUBSCRIPTION: Final = "A subscription is expected here; send queries and mutations with POST."
_NO_OPERATION: Final = "`query` must hold one subscription, or `operationName` name one of several."


class TooManySubscribersError(Exception):
    """There are as many connections with subscriptions as `subscriptions.connections` allows, or the process ends."""


@dataclass(frozen=True, slots=True)
class SentSubscription:
    """A subscription as a client has sent it.

    Attributes:
        query: The document.
        variables: The variables.
        operation_name: The name of the operation, if one was given.
        caller: Who asks.
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
    """What all subscriptions of a process share.

    Attributes:
        schema: The schema.
        factory: Opens a request for each event.
        settings: The limits.
        feed: The changes of records by other processes.
        draining: Set once the process ends.
        connections: The number of connections with subscriptions.
        subscriptions: The number of subscriptions.
    """

    schema: GatewaySchema
    factory: RequestFactory
    settings: SubscriptionSettings
    feed: ChangeFeed
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0
    subscriptions: int = 0
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EVENTS_AT_ONCE))

    @contextmanager
    def connection(self) -> Iterator[None]:
        """Count a connection while the block runs.

        Raises:
            TooManySubscribersError: There are too many, or the process ends.
        """
        if self.draining.is_set() or self.connections >= self.settings.connections:
            raise TooManySubscribersError
        self.connections += 1
        try:
            yield
        finally:
            self.connections -= 1

    def drain(self) -> None:
        """Let every subscription be completed: the process ends."""
        self.draining.set()

    @asynccontextmanager
    async def request(self, sent: SentSubscription, event: SubscriptionEvent) -> AsyncIterator[Request]:
        """Open a request of its own for an event, in turn; caches and deadlines are as for any other request.

        What an event shows rests on the time at which its change was learnt, so that showing it takes no further look.

        Raises:
            RateLimitedError: The caller has as many requests running as they may, at the start of a subscription.
        """
        async with self._slots:
            started: datetime | None = event.at
            opening = self.factory.request(
                sent.caller, sent.request_id, started=started, event=event.subject is not None
            )
            async with opening as request:
                request.event = event
                yield request

    async def execute(self, sent: SentSubscription, request: Request) -> Execution:
        """Execute a subscription's operation once, for the event of a request."""
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


def refusal(message: str, code: str, request_id: str, **extensions: Any) -> Execution:
    """Give the outcome of an operation that is not run."""
    error = {"message": message, "extensions": {"code": code, "requestId": request_id, **extensions}}
    return Execution({"errors": [error]}, refused=True, root_codes=frozenset({code}))


def rate_limited(error: RateLimitedError, request_id: str) -> Execution:
    """Give the outcome of a subscription whose caller has to wait."""
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
