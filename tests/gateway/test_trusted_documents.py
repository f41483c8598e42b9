"""gateway.trusted_documents: reading a folder or a manifest, and again when it changes."""

import json
import os
from pathlib import Path

import pytest

from gateway.trusted_documents import DocumentsError, TrustedDocumentFiles, documents_fault, read_documents
from schema.build import GatewaySchema, build_schema

ME, GROUPS = "query Me { me { subject } }", "query Groups { me { groups } }"


@pytest.fixture(scope="module")
def schema() -> GatewaySchema:
    return build_schema()


def write(path: Path, text: str, at: int = 1) -> None:
    """Write a file whose time of change is this second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (at, at))


def test_a_folder_names_documents_by_their_path(tmp_path: Path) -> None:
    write(tmp_path / "me.graphql", ME)
    write(tmp_path / "people" / "groups.graphql", GROUPS)
    write(tmp_path / "notes.txt", "nothing")
    assert read_documents(tmp_path) == {"me": ME, "people/groups": GROUPS}


@pytest.mark.parametrize(
    "manifest",
    [
        {"sha256:abc": ME, "def": GROUPS},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [
                {"id": "sha256:abc", "name": "Me", "type": "query", "body": ME},
                {"id": "def", "name": "Groups", "type": "query", "body": GROUPS},
            ],
        },
    ],
)
def test_a_manifest(tmp_path: Path, manifest: object) -> None:
    write(tmp_path / "manifest.json", json.dumps(manifest))
    assert read_documents(tmp_path / "manifest.json") == {"sha256:abc": ME, "def": GROUPS}


def test_a_folder_of_manifests(tmp_path: Path) -> None:
    """Front ends, and the versions of one that are still open in browsers, have a manifest each."""
    write(tmp_path / "v1.json", json.dumps({"a": ME}))
    write(tmp_path / "v2.json", json.dumps({"a": ME, "b": GROUPS}))
    write(tmp_path / "me.graphql", ME)
    assert read_documents(tmp_path) == {"a": ME, "b": GROUPS, "me": ME}
    write(tmp_path / "v3.json", json.dumps({"a": GROUPS}))
    with pytest.raises(DocumentsError, match="`a`"):
        read_documents(tmp_path)


def test_what_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "me.graphql").write_bytes(b"query Me { me { subject } } # \xff")
    with pytest.raises(DocumentsError, match="UTF-8"):
        read_documents(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"a": 1}',
        '{"a": {"b": "c"}}',
        '{"format": "apollo-persisted-query-manifest"}',
        '{"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]}',
        '{"format": "apollo-persisted-query-manifest", "operations": ["a"]}',
    ],
)
def test_what_is_no_manifest_is_told(tmp_path: Path, text: str) -> None:
    write(tmp_path / "manifest.json", text)
    for path in (tmp_path / "manifest.json", tmp_path):
        with pytest.raises(DocumentsError):
            read_documents(path)


def test_a_path_without_anything_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(DocumentsError):
            read_documents(path)


def test_a_changed_file_is_read_again(tmp_path: Path, schema: GatewaySchema) -> None:
    files = TrustedDocumentFiles(tmp_path, schema)
    write(tmp_path / "me.graphql", ME)
    files.load()
    assert not files.reload_if_changed()
    write(tmp_path / "me.graphql", GROUPS, at=2)
    write(tmp_path / "new.graphql", ME)
    assert files.reload_if_changed()
    assert (schema.trusted.text("me"), schema.trusted.text("new")) == (GROUPS, ME)
    (tmp_path / "new.graphql").unlink()
    assert files.reload_if_changed()
    assert schema.trusted.text("new") is None


def test_a_fault_keeps_the_former_documents(tmp_path: Path, schema: GatewaySchema) -> None:
    files = TrustedDocumentFiles(tmp_path, schema)
    write(tmp_path / "me.graphql", ME)
    files.load()
    write(tmp_path / "me.graphql", "query Me {\n  me { nothing } }", at=2)
    assert not files.reload_if_changed()
    assert schema.trusted.text("me") == ME
    fault = documents_fault(files)
    assert fault is not None
    assert "`me`, line 2" in fault


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{ nothing }",
        'mutation { importModel(input: {name: "a", credentials: {basic: {secretAccessKey: "geheim"}}}) { created } }',
    ],
)
def test_a_document_that_does_not_fit_is_a_fault(tmp_path: Path, schema: GatewaySchema, text: str) -> None:
    write(tmp_path / "a.graphql", text)
    fault = documents_fault(TrustedDocumentFiles(tmp_path, schema))
    assert fault is not None
    assert "geheim" not in fault


def test_nothing_is_no_fault() -> None:
    assert documents_fault(None) is None
