"""The states of caches, for metrics: hits, misses, entries and bytes, added up over scopes by the cache's name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(slots=True)
class CacheState:
    """How a cache stands, and what it has been asked.

    Attributes:
        hits: Values that were known when they were asked for.
        misses: Values that AWS had to be asked for.
        entries: Values that are kept.
        bytes: An upper bound of the memory that they take.
    """

    hits: int = 0
    misses: int = 0
    entries: int = 0
    bytes: int = 0


class Counted(Protocol):
    """A cache that counts."""

    hits: int
    misses: int

    @property
    def bytes(self) -> int:
        """An upper bound of its memory."""

    def __len__(self) -> int:
        """The number of its entries."""


def add_states(total: dict[str, CacheState], caches: Mapping[str, Iterable[Counted]]) -> None:
    """Add the states of one scope's caches to those of all."""
    for name, group in caches.items():
        state = total.setdefault(name, CacheState())
        for cache in group:
            state.hits += cache.hits
            state.misses += cache.misses
            state.entries += len(cache)
            state.bytes += cache.bytes
