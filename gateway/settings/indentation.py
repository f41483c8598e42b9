"""Recognize a settings file whose indentation was lost, as happens to text copied from a page."""

from collections.abc import Mapping
from typing import Any

from gateway.settings.errors import SettingsFault
from gateway.settings.model import SettingsModel, all_keys, fields_by_key


class IndentationFault(SettingsFault):
    """The file's indentation was lost; it explains most of the other faults, so it is shown first."""


def lost_indentation(model: type[SettingsModel], written: Mapping[str, Any], file: str) -> list[IndentationFault]:
    """Find the first key at the margin that belongs below a block which stands there empty.

    Args:
        model: The settings.
        written: The file as parsed, variables not yet replaced.
        file: The file's name, for the message.

    Returns:
        One fault, or none.
    """
    known = fields_by_key(model)
    empty = [key for key, value in written.items() if key in known and value is None]
    for key in written:
        if key in known:
            continue
        paths = [path for path, _ in all_keys(model) if path.replace("[]", "").rsplit(".", 1)[-1] == key]
        inside = next((path for path in paths for block in empty if path.startswith(f"{block}.")), None)
        if inside is not None:
            block, below = inside.split(".", 1)
            return [
                IndentationFault(file, f"has lost its indentation; indent `{below}` below `{block}:`, by two spaces")
            ]
    return []
