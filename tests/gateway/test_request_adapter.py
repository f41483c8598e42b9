"""gateway.request_adapter: media types in any case, and what was sent is kept for the log."""

from typing import Any

from starlette.requests import Request
from strawberry.http import GraphQLRequestData

from gateway.request_adapter import RequestAdapter


def test_a_media_type_is_compared_in_lower_case_and_what_was_sent_is_kept() -> None:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", b"Application/JSON; Charset=UTF-8")],
    }
    adapter, sent = RequestAdapter(Request(scope)), GraphQLRequestData("{ a }", None, None, None)
    assert adapter.content_type == "application/json; charset=utf-8"
    adapter.keep(sent)
    assert scope["sent"] is sent
