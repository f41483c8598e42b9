"""JSON responses outside GraphQL: errors of requests that never reach it, and the answers of probes."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from gateway.json_encoding import encode_json
from gateway.media_types import negotiated

JSON_HEADERS: Final[Mapping[str, str]] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""The headers of every JSON answer: no cache keeps it, and no browser takes it for something else."""


class _JsonResponse(JSONResponse):
    """A response that any text can stand in."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return encode_json(content)


class _GraphQLErrorResponse(_JsonResponse):
    """A refused request's response, in the media type of GraphQL over HTTP that its client prefers.

    Args:
        code: The code of its error.
        body: The body.
        status: The HTTP status.
        headers: The headers.
    """

    def __init__(self, code: str, body: Any, status: int, headers: Mapping[str, str]) -> None:
        self._code = code
        super().__init__(body, status, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and leave its code in the scope, for the log."""
        scope["error_code"] = self._code
        if (chosen := negotiated(Headers(scope=scope).get("accept", ""))) != self.media_type:
            self.headers["content-type"] = f"{chosen}; charset=utf-8"
        await super().__call__(scope, receive, send)


def json_response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Give a JSON response with `JSON_HEADERS` and these headers besides."""
    return _JsonResponse(body, status, {**JSON_HEADERS, **(headers or {})})


def error_response(
    status: int,
    message: str,
    code: str,
    request_id: str | None,
    headers: Mapping[str, str] | None = None,
    **extensions: Any,
) -> JSONResponse:
    """Give the response of a refused request, in the form of a GraphQL response: one error and no data.

    Args:
        status: The HTTP status.
        message: The fault and its remedy.
        code: The contract's error code.
        request_id: The request's id; None before it has one.
        headers: Further headers.
        extensions: Further extensions of the error.
    """
    shown = {"code": code, "requestId": request_id, **extensions}
    body = {"errors": [{"message": message, "extensions": shown}]}
    return _GraphQLErrorResponse(code, body, status, {**JSON_HEADERS, **(headers or {})})


async def route_error_response(request: Request, error: Exception) -> Response:
    """Give the response of a path without a route (404) or a method that its route does not take (405).

    Raises:
        Exception: The error, if it is no HTTPException of Starlette's.
    """
    if not isinstance(error, HTTPException):
        raise error
    request_id = request.scope.get("request_id")
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "another method")
        message = f"The path does not take {request.method}; send {allowed}."
        return error_response(405, message, "BAD_USER_INPUT", request_id, error.headers)
    message = "Nothing is at this path. GraphQL is at `/graphql`."
    return error_response(404, message, "NOT_FOUND", request_id, error.headers)
