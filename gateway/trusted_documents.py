"""Read trusted documents from a folder or a manifest, and again when one of the files changes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import orjson

from concurrency.background import running_beside
from gateway.settings.documents import DocumentsSettings
from schema.build import GatewaySchema
from schema.limits.trusted_documents import InvalidDocumentError, TrustedSet

LOOK_SECONDS: Final = 2.0
"""The time between two looks at the files."""

_log = logging.getLogger("sagegraph.documents")

_DOCUMENT, _MANIFEST = ".graphql", ".json"

Signature = tuple[tuple[str, int, int], ...]
"""Path, time of change in nanoseconds, and bytes of each file."""


class DocumentsError(Exception):
    """The folder or manifest cannot be read, or a document in it does not fit the schema; the message says which."""


class TrustedDocumentFiles:
    """The files of one schema's trusted documents.

    Args:
        path: A folder of `.graphql` files and manifests, or one manifest in JSON.
        schema: The schema that they are validated against, and that runs them.
    """

    def __init__(self, path: Path, schema: GatewaySchema) -> None:
        self._path = path
        self._schema = schema
        self._signature: Signature = ()

    def load(self) -> None:
        """Read all documents and hand them to the schema.

        Raises:
            DocumentsError: With the first fault; the schema keeps its present documents.
        """
        signature = self._look()
        try:
            self._schema.trust(read_documents(self._path))
        except InvalidDocumentError as error:
            raise DocumentsError(str(error)) from error
        finally:
            # A fault is reported once, and again when the files have changed.
            self._signature = signature

    def reload_if_changed(self) -> bool:
        """Read the documents again if a file has changed, come or gone; faults are logged and change nothing."""
        if self._look() == self._signature:
            return False
        try:
            self.load()
        except DocumentsError as error:
            _log.error("Trusted documents could not be read again and stay as they were: %s", error)
            return False
        _log.info("Trusted documents were read again.", extra={"documents": len(self._schema.trusted)})
        return True

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Read the documents, and look at the files every two seconds until the block ends; then trust none.

        Raises:
            DocumentsError: They cannot be read, or one does not fit the schema.
        """
        # `serve` has read them, to print a fault before it starts; later changes are read again.
        if not self._schema.trusted:
            await asyncio.to_thread(self.load)
        try:
            async with running_beside(self._watch()):
                yield
        finally:
            self._schema.trusted.replace(TrustedSet())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await asyncio.to_thread(self.reload_if_changed)

    def _look(self) -> Signature:
        with suppress(OSError):
            stats = [(str(file), file.stat()) for file in _files(self._path)]
            return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
        return ()


def trusted_document_files(settings: DocumentsSettings, schema: GatewaySchema) -> TrustedDocumentFiles | None:
    """Give the files of the settings' trusted documents; None if they are off.

    Args:
        settings: The block `documents`.
        schema: The schema that validates and runs them.
    """
    if settings.mode == "disabled" or settings.path is None:
        return None
    return TrustedDocumentFiles(Path(settings.path), schema)


def documents_fault(files: TrustedDocumentFiles | None) -> str | None:
    """Read the documents of the files once, and give the fault that stops the start; None if there is none.

    Args:
        files: The files; None if trusted documents are off.
    """
    try:
        if files is not None:
            files.load()
    except DocumentsError as error:
        return str(error)
    return None


def read_documents(path: Path) -> Mapping[str, str]:
    """Give the text of each document by its id: the file's path without `.graphql`, or a manifest's key.

    Args:
        path: A folder of documents and manifests, or one manifest.

    Raises:
        DocumentsError: There is nothing to read, a file is no manifest, or an id has two texts.
    """
    texts: dict[str, str] = {}
    try:
        for file in _files(path):
            is_manifest = file == path or file.suffix == _MANIFEST
            for document_id, text in (_manifest(file) if is_manifest else _document(path, file)).items():
                if texts.setdefault(document_id, text) != text:
                    raise DocumentsError(f"documents.path has two documents of the id `{document_id}`; remove one.")
    except OSError as error:
        reason = f"documents.path cannot be read ({error.strerror}); name a folder or a manifest."
        raise DocumentsError(reason) from error
    except UnicodeDecodeError as error:
        raise DocumentsError("documents.path has a document that is not UTF-8; save it in UTF-8.") from error
    if not texts:
        raise DocumentsError("documents.path holds no document; put .graphql files there, or disable documents.mode.")
    return texts


def _files(path: Path) -> list[Path]:
    """Give the documents and manifests of a folder; front ends, and the versions of one, have a manifest each."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in {_DOCUMENT, _MANIFEST})


def _document(folder: Path, file: Path) -> Mapping[str, str]:
    return {file.relative_to(folder).with_suffix("").as_posix(): file.read_text(encoding="utf-8")}


def _manifest(file: Path) -> Mapping[str, str]:
    """Read `{id: text}` as graphql-codegen and Relay write it, or Apollo's list of operations.

    Raises:
        DocumentsError: It is neither.
    """
    try:
        parsed: Any = orjson.loads(file.read_bytes())
        if isinstance(parsed, dict) and parsed.get("format") == "apollo-persisted-query-manifest":
            parsed = {operation["id"]: operation["body"] for operation in parsed.get("operations", ())}
    except (ValueError, KeyError, TypeError):
        parsed = None
    if not isinstance(parsed, dict) or not all(isinstance(text, str) for text in parsed.values()):
        raise DocumentsError(
            f"`{file.name}` of documents.path is not a manifest; write a JSON object of ids and texts."
        )
    return parsed
