"""Texts and times in the forms of Jira: documents in version 3 of the API, wiki markup in version 2."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


def timestamp(at: datetime) -> str:
    """A moment in UTC as Jira writes it (CLOUD rest/v3/intro/#timestamps)."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+0000"


def paragraph(words: str) -> dict[str, Any]:
    """A paragraph of a document with these words (CLOUD apis/document/structure/)."""
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}


def document(words: str) -> dict[str, Any]:
    """A document of one paragraph with these words."""
    return {"type": "doc", "version": 1, "content": [paragraph(words)]}


def is_text(body: Any, version: str) -> bool:
    """Tell whether a version of the API takes the body: 3 takes documents, 2 strings (CLOUD rest/v3/intro/#version)."""
    if version == "3":
        return isinstance(body, dict) and body.get("type") == "doc" and body.get("version") == 1
    return isinstance(body, str)


def in_version(body: Any, version: str) -> Any:
    """A body in the form of a version; without its markup if it was written in the other version."""
    if is_text(body, version):
        return body
    words = "\n".join("".join(part.words for part in line) for line in lines_of(body))
    return document(words) if version == "3" else words


@dataclass(frozen=True)
class TextPart:
    """Words of one style within a line.

    Attributes:
        words: Plain text.
        strong: Whether they are bold.
        href: Target of a link; None for no link.
    """

    words: str
    strong: bool = False
    href: str | None = None


def lines_of(body: Any) -> Iterator[list[TextPart]]:
    """The lines of a text (`body`); markup of version 2 is left as it is."""
    if isinstance(body, str):
        for line in body.splitlines():
            yield [TextPart(line)]
    elif isinstance(body, dict):
        for block in body.get("content", ()):
            yield [_part(node) for node in block.get("content", ()) if node.get("type") == "text"]


def _part(node: dict[str, Any]) -> TextPart:
    marks = {mark.get("type"): mark for mark in node.get("marks", ())}
    href = marks["link"]["attrs"]["href"] if "link" in marks else None
    return TextPart(node["text"], strong="strong" in marks, href=href)
