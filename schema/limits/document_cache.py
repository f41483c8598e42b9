"""Cache of parsed, valid documents, bounded in bytes; anonymous callers have a part of their own."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import DocumentNode, OperationDefinitionNode

from resolvers.execution.documents import DocumentPlans
from schema.limits.document_sizes import DocumentSizes

CALLER_BYTES: Final = 16 * 2**20
ANONYMOUS_BYTES: Final = 8 * 2**20
"""The bounds of the two parts, 24 MB in all: each full garbage collection looks through all of it. The answer about the
whole schema takes more than 4 MB and fits into the smaller one."""

# Upper bounds of the memory of a parsed document without its tokens, measured with graphql-core 3.3.2.
_BYTES_OF_DOCUMENT: Final = 2_000
_BYTES_OF_TOKEN: Final = 500
_BYTES_OF_CHARACTER: Final = 4


@dataclass(frozen=True, slots=True)
class CachedDocument:
    """A valid document, and the answer to it if it asks for nothing but the schema and takes no variables.

    Attributes:
        document: The parsed document.
        answer: The prepared answer; None if there is none yet.
        answer_bytes: An upper bound of the answer's memory.
        plans: The plans of its operations, which grow as they meet new types of objects.
        sizes: The sizes of its operations; see schema/limits/document_sizes.py.
        operations: Its operations that are planned, by the name that they were asked for by.
    """

    document: DocumentNode
    answer: dict[str, Any] | None = None
    answer_bytes: int = 0
    plans: DocumentPlans | None = None
    sizes: DocumentSizes = field(default_factory=DocumentSizes)
    operations: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """An upper bound of the memory that this entry takes."""
        return _document_bytes(self.document) + (self.plans.bytes if self.plans else 0) + self.answer_bytes


class DocumentCache:
    """Least recently used first out, in two parts: one for callers, one for anonymous requests.

    Both parts are read for everyone. An anonymous request changes neither the content nor the order of the callers'
    part, so that nobody without an identity can evict the documents of those who have one.

    Args:
        caller_bytes: The bound of the callers' part, in bytes.
        anonymous_bytes: The bound of the other part, in bytes.
    """

    def __init__(self, caller_bytes: int = CALLER_BYTES, anonymous_bytes: int = ANONYMOUS_BYTES) -> None:
        self._callers = _Part(caller_bytes)
        self._anonymous = _Part(anonymous_bytes)

    def __len__(self) -> int:
        """The number of documents kept."""
        return len(self._callers) + len(self._anonymous)

    @property
    def bytes(self) -> int:
        """An upper bound of the memory that all entries take."""
        return self._callers.bytes + self._anonymous.bytes

    def get(self, text: str, *, anonymous: bool) -> CachedDocument | None:
        """Give the document of a text, or None if it is in neither part."""
        if anonymous:
            return self._anonymous.get(text) or self._callers.peek(text)
        return self._callers.get(text) or self._anonymous.peek(text)

    def put(self, text: str, entry: CachedDocument, *, anonymous: bool) -> None:
        """Keep the entry of a text, and evict the least recently used ones of the same part if it grows too large."""
        (self._anonymous if anonymous else self._callers).put(text, entry)

    def weigh(self, text: str) -> None:
        """Count the bytes of a text's entry anew, because its plans have grown."""
        for part in (self._callers, self._anonymous):
            part.weigh(text)


class _Part:
    """One part of the cache."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._entries: OrderedDict[str, tuple[CachedDocument, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, text: str) -> CachedDocument | None:
        entry = self.peek(text)
        if entry is not None:
            self._entries.move_to_end(text)
        return entry

    def peek(self, text: str) -> CachedDocument | None:
        """Give an entry and leave the order as it is."""
        stored = self._entries.get(text)
        return None if stored is None else stored[0]

    def put(self, text: str, entry: CachedDocument) -> None:
        _, before = self._entries.pop(text, (None, 0))
        self._entries[text] = (entry, entry.bytes)
        self.bytes += entry.bytes - before
        self._evict()

    def weigh(self, text: str) -> None:
        """Count an entry's bytes anew; the order stays as it is."""
        entry, before = self._entries.get(text, (None, 0))
        if entry is not None and (now := entry.bytes) != before:
            self._entries[text] = (entry, now)
            self.bytes += now - before
            self._evict()

    def _evict(self) -> None:
        while self.bytes > self._max_bytes:
            _, (_, freed) = self._entries.popitem(last=False)
            self.bytes -= freed


def _document_bytes(document: DocumentNode) -> int:
    text = document.loc.source.body if document.loc else ""
    return _BYTES_OF_DOCUMENT + _BYTES_OF_CHARACTER * len(text) + _BYTES_OF_TOKEN * document.token_count
