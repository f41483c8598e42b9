"""gateway.observability.documents: names that last, and a bound on labels."""

import hashlib

import pytest

from gateway.observability.documents import DocumentNames

TEXT = "query Models($first: Int) { models(first: $first) { totalCount } }"


def digest(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=5).hexdigest()


def test_a_document_is_named_by_its_id_or_its_first_operation_and_digest() -> None:
    names = DocumentNames()
    assert names.name(TEXT, "dashboard/models") == "dashboard/models"
    assert names.name(TEXT) == f"Models#{digest(TEXT)}"
    assert names.digest(TEXT) == f"#{digest(TEXT)}"
    assert names.name("{ me { subject } }") == f"#{digest('{ me { subject } }')}"
    assert names.name("query \ud800 {") == f"#{hashlib.blake2s(b'query ? {', digest_size=5).hexdigest()}"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (None, "Models"),
        ("Other", "Other"),
        ("N" * 90, "N" * 60),
        ("a\nb", None),
        ("a b", None),
        ("", None),
        (["secret"], None),
    ],
)
def test_an_operation_is_named_as_it_was_sent_if_that_is_a_name(sent: object, told: str | None) -> None:
    assert DocumentNames().operation(TEXT, sent) == told


def test_labels_are_bounded() -> None:
    names = DocumentNames(max_labels=2)
    assert [names.label(name) for name in ("a", "b", "c", "a", "b", "d")] == ["a", "b", "other", "a", "b", "other"]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.observability.documents._MAX_REMEMBERED", 3)
    names = DocumentNames()
    told = {text: names.name(text) for text in ("{ a }", "{ b }", "{ c }", "{ d }")}
    assert len(names._names) == 1
    assert told == {text: f"#{digest(text)}" for text in told}
