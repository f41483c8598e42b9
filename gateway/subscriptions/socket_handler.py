"""Strawberry's handler of graphql-transport-ws, with the gateway's own operations and a bounded life."""

import asyncio
import logging
import math
import time
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any, Final

from starlette.websockets import WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.unset import UNSET

from auth.caller import Caller
from auth.errors import AuthError, UnauthenticatedError
from gateway.json_encoding import encode_json
from gateway.requested_documents import UnknownDocumentError
from gateway.subscriptions.hub import (
    Execution,
    SentSubscription,
    SubscriptionHub,
    TooManySubscribersError,
    refusal,
)
from gateway.subscriptions.live import LiveSubscription
from gateway.subscriptions.socket_access import SocketAccess, SocketSession
from gateway.subscriptions.socket_messages import error_message, is_well_formed
from schema.build import GatewaySchema

INIT_SECONDS: Final = 10
"""Seconds within which a client must name its caller."""

UNAUTHORIZED, FORBIDDEN, RESTART, TRY_LATER, BAD_REQUEST = 4401, 4403, 1012, 1013, 4400

_log = logging.getLogger("sagegraph.requests")


class _SocketView:
    """The part of Strawberry's view that its handler of the protocol uses."""

    def __init__(self, access: SocketAccess) -> None:
        self._access = access

    def encode_json(self, data: object) -> str:
        """Write a message as text: clients take no binary frames."""
        return encode_json(data).decode()

    def decode_json(self, text: str) -> object:
        """Read a message."""
        return self._access.decode(text)

    async def on_ws_connect(self, session: SocketSession) -> object:
        """Take the caller; Strawberry acknowledges the connection then."""
        await self._access.authenticate(session)
        return UNSET


class SocketHandler(BaseGraphQLTransportWSHandler[SocketSession, None]):
    """Strawberry's state machine of the protocol, with the gateway's own operations and a bounded life.

    Args:
        access: Takes the caller, and reads messages.
        hub: The parts that all subscriptions share.
        session: The state of the connection.
        schema: The schema.
    """

    def __init__(
        self, access: SocketAccess, hub: SubscriptionHub, session: SocketSession, schema: GatewaySchema
    ) -> None:
        view: Any = _SocketView(access)
        adapter: Any = ASGIWebSocketAdapter(view, session.websocket, session.websocket)
        super().__init__(view, adapter, session, None, schema, timedelta(seconds=INIT_SECONDS))
        self._access = access
        self._hub = hub
        self._session = session
        self._request_id: str = session.websocket.scope["request_id"]
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None
        self._acknowledged = asyncio.Event()

    async def handle_until_its_end(self) -> None:
        """Serve the connection until the client leaves, its time is up, or the process ends."""
        ending = asyncio.create_task(self._end_in_time())
        try:
            await self.handle()
        except RuntimeError:
            # Starlette's, for a message after the close, which another task has sent meanwhile.
            if not self._ended:
                raise
        finally:
            ending.cancel()
            await asyncio.wait((ending,))
            with suppress(asyncio.CancelledError):
                ending.result()

    async def _end_in_time(self) -> None:
        """End the connection when the process ends, its age is reached, or the token that names the caller expires."""
        draining = asyncio.ensure_future(self._hub.draining.wait())
        known = asyncio.ensure_future(self._acknowledged.wait())
        evicted = asyncio.ensure_future(self._session.counted.evicted.wait())
        aged_at = time.monotonic() + self._hub.settings.max_age_seconds
        try:
            beginning = {draining, known, evicted}
            await asyncio.wait(beginning, timeout=INIT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if evicted.done():
                await self._end(TRY_LATER, "Others came who said who they are")
                return
            age, token = aged_at - time.monotonic(), _token_seconds(self._session.caller)
            await asyncio.wait({draining}, timeout=max(0.0, min(age, token)))
            if draining.done():
                await self._complete_all()
                await self._end(RESTART, "The gateway restarts")
            elif token < age:
                await self._end(UNAUTHORIZED, "The token has expired")
            else:
                await self._end(RESTART, "The connection has reached its age")
        finally:
            for waiting in (draining, known, evicted):
                waiting.cancel()

    async def _complete_all(self) -> None:
        for operation in list(self.operations.values()):
            if operation.task is not None:
                operation.task.cancel()
            with suppress(WebSocketDisconnected, RuntimeError):
                await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def _end(self, code: int, reason: str) -> None:
        if not self._ended:
            self._ended = True
            # The client may have gone, or been cut off for reading nothing.
            with suppress(WebSocketDisconnect, WebSocketDisconnected, RuntimeError):
                await self.websocket.close(code=code, reason=reason)

    async def handle_message(self, message: Any) -> None:
        """Handle a message, unless it is malformed; that closes the connection."""
        if not is_well_formed(message):
            await self._end(BAD_REQUEST, "Invalid message")
            return
        await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:
        """Acknowledge the connection by its `connection_init` message, if its caller may come in."""
        if message.get("payload") is None:
            message = {"type": "connection_init"}
        try:
            await super().handle_connection_init(message)
        except AuthError as error:
            code = UNAUTHORIZED if error.status == 401 or isinstance(error, UnauthenticatedError) else FORBIDDEN
            await self._end(code, "Unauthorized" if code == UNAUTHORIZED else "Forbidden")
        except TooManySubscribersError:
            await self._end(TRY_LATER, "Too many connections")
        self._acknowledged.set()

    async def handle_subscribe(self, message: Any) -> None:
        """Begin a subscription by its message, if there are not too many and its document is known."""
        if not self.connection_acknowledged or message["id"] in self.operations:
            await super().handle_subscribe(message)
            return
        most = self._hub.settings.per_connection
        if len(self.operations) >= most:
            text = f"A connection has at most {most} subscriptions (`subscriptions.perConnection`); complete one first."
            await self._refuse(message["id"], refusal(text, "LIMIT_EXCEEDED", self._request_id))
            return
        payload = message["payload"]
        try:
            text_or_none = self._access.text_of(payload)
        except UnknownDocumentError as error:
            await self._refuse(message["id"], refusal(str(error), error.code, self._request_id))
            return
        subscribe: Any = {**message, "payload": {**payload, "query": text_or_none or ""}}
        await super().handle_subscribe(subscribe)

    async def run_operation(self, operation: Operation[SocketSession, None]) -> None:
        """Send the messages of an operation until it ends."""
        sent = SentSubscription(
            operation.query, operation.variables, operation.operation_name, self._session.caller, self._request_id
        )
        try:
            async with aclosing(LiveSubscription(self._hub, sent).messages()) as messages:
                async for message in messages:
                    if message.refused:
                        await operation.send_operation_message(error_message(operation.id, message.body))
                        return
                    body: Any = message.body
                    await operation.send_operation_message({"id": operation.id, "type": "next", "payload": body})
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            return
        except Exception:  # noqa: BLE001 - any error is masked for the client, and whole in the log.
            _log.exception("An unexpected error was masked.", extra={"request_id": self._request_id})
            text = "Something went wrong inside the gateway; its log has the details under the request id."
            failed = refusal(text, "INTERNAL", self._request_id)
            with suppress(Exception):
                await operation.send_operation_message(error_message(operation.id, failed.body))

    async def _refuse(self, operation_id: str, execution: Execution) -> None:
        await self.send_message(error_message(operation_id, execution.body))

    async def send_message(self, message: Any) -> None:
        """Send a message, unless the connection has ended."""
        if not self._ended:
            await super().send_message(message)

    def forget_id(self, id: str) -> None:
        """Forget the operation with this id, which may have been cleaned up meanwhile."""
        self.operations.pop(id, None)


def _token_seconds(caller: Caller | None) -> float:
    """Give the seconds until the token that names a caller expires; infinity without one."""
    return math.inf if caller is None or caller.expires_at is None else caller.expires_at - time.time()
