"""sandbox.jira.texts: documents and markup, and what each version of the API takes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.jira.texts import TextPart, document, in_version, is_text, lines_of, timestamp

BROKEN: dict[str, Any] = {"type": "doc", "version": 1, "content": [{"type": "rule"}]}


def test_a_moment_as_jira_writes_it() -> None:
    assert timestamp(datetime(2026, 3, 2, 9, 1, 2, 34_567, UTC)) == "2026-03-02T09:01:02.034+0000"


@pytest.mark.parametrize(
    ("body", "version", "takes"),
    [
        ("words", "2", True),
        ("words", "3", False),
        (document("words"), "3", True),
        (document("words"), "2", False),
        ({"type": "doc"}, "3", False),
        (None, "2", False),
        (None, "3", False),
    ],
)
def test_version_2_takes_texts_and_3_documents(body: Any, version: str, takes: bool) -> None:
    assert is_text(body, version) is takes


def test_a_text_is_read_in_the_other_version_as_words() -> None:
    assert in_version("words", "3") == document("words")
    assert in_version(document("words"), "2") == "words"
    assert in_version("words", "2") == "words"


def test_lines_and_their_markup() -> None:
    marks = [{"type": "strong"}, {"type": "link", "attrs": {"href": "https://x"}}]
    parts = {"type": "paragraph", "content": [{"type": "text", "text": "a", "marks": marks}, {"type": "hardBreak"}]}
    body = {"type": "doc", "version": 1, "content": [parts, *BROKEN["content"]]}
    assert list(lines_of(body)) == [[TextPart("a", strong=True, href="https://x")], []]
    assert list(lines_of("a\nb")) == [[TextPart("a")], [TextPart("b")]]
    assert list(lines_of(None)) == []
