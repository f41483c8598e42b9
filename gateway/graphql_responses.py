"""Responses of GraphQL over HTTP: of answered operations, and of requests that are not run."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from gateway.http_errors import JSON_HEADERS, error_response
from gateway.json_encoding import JsonPieces, encode_json
from gateway.media_types import refused_status


def graphql_response(body: Mapping[str, Any], chosen: str) -> Response:
    """Give the response of an operation; one that could not run is a 400 for clients that speak the newer media type.

    Args:
        body: The body.
        chosen: The media type that the client prefers.
    """
    failed = "data" not in body
    headers = {"Content-Type": f"{chosen}; charset=utf-8", **JSON_HEADERS}
    if isinstance(body.get("data"), JsonPieces):
        return PiecesResponse(_pieces_of(body), headers)
    status = refused_status(chosen) if failed else 200
    if failed and (seconds := _retry_after(body)) is not None:
        status, headers["Retry-After"] = 429, str(seconds)
    return Response(encode_json(body), status, headers)


class PiecesResponse(Response):
    """A response that is sent piece by piece, with the loop's other work in between: compression takes long too.

    Args:
        pieces: The body; each piece is let go as it is sent.
        headers: The headers, but for the length.
    """

    def __init__(self, pieces: Iterable[bytes], headers: Mapping[str, str]) -> None:
        self._pieces = deque(pieces)
        length = sum(map(len, self._pieces))
        super().__init__(headers={**headers, "Content-Length": str(length)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while self._pieces:
            await send({"type": "http.response.body", "body": self._pieces.popleft(), "more_body": True})
            # The server waits only if much is left to be sent.
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _pieces_of(body: Mapping[str, Any]) -> Iterator[bytes]:
    """Give the JSON of a body, of which a value may be in pieces."""
    mark = b"{"
    for key, value in body.items():
        yield mark + encode_json(key) + b":"
        if isinstance(value, JsonPieces):
            yield from value.pieces
        else:
            yield encode_json(value)
        mark = b","
    yield b"}"


def _retry_after(body: Mapping[str, Any]) -> int | None:
    """Give the seconds after which a refused request may be repeated; None if it was refused for something else."""
    retry_seconds = (error["extensions"].get("retryAfterSeconds") for error in body["errors"])
    return next((seconds for seconds in retry_seconds if seconds is not None), None)


def refusal(http: Request, error: HTTPException) -> Response:
    """Give the response to a request that Strawberry refused to run, with the error that says why."""
    if http.method == "GET" and isinstance(error.__cause__, InvalidOperationTypeError):
        message = "A GET runs queries alone; send a mutation with POST."
        return error_response(405, message, "BAD_USER_INPUT", http.scope["request_id"], {"Allow": "POST"})
    return error_response(error.status_code, _error_message(error), "BAD_USER_INPUT", http.scope["request_id"])


def _error_message(error: HTTPException) -> str:
    """Strawberry's sentence, but for an operation's name, which the client could have put anything into."""
    if isinstance(error.__cause__, CannotGetOperationTypeError):
        return "`operationName` must name an operation of the document; it may be left out where there is only one."
    return error.reason
