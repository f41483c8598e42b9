"""HTTP responses: SageMaker's JSON, the query protocol's XML, S3's XML."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

import orjson

JSON = "application/x-amz-json-1.1"


@dataclass(frozen=True)
class HttpResponse:
    """A status, headers and a body.

    Attributes:
        status: The HTTP status.
        body: The body; empty for none.
        headers: Names in lower case, with their values.
    """

    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


def json_response(content: Any, status: int = 200) -> HttpResponse:
    """SageMaker's JSON answer of this content, whose times are numbers already."""
    body = orjson.dumps(content)
    return HttpResponse(
        status, body, [(b"content-type", JSON.encode()), _request_id(), (b"content-length", b"%d" % len(body))]
    )


def error_response(protocol: str, code: str, message: str, status: int = 400) -> HttpResponse:
    """An error in the form that clients of the protocol (``json``, ``query`` or ``s3``) read."""
    if protocol == "json":
        return json_response({"__type": code, "message": message}, status)
    return s3_error(code, message, status) if protocol == "s3" else query_error(code, message, status)


def query_error(code: str, message: str, status: int) -> HttpResponse:
    """An error of this code in the XML of STS, IAM and CloudWatch (and of moto's denials for every service)."""
    body = (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        f"<RequestId>{uuid4()}</RequestId></ErrorResponse>"
    )
    return _xml(body, status, code)


def s3_error(code: str, message: str, status: int) -> HttpResponse:
    """An error of this code in the XML of S3."""
    body = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message><RequestId>{uuid4()}</RequestId></Error>"
    return _xml(body, status, code)


def _xml(body: str, status: int, code: str) -> HttpResponse:
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()
    headers = [(b"content-type", b"text/xml"), (b"x-amzn-errortype", code.encode()), _request_id()]
    return HttpResponse(status, content, [*headers, (b"content-length", b"%d" % len(content))])


def _request_id() -> tuple[bytes, bytes]:
    return (b"x-amzn-requestid", str(uuid4()).encode())
