"""workflows.approvals.jira.markup: lines in both forms, with nothing in them that Jira would take for markup."""

from typing import Any

import pytest

from workflows.approvals.jira.markup import TextLine, plain_text, summary_line, to_adf, to_wiki


def test_a_summary_is_one_line_of_255_characters() -> None:
    assert summary_line(" a\n b\t c ") == "a b c"
    assert summary_line("x" * 255) == "x" * 255
    assert summary_line("x" * 256) == "x" * 254 + "…"


def test_wiki_markup_is_escaped() -> None:
    lines = [
        TextLine("{panel} [~ann] !http://x/y.png! a|b \\ *b* _i_\nh1. x", "Model"),
        TextLine("x]y", url="https://e.com/"),
    ]
    assert to_wiki(lines) == (
        "*Model:* \\{panel\\} \\[~ann\\] \\!http://x/y.png\\! a\\|b \\\\ \\*b\\* \\_i\\_ h1. x\n[x\\]y|https://e.com/]"
    )
    assert plain_text(to_wiki([TextLine("{a} [b] \\ *c*")])) == "{a} [b] \\ *c*"


def test_a_document_has_no_empty_text() -> None:
    empty = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": []}]}
    assert to_adf([TextLine("")]) == empty
    assert plain_text(empty) == ""


def test_texts_are_cut_to_what_jira_takes() -> None:
    (line,) = to_wiki([TextLine("x" * 5000)]).split("\n")
    assert line == "x" * 1999 + "…"
    many = to_wiki([TextLine("x" * 2000)] * 100)
    assert len(many) < 32_767
    assert many.endswith("\n…")


@pytest.mark.parametrize("body", [None, 7, [], {}, {"content": None}, {"type": "text"}, {"content": [None, "x"]}])
def test_what_is_no_document_has_no_words(body: Any) -> None:
    assert plain_text(body) == ""
