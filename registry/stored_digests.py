"""Digests of stored copies, by which a sync detects changes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

# Parts of copies that came after 0.2.0. Digests leave them out, so that two releases that share a database agree:
# otherwise each sync of one would report copies of the other as changed, and an upgrade would void approvals.
_LATER_PARTS: Final = frozenset(
    {
        "capture_options",
        "container_loading",
        "explainer_json",
        "inference_execution_mode",
        "notification_topics",
        "placement",
        "record_processing",
        "serverless_sizes",
        "variant_hosting",
    }
)


def stored_digest(stored: Mapping[str, object]) -> str:
    """The SHA-256 of a stored copy, in hexadecimal digits; the order of keys does not count."""
    digested = json.dumps(_without_later_parts(stored), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(digested.encode()).hexdigest()


def _without_later_parts(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _without_later_parts(part) for name, part in value.items() if name not in _LATER_PARTS}
    return [_without_later_parts(part) for part in value] if isinstance(value, list) else value
