"""JSON responses outside GraphQL: errors of requests that never reach it, and the answers of probes."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse

JSON_HEADERS: Final[Mapping[str, str]] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""The headers of every JSON answer: no cache keeps it, and no browser takes it for something else."""


def json_response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Give a JSON response with `JSON_HEADERS` and these headers besides."""
    return JSONResponse(body, status, {**JSON_HEADERS, **(headers or {})})


def error_response(
    status: int, message: str, code: str, request_id: str | None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Give the response of a refused request, in the form of a GraphQL response: one error and no data.

    Args:
        status: The HTTP status.
        message: The fault and its remedy.
        code: The contract's error code.
        request_id: The request's id; None before it has one.
        headers: Further headers.
    """
    extensions = {"code": code, "requestId": request_id}
    return json_response({"errors": [{"message": message, "extensions": extensions}]}, status, headers)
