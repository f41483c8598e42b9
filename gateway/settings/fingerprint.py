"""Fingerprint of the settings, by which processes of one fleet tell that they run with different ones."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from gateway.settings.settings import Settings

PER_PROCESS: Final = frozenset({"server", "database", "observability"})
"""The blocks that may differ between processes of one fleet: sockets, connections and reporting."""

_LENGTH: Final = 12


def settings_fingerprint(settings: Settings) -> Mapping[str, str]:
    """Give a digest of each block of the settings that has other values than the defaults, by the block's key.

    A secret counts only as present: a wrong one shows where it is used. Defaults are left out, so that a version with
    more keys has equal digests.
    """
    blocks = settings.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {key: _digest(value) for key, value in blocks.items() if key not in PER_PROCESS}


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
