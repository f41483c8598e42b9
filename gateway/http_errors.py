"""JSON error responses for requests that never reach GraphQL."""

from collections.abc import Mapping

from starlette.responses import JSONResponse


def error_response(
    status: int, message: str, code: str, request_id: str | None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An answer with one error and no data, which nobody may keep."""
    extensions = {"code": code, "requestId": request_id}
    body = {"errors": [{"message": message, "extensions": extensions}]}
    return JSONResponse(body, status, {"Cache-Control": "no-store", **(headers or {})})
