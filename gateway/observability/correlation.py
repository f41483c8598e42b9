"""Ids by which a request is found in other systems' logs and traces: `X-Request-Id` and `traceparent`."""

import re
from collections.abc import Iterable
from typing import Final

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")
_TRACE_PARENT: Final = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_NO_TRACE: Final = b"0" * 32


def sent_ids(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str | None, str | None]:
    """Give the request's id and its trace's id from a request's headers, as the client has sent them.

    None stands for one that was not sent, was sent twice, or has not the form of one.
    """
    request_ids, trace_parents = list[bytes](), list[bytes]()
    for name, value in headers:
        if name == b"x-request-id":
            request_ids.append(value)
        elif name == b"traceparent":
            trace_parents.append(value)
    return _request_id(request_ids), _trace_id(trace_parents)


def _request_id(sent: list[bytes]) -> str | None:
    return sent[0].decode() if len(sent) == 1 and _REQUEST_ID.fullmatch(sent[0]) else None


def _trace_id(sent: list[bytes]) -> str | None:
    match = _TRACE_PARENT.fullmatch(sent[0]) if len(sent) == 1 else None
    return None if match is None or match[1] == _NO_TRACE else match[1].decode()
