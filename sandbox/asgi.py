"""HTTP as uvicorn hands it over: requests read to their end, answers sent, and connections dropped."""

from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.requests import IncomingRequest
from sandbox.responses import HttpResponse

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]


class ClosableHttpProtocol(HttpToolsProtocol):
    """A connection that its requests can close: uvicorn itself would answer 500 instead."""

    def on_headers_complete(self) -> None:
        """Give the request its connection, and go on as uvicorn does."""
        self.scope["state"]["transport"] = self.transport
        super().on_headers_complete()


async def read_request(scope: Message, receive: Receive) -> IncomingRequest:
    """Read a request of this ASGI scope, its body to the end."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    raw_path = scope["raw_path"].decode("latin-1")
    return IncomingRequest(scope["method"], raw_path, scope["query_string"].decode("latin-1"), headers, body)


async def send_response(send: Send, response: HttpResponse) -> None:
    """Send a response, head and body."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    await send({"type": "http.response.body", "body": response.body})


async def drop_connection(scope: Message, receive: Receive) -> None:
    """Close the connection of this ASGI scope without an answer, and return once uvicorn has noticed."""
    scope["state"]["transport"].abort()
    # uvicorn takes a missing answer for an error, unless it knows by then that the client has disconnected.
    while (await receive())["type"] != "http.disconnect":
        pass
