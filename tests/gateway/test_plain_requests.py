"""gateway.plain_requests: requests as nearly all clients send them, and all that takes a closer look."""

from typing import Any

import orjson
import pytest

from gateway.plain_requests import plain_request


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8"])
def test_a_plain_request(content_type: str) -> None:
    sent = {"query": "query A { a }", "variables": {"a": 1}, "operationName": "A", "extensions": {"b": 2}}
    read = plain_request(content_type, orjson.dumps(sent))
    assert read is not None
    assert (read.query, read.variables, read.operation_name) == ("query A { a }", {"a": 1}, "A")
    assert (read.extensions, read.protocol) == ({"b": 2}, "http")


def test_what_may_be_left_out_or_null() -> None:
    read = plain_request("application/json", b'{"query": "{ a }", "variables": null}')
    assert read is not None
    assert (read.query, read.variables, read.operation_name, read.extensions) == ("{ a }", None, None, None)


@pytest.mark.parametrize(
    "sent",
    [
        [{"query": "{ a }"}],
        {"documentId": "a"},
        {"query": ""},
        {"query": 1},
        {"query": "{ a }", "variables": []},
        {"query": "{ a }", "operationName": 1},
        {"query": "{ a }", "extensions": "a"},
        "{ a }",
    ],
)
def test_anything_else_takes_a_closer_look(sent: Any) -> None:
    assert plain_request("application/json", orjson.dumps(sent)) is None


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/jsonp", "multipart/form-data"])
def test_another_media_type_takes_a_closer_look(content_type: str) -> None:
    assert plain_request(content_type, b'{"query": "{ a }"}') is None


def test_what_is_no_json_takes_a_closer_look() -> None:
    assert plain_request("application/json", b'{"query": NaN}') is None
