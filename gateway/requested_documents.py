"""Find the document that a request names by its id, as GraphQL over HTTP, Apollo and Relay send it."""

from collections.abc import Mapping
from typing import Any, Final

from schema.limits.trusted_documents import TrustedDocuments

NOT_SUPPORTED: Final = "PersistedQueryNotSupported"
"""The message by which the clients of Apollo and urql know that they must send the whole query."""

_SHOWN_CHARACTERS: Final = 80


class UnknownDocumentError(Exception):
    """No trusted document has the id that a request names.

    Args:
        message: The fault and its remedy.
        code: The contract's error code.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class RequestedDocuments:
    """Looks up the trusted documents that requests name.

    Args:
        trusted: The trusted documents.
    """

    def __init__(self, trusted: TrustedDocuments) -> None:
        self._trusted = trusted

    def text_of(self, document_id: Any, extensions: Mapping[str, Any] | None) -> str | None:
        """Give the text of the document that a request names; None if it names none.

        Args:
            document_id: The request's `documentId`, of any type.
            extensions: The request's `extensions`, perhaps with Apollo's `persistedQuery.sha256Hash`.

        Raises:
            UnknownDocumentError: No trusted document has this id.
        """
        if isinstance(document_id, str):
            return self._by_id(document_id)
        if (digest := _digest(extensions)) is None:
            return None
        if (text := self._trusted.text(digest)) is None:
            # Queries that clients register by themselves are not kept: their link sends the whole query next.
            raise UnknownDocumentError(NOT_SUPPORTED, "PERSISTED_QUERY_NOT_SUPPORTED")
        return text

    def trusted_text(self, query: str, extensions: Mapping[str, Any] | None) -> str:
        """Give the text of the trusted document whose hash is in a query's extensions, else the query.

        Clients print documents otherwise than the compiler that published them; Apollo sends both over WebSockets.
        """
        digest = _digest(extensions)
        return query if digest is None else self._trusted.text(digest) or query

    def _by_id(self, document_id: str) -> str:
        if (text := self._trusted.text(document_id)) is None:
            shown = document_id[:_SHOWN_CHARACTERS]
            raise UnknownDocumentError(
                f"No trusted document has the id `{shown}`; send the `query`, or publish the document.", "NOT_FOUND"
            )
        return text


def _digest(extensions: Mapping[str, Any] | None) -> str | None:
    """Read Apollo's hash; None if there is none, or none of its form."""
    persisted = (extensions or {}).get("persistedQuery")
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    return digest if isinstance(digest, str) else None
