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


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"a": 1}', '{"a": {"b": "c"}}', '{"format": "apollo-persisted-query-manifest"}']
)
def test_what_is_no_manifest_is_told(tmp_path: Path, text: str) -> None:
    write(tmp_path / "manifest.json", text)
    with pytest.raises(DocumentsError):
        read_documents(tmp_path / "manifest.json")


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
