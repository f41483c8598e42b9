"""Names of documents for logs and metrics: a trusted document's id, else its first operation and a digest."""

import hashlib
import re
from typing import Any, Final

MAX_LABELS: Final = 200
"""So many documents have labels of their own in the metrics; the rest share one."""

OTHER: Final = "other"
NO_DOCUMENT: Final = "none"
REFUSED: Final = "refused"

_MAX_REMEMBERED: Final = 10_000
_DIGEST_BYTES: Final = 5
_MAX_NAME: Final = 60
_FIRST_NAME: Final = re.compile(r"\b(?:query|mutation|subscription)\s+([_A-Za-z][_0-9A-Za-z]*)")
_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")


class DocumentNames:
    """Names documents, and bounds how many get a label of their own.

    A document is looked up by its hash, which Python keeps with the text: naming one again takes no look at the text.

    Args:
        max_labels: The most documents with a label of their own.
    """

    def __init__(self, max_labels: int = MAX_LABELS) -> None:
        self._max_labels = max_labels
        self._names: dict[int, tuple[str, str | None]] = {}
        self._labels: set[str] = set()

    def name(self, text: str, document_id: str | None = None) -> str:
        """Give the id of a trusted document, else operation and digest, such as `Models#3f9a0c21d4`.

        Args:
            text: The document.
            document_id: The id of a trusted document; None for any other.
        """
        return document_id or self._known(text)[0]

    def digest(self, text: str) -> str:
        """Give the digest of a document's text alone, such as `#3f9a0c21d4`."""
        return "#" + self._known(text)[0].rpartition("#")[2]

    def operation(self, text: str, operation_name: Any) -> str | None:
        """Give the name of the operation that is run: the one that was sent, else the first in the document.

        Args:
            text: The document.
            operation_name: The name that the client has sent, of any type; None without one.
        """
        if operation_name is not None:
            fits = isinstance(operation_name, str) and _NAME.fullmatch(operation_name)
            return operation_name[:_MAX_NAME] if fits else None
        return self._known(text)[1]

    def label(self, name: str) -> str:
        """Give the label of a document's name: the name itself, or `other` once there are too many."""
        if name in self._labels:
            return name
        if len(self._labels) >= self._max_labels:
            return OTHER
        self._labels.add(name)
        return name

    def _known(self, text: str) -> tuple[str, str | None]:
        key = hash(text)
        known = self._names.get(key)
        if known is None:
            if len(self._names) >= _MAX_REMEMBERED:
                self._names.clear()
            digest = hashlib.blake2s(text.encode(errors="replace"), digest_size=_DIGEST_BYTES).hexdigest()
            match = _FIRST_NAME.search(text)
            operation = match[1][:_MAX_NAME] if match else None
            known = self._names[key] = f"{operation or ''}#{digest}", operation
        return known
