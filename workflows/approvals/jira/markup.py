"""Ticket text as Atlassian documents (REST version 3) or wiki markup (version 2), escaped and bounded."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

# Jira takes 32,767 characters for a text, unless its administrator allows less, and 255 in one line for a summary.
_MAX_TEXT: Final = 30_000
_MAX_VALUE: Final = 2_000
_MAX_SUMMARY: Final = 255
# The beginnings of macros, links, mentions, images, tables and emphases in wiki markup, and the escape itself.
_WIKI_MARKUP: Final = re.compile(r"([\\{}\[\]!|*_])")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a text.

    Attributes:
        text: Its words.
        label: A heading before the words, in bold; empty for none.
        url: The address that the words link to; None for no link.
    """

    text: str
    label: str = ""
    url: str | None = None


TextLines = Sequence[TextLine]


def summary_line(text: str) -> str:
    """A text as a legal summary: one line of at most 255 characters."""
    return _truncate(" ".join(text.split()), _MAX_SUMMARY)


def to_adf(lines: TextLines) -> dict[str, Any]:
    """The lines as an Atlassian document, which REST version 3 takes for texts.

    https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
    """
    return {"type": "doc", "version": 1, "content": [_adf_paragraph(line) for line in _truncate_lines(lines)]}


def to_wiki(lines: TextLines) -> str:
    """The lines as wiki markup, which REST version 2 takes for texts.

    https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
    """
    return "\n".join(_wiki_line(line) for line in _truncate_lines(lines))


def plain_text(body: Any) -> str:
    """The words of a body as either version gives it, without markup and spacing: for comparing, and for people."""
    return " ".join(re.sub(r"\\([\\{}\[\]!|*_])", r"\1", body).split() if isinstance(body, str) else _adf_words(body))


def _truncate_lines(lines: TextLines) -> TextLines:
    text_lines: list[TextLine] = []
    left = _MAX_TEXT
    for line in lines:
        text = _truncate(line.text, _MAX_VALUE)
        left -= len(text) + len(line.label) + len(line.url or "") + 10
        if left < 0:
            return [*text_lines, TextLine("…")]
        text_lines.append(TextLine(text, line.label, line.url))
    return text_lines


def _truncate(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _adf_paragraph(line: TextLine) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    if line.label:
        parts.append({"type": "text", "text": f"{line.label}: ", "marks": [{"type": "strong"}]})
    if line.text:  # An empty text node is no valid document.
        link = [{"type": "link", "attrs": {"href": line.url}}] if line.url else []
        parts.append({"type": "text", "text": line.text, **({"marks": link} if link else {})})
    return {"type": "paragraph", "content": parts}


def _wiki_line(line: TextLine) -> str:
    label = f"*{line.label}:* " if line.label else ""
    text = " ".join(_WIKI_MARKUP.sub(r"\\\1", line.text).split())
    return f"{label}[{text}|{line.url}]" if line.url else f"{label}{text}"


def _adf_words(node: Any) -> list[str]:
    """The words of an Atlassian document, of nodes of any type."""
    if not isinstance(node, dict):
        return []
    own = str(node["text"]).split() if node.get("type") == "text" and "text" in node else []
    return own + [word for child in node.get("content") or () for word in _adf_words(child)]
