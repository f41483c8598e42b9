"""The settings as written, before they are typed: a place in the file that can be looked into whatever stands there."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from gateway.blocks.keys import Place, spelled


class Nothing(Enum):
    """Why there is no value at a place."""

    ABSENT = "the key is not there"
    UNKNOWN = "its variable is not set"


ABSENT: Final = Nothing.ABSENT
UNKNOWN: Final = Nothing.UNKNOWN


class Written:
    """A place in the file and what stands there; looking below it never fails."""

    def __init__(self, value: Any, place: Place = ()) -> None:
        self.value = value
        self.place = place

    def __getitem__(self, key: str) -> "Written":
        if isinstance(self.value, Mapping):
            return Written(self.value.get(key, ABSENT), (*self.place, key))
        return Written(UNKNOWN if self.value is UNKNOWN else ABSENT, (*self.place, key))

    def items(self) -> list["Written"]:
        """The items of a list; none where no list stands."""
        if not isinstance(self.value, list | tuple):
            return []
        return [Written(value, (*self.place, number)) for number, value in enumerate(self.value)]

    @property
    def key(self) -> str:
        """The place as a fault names it."""
        return spelled(self.place)

    @property
    def is_given(self) -> bool:
        """Whether something stands there, be it right or wrong."""
        return self.value is not ABSENT and self.value is not None

    def text(self, default: str | None = None) -> str | None:
        """The text that stands there, the default where the key is left out, None for anything else."""
        if self.value is ABSENT:
            return default
        return self.value if isinstance(self.value, str) and self.value else None
