"""What Search sees: everything as it was a moment ago, where its delay is set; as it is, where it is not."""

import copy
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.sagemaker.store import Kind, Place, Record

KEPT = 200
"""Views that are kept; enough for the delay of a test."""


class View:
    """The records of a place at one time."""

    def __init__(self, place: "Place", *, frozen: bool) -> None:
        self._records = {
            arn_type: [copy.deepcopy(r) for r in records] if frozen else list(records)
            for arn_type, records in place.collections.items()
        }

    def of(self, kind: "Kind") -> "list[Record]":
        """The records of a kind."""
        return list(self._records[kind.arn_type])


class Views:
    """A place's past, kept only while Search is to be behind."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._views: list[View] = []

    def keep(self, at: float, place: "Place") -> None:
        """Remember how it is now."""
        self._times.append(at)
        self._views.append(View(place, frozen=True))
        del self._times[:-KEPT], self._views[:-KEPT]

    def seen(self, at: float, place: "Place") -> View:
        """How it was at that time; how it is, where nothing was kept."""
        if not self._times:
            return View(place, frozen=False)
        return self._views[max(0, bisect_right(self._times, at) - 1)]

    def __len__(self) -> int:
        return len(self._times)

    def clear(self) -> None:
        """Forget the past."""
        self._times.clear()
        self._views.clear()
