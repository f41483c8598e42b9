"""gateway.settings.documents: a mode, and the path that it takes."""

import pytest

from gateway.settings.settings import SettingsError, from_mapping


def test_off_unless_written() -> None:
    documents = from_mapping({}).documents
    assert (documents.mode, documents.path) == ("disabled", None)


@pytest.mark.parametrize("mode", ["allow", "only"])
def test_a_mode_takes_a_path(mode: str) -> None:
    documents = from_mapping({"documents": {"mode": mode, "path": "documents"}}).documents
    assert (documents.mode, documents.path) == (mode, "documents")


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ({"mode": "allow"}, ["documents.path"]),
        ({"mode": "only"}, ["documents.path"]),
        ({"mode": "on", "path": "documents"}, ["documents.mode"]),
        ({"mode": "allow", "path": " x"}, ["documents.path"]),
    ],
)
def test_a_wrong_block_is_told_by_key(written: dict[str, str], keys: list[str]) -> None:
    with pytest.raises(SettingsError) as text:
        from_mapping({"documents": written})
    assert [fault.key for fault in text.value.faults] == keys
