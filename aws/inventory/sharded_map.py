"""Persistent map: a change copies the shard of its key, and nothing else."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from itertools import chain
from typing import Final, Generic, TypeVar

MapKey = TypeVar("MapKey", bound=Hashable)
Value = TypeVar("Value")

_SHARDS: Final = 256


class ShardedMap(Generic[MapKey, Value]):
    """Values by key, as an immutable value that shares unchanged shards with its successors.

    Args:
        shards: One map for each shard, with the keys whose hash falls into it; None for an empty map.
    """

    __slots__ = ("_shards",)

    def __init__(self, shards: tuple[Mapping[MapKey, Value], ...] | None = None) -> None:
        self._shards = shards if shards is not None else ({},) * _SHARDS

    def __len__(self) -> int:
        return sum(map(len, self._shards))

    def get(self, key: MapKey) -> Value | None:
        """Give the value of `key`; None if there is none."""
        return self._shards[hash(key) % _SHARDS].get(key)

    def __iter__(self) -> Iterator[MapKey]:
        return chain.from_iterable(self._shards)

    def changed(self, changes: Mapping[MapKey, Value | None]) -> "ShardedMap[MapKey, Value]":
        """Give a copy of the map with these changes; the value None removes its key."""
        if not changes:
            return self
        by_shard: dict[int, list[MapKey]] = defaultdict(list)
        for key in changes:
            by_shard[hash(key) % _SHARDS].append(key)
        shards = list(self._shards)
        for number, keys in by_shard.items():
            shard = dict(shards[number])
            for key in keys:
                value = changes[key]
                if value is None:
                    shard.pop(key, None)
                else:
                    shard[key] = value
            shards[number] = shard
        return ShardedMap(tuple(shards))
