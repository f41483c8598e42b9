"""Subscriptions over WebSockets: the protocol graphql-transport-ws, for subscriptions alone."""

from typing import Any

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from auth.middleware import Identify
from gateway.http_errors import error_response
from gateway.settings.settings import Settings
from gateway.subscriptions.hub import CountedConnection, SubscriptionHub, TooManySubscribersError
from gateway.subscriptions.origins import is_origin_allowed
from gateway.subscriptions.socket_access import SocketAccess, SocketSession
from gateway.subscriptions.socket_handler import SocketHandler
from schema.build import GatewaySchema


class SubscriptionSocket:
    """The ASGI application of WebSockets at `/graphql`.

    Args:
        schema: The schema.
        settings: The settings: allowed origins, identity and limits.
        identify: Reads the caller from headers.
    """

    def __init__(self, schema: GatewaySchema, settings: Settings, identify: Identify) -> None:
        self._schema = schema
        self._access = SocketAccess(schema.trusted, settings, identify)
        self._origins = frozenset(settings.server.cors.allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        websocket = WebSocket(scope, receive, send)
        hub: SubscriptionHub = websocket.state.subscriptions
        if not is_origin_allowed(websocket.headers, self._origins):
            message = "A page of another origin opens this socket; name the origin in `server.cors.allowedOrigins`."
            await websocket.send_denial_response(_denial(scope, 403, message, "FORBIDDEN"))
            return
        try:
            with hub.connection() as counted:
                counted.belongs_to(scope["caller"])
                await self._serve(websocket, hub, counted)
        except TooManySubscribersError as error:
            await websocket.send_denial_response(_denial(scope, error.status, str(error), error.code))

    async def _serve(self, websocket: WebSocket, hub: SubscriptionHub, counted: CountedConnection) -> None:
        if GRAPHQL_TRANSPORT_WS_PROTOCOL not in websocket.scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(4406, "Subprotocol not acceptable")
            return
        await websocket.accept(GRAPHQL_TRANSPORT_WS_PROTOCOL)
        session = SocketSession(websocket, counted, caller=websocket.scope["caller"])
        await SocketHandler(self._access, hub, session, self._schema).handle_until_its_end()


def _denial(scope: Scope, status: int, message: str, code: str) -> Any:
    headers = None if status == 403 else {"Retry-After": "1"}
    return error_response(status, message, code, scope.get("request_id"), headers)
