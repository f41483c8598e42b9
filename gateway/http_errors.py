"""JSON responses outside GraphQL: errors of requests that never reach it, and the answers of probes."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse

from gateway.json_encoding import encode_json

JSON_HEADERS: Final[Mapping[str, str]] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""The headers of every JSON answer: no cache keeps it, and no browser takes it for something else."""


class _JsonResponse(JSONResponse):
    """A response that any text can stand in."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return encode_json(content)


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
    return json_response({"errors": [{"message": message, "extensions": shown}]}, status, headers)
