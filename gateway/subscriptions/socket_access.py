"""The callers of WebSockets, and the documents that messages name."""

from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

import orjson
from starlette.websockets import WebSocket

from auth.caller import Caller
from auth.errors import no_caller_error
from auth.middleware import Identify
from gateway.requested_documents import RequestedDocuments
from gateway.settings.settings import Settings
from gateway.subscriptions.hub import CountedConnection
from schema.limits.trusted_documents import TrustedDocuments


@dataclass(slots=True)
class SocketSession:
    """The state of a connection.

    Attributes:
        websocket: The connection, with its handshake.
        counted: Its place in the hub's counts.
        connection_params: The parameters of `connection_init`; None before it, or if it has none.
        caller: The caller; None before one is known.
    """

    websocket: WebSocket
    counted: CountedConnection
    connection_params: Mapping[str, Any] | None = None
    caller: Caller | None = None


class SocketAccess:
    """Takes callers from `connection_init`, and reads messages within their limits.

    Args:
        trusted: The trusted documents.
        settings: The settings: identity and limits.
        identify: Reads the caller from headers.
    """

    def __init__(self, trusted: TrustedDocuments, settings: Settings, identify: Identify) -> None:
        identity = settings.identity
        self._documents = RequestedDocuments(trusted)
        self._max_bytes = settings.limits.bytes
        self._identify = identify
        self._acting_group = identity.acting_group
        self._token = identity.jwt.header if identity.mode == "jwt" and identity.jwt is not None else None

    async def authenticate(self, session: SocketSession) -> None:
        """Take the session's caller from the parameters of `connection_init`, as if these were headers of the
        handshake.

        Raises:
            AuthError: They name nobody who may come in, or nobody at all.
            TooManySubscribersError: The caller has too many connections.
        """
        session.caller = await self._caller(session)
        if session.caller is None:
            raise no_caller_error()
        session.counted.belongs_to(session.caller)

    async def _caller(self, session: SocketSession) -> Caller | None:
        params, scope = session.connection_params or {}, session.websocket.scope
        asked = {self._acting_group: params.get("actingGroup")}
        if self._token is not None:
            asked[self._token] = params.get("authorization")
        sent = {name: value for name, value in asked.items() if isinstance(value, str)}
        if not sent:
            return session.caller
        replaced = {name.lower().encode() for name in sent}
        kept = [pair for pair in scope["headers"] if pair[0].lower() not in replaced]
        added = [(name.lower().encode(), _encoded(value)) for name, value in sent.items()]
        client = scope.get("client")
        return await self._identify([*kept, *added], client[0] if client else None)

    def text_of(self, payload: Mapping[str, Any]) -> str | None:
        """Give the document of a `subscribe` message's payload, by its text or its id; None if it has neither.

        Raises:
            UnknownDocumentError: No trusted document has the id.
        """
        query, extensions = payload.get("query"), payload.get("extensions")
        if query:
            return self._documents.trusted_text(str(query), extensions)
        return self._documents.text_of(payload.get("documentId"), extensions)

    def decode(self, text: str) -> object:
        """Give the message that a text holds. Raises JSONDecodeError if it is none, or too large."""
        if len(text) > self._max_bytes:
            raise JSONDecodeError("too large", "", 0)
        return orjson.loads(text)


def _encoded(value: str) -> bytes:
    return value.encode("utf-8", errors="replace")
