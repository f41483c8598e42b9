"""States of caches, for metrics: hits, misses, entries and bytes, summed over scopes by the cache's name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(slots=True)
class CacheState:
    """The counters of a cache.

    Attributes:
        hits: The number of lookups that found a value.
        misses: The number of lookups that called AWS.
        entries: The number of values kept.
        bytes: An upper bound of their memory.
    """

    hits: int = 0
    misses: int = 0
    entries: int = 0
    bytes: int = 0


class Counted(Protocol):
    """A cache with counters.

    Attributes:
        hits: The number of lookups that found a value.
        misses: The number of lookups that called AWS.
    """

    hits: int
    misses: int

    @property
    def bytes(self) -> int:
        """An upper bound of its memory."""

    def __len__(self) -> int:
        """The number of its entries."""


def add_states(total: dict[str, CacheState], caches: Mapping[str, Iterable[Counted]]) -> None:
    """Add the states of one scope's caches, by name, to the totals of all scopes in `total`."""
    for name, group in caches.items():
        state = total.setdefault(name, CacheState())
        for cache in group:
            state.hits += cache.hits
            state.misses += cache.misses
            state.entries += len(cache)
            state.bytes += cache.bytes
