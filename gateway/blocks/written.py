"""The settings as written, before they are typed: a place in the file that can be looked into whatever stands there."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from gateway.blocks.keys import YamlPath, format_path


class MissingValue(Enum):
    """Why there is no value at a place."""

    ABSENT = "the key is not there"
    UNKNOWN = "its variable is not set"


ABSENT: Final = MissingValue.ABSENT
UNKNOWN: Final = MissingValue.UNKNOWN


class RawNode:
    """A place in the file and what stands there; looking below it never fails."""

    def __init__(self, value: Any, path: YamlPath = ()) -> None:
        self.value = value
        self.path = path

    def __getitem__(self, key: str) -> "RawNode":
        if isinstance(self.value, Mapping):
            return RawNode(self.value.get(key, ABSENT), (*self.path, key))
        return RawNode(UNKNOWN if self.value is UNKNOWN else ABSENT, (*self.path, key))

    def items(self) -> list["RawNode"]:
        """The items of a list; none where no list stands."""
        if not isinstance(self.value, list | tuple):
            return []
        return [RawNode(value, (*self.path, number)) for number, value in enumerate(self.value)]

    @property
    def key(self) -> str:
        """The place as a fault names it."""
        return format_path(self.path)

    @property
    def is_present(self) -> bool:
        """Whether something stands there, be it right or wrong."""
        return self.value is not ABSENT and self.value is not None

    def text(self, default: str | None = None) -> str | None:
        """The text that stands there, the default where the key is left out, None for anything else."""
        if self.value is ABSENT:
            return default
        return self.value if isinstance(self.value, str) and self.value else None
