"""Trusted documents: parsed and validated when they are read, and run by id or by their very text."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from graphql import DocumentNode, GraphQLError, GraphQLSchema, specified_rules

from schema.imports.entered_credentials import SecretsOnlyInVariables
from schema.limits.document_preparation import parse_document, validate_document
from schema.limits.redaction import without_values

HASH_PREFIX: Final = "sha256:"
"""Begins an id that is the digest of the text (GraphQL over HTTP, appendix A)."""

_RULES: Final = (*specified_rules, SecretsOnlyInVariables)


class UntrustedDocumentError(Exception):
    """A document is none of the trusted ones, and only those are run; the message has the remedy."""

    code: ClassVar[str] = "FORBIDDEN"


class InvalidDocumentError(Exception):
    """A trusted document does not fit the schema; the message names it and its first fault."""


@dataclass(frozen=True, slots=True)
class TrustedDocument:
    """A valid document that the operator has chosen.

    Attributes:
        id: Its id, for logs.
        document: The parsed document.
    """

    id: str
    document: DocumentNode


@dataclass(frozen=True, slots=True)
class TrustedSet:
    """The documents as they were read once.

    Attributes:
        by_text: The documents by their text.
        texts: The texts by id: the id of the file or manifest, and the digest of the text.
    """

    by_text: Mapping[str, TrustedDocument] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


class TrustedDocuments:
    """The present set of trusted documents, which a later reading replaces as a whole.

    Args:
        only: True if other documents are refused.

    Attributes:
        shipped: The documents that come with the gateway.
    """

    def __init__(self, *, only: bool = False) -> None:
        self.only = only
        self.shipped = TrustedSet()
        self._chosen = TrustedSet()
        self._present = TrustedSet()

    def ship(self, documents: TrustedSet) -> None:
        """Trust documents that come with the gateway, beside those that the operator chooses."""
        self.shipped = documents
        self.replace(self._chosen)

    def present(self) -> TrustedSet:
        """Give all documents that are trusted now; the value changes with them."""
        return self._present

    def replace(self, documents: TrustedSet) -> None:
        """Let a new set take the place of the present one; requests under way keep their documents."""
        self._chosen = documents
        by_text = {**self.shipped.by_text, **documents.by_text}
        self._present = TrustedSet(by_text, {**self.shipped.texts, **documents.texts})

    def __len__(self) -> int:
        """The number of documents that the operator has chosen."""
        return len(self._chosen.by_text)

    def text(self, document_id: str) -> str | None:
        """Give the text of an id, with or without `sha256:`; None if no document has it."""
        texts = self._present.texts
        return texts.get(document_id) or texts.get(document_id.removeprefix(HASH_PREFIX))

    def get(self, text: str) -> TrustedDocument | None:
        """Give the document of a text, or None for a text that is none of them.

        Raises:
            UntrustedDocumentError: It is none of them, and only those are run.
        """
        document = self._present.by_text.get(text)
        if document is None and self.only:
            raise UntrustedDocumentError(
                "This gateway runs only trusted documents, and this is not one of them; send the `documentId` of one."
            )
        return document

    def is_trusted(self, text: str | None) -> bool:
        """Tell whether a text is that of a trusted document."""
        return text in self._present.by_text


def trusted_set(schema: GraphQLSchema, texts: Mapping[str, str]) -> TrustedSet:
    """Parse and validate documents.

    Args:
        schema: The schema that they have to fit.
        texts: Their texts by id.

    Raises:
        InvalidDocumentError: One of them does not fit the schema.
    """
    by_text: dict[str, TrustedDocument] = {}
    ids: dict[str, str] = {}
    for document_id, text in texts.items():
        by_text.setdefault(text, TrustedDocument(document_id, _parsed(schema, document_id, text)))
        ids[document_id.removeprefix(HASH_PREFIX)] = text
        ids[hashlib.sha256(text.encode()).hexdigest()] = text
    return TrustedSet(by_text, ids)


def _parsed(schema: GraphQLSchema, document_id: str, text: str) -> DocumentNode:
    try:
        document = parse_document(text, {})
        faults = validate_document(schema, document, _RULES)
    except GraphQLError as error:
        faults = (error,)
    if faults:
        place = faults[0].locations[0] if faults[0].locations else None
        line = f", line {place.line}" if place else ""
        raise InvalidDocumentError(f"The document `{document_id}`{line}: {without_values(faults[0].message)}")
    return document
