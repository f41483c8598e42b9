"""sandbox.jira.answers: JSON, pages, and empty bodies."""

from typing import Any

import pytest

from sandbox.jira.answers import JiraAnswer


@pytest.mark.parametrize(
    ("content", "kind", "body"),
    [
        ({"key": "MLOPS-1"}, b"application/json;charset=UTF-8", b'{"key":"MLOPS-1"}'),
        ([], b"application/json;charset=UTF-8", b"[]"),
        ("<p>é</p>", b"text/html;charset=UTF-8", "<p>é</p>".encode()),
        (None, b"application/json;charset=UTF-8", b""),
    ],
)
def test_a_body_has_its_type_and_length(content: Any, kind: bytes, body: bytes) -> None:
    response = JiraAnswer(201, content, {"Retry-After": "5"}).response()
    assert (response.status, response.body) == (201, body)
    assert response.headers == [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"Retry-After", b"5"),
    ]
