"""Answers of the stand-in Jira."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from sandbox.responses import HttpResponse


@dataclass(frozen=True)
class JiraAnswer:
    """An answer.

    Attributes:
        status: The HTTP status.
        content: A value for JSON; a text is a page of HTML, None an empty body.
        headers: Headers beside the type and length.
    """

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        """The answer as HTTP has it."""
        kind, body = "application/json;charset=UTF-8", b""
        if isinstance(self.content, str):
            kind, body = "text/html;charset=UTF-8", self.content.encode()
        elif self.content is not None:
            body = orjson.dumps(self.content)
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        usual = [(b"content-type", kind.encode()), (b"content-length", b"%d" % len(body))]
        return HttpResponse(self.status, body, [*usual, *headers])
