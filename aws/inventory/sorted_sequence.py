"""Persistent sorted sequence: a change copies the chunk of its key, and nothing else."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate, islice
from typing import Final, TypeVar, overload

# A position in creation order: the time and the name, which breaks ties.
SortKey = tuple[datetime, str]
Item = TypeVar("Item")

# Items of a chunk: a change copies one chunk and the tuple of all chunks, so their sizes should be similar.
CHUNK_SIZE: Final = 256


class SortedSequence(Sequence[Item]):
    """Items with the largest key first, as an immutable value that shares unchanged chunks with its successors.

    Args:
        key: Gives the key of an item; keys are unique.
        chunks: The items, sorted; no chunk is empty.
    """

    __slots__ = ("_chunks", "_ends", "_key")

    def __init__(self, key: Callable[[Item], SortKey], chunks: tuple[tuple[Item, ...], ...] = ()) -> None:
        self._key = key
        self._chunks = chunks
        self._ends: list[int] | None = None

    def __len__(self) -> int:
        chunks = self._chunks
        return len(chunks[0]) if len(chunks) == 1 else self._offsets()[-1] if chunks else 0

    @property
    def first(self) -> Item | None:
        """The item with the largest key; None if there is none."""
        return self._chunks[0][0] if self._chunks else None

    @property
    def last(self) -> Item | None:
        """The item with the smallest key; None if there is none."""
        return self._chunks[-1][-1] if self._chunks else None

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        if len(self._chunks) == 1:
            return self._chunks[0][index]
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            return tuple(islice(self._from(start), max(0, stop - start)))[::step]
        position = index if index >= 0 else len(self) + index
        if not 0 <= position < len(self):
            raise IndexError(index)
        ends = self._offsets()
        number = bisect_right(ends, position)
        return self._chunks[number][position - (ends[number - 1] if number else 0)]

    def __iter__(self) -> Iterator[Item]:
        chunks = self._chunks
        return iter(chunks[0] if chunks else ()) if len(chunks) < 2 else self._from(0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # Equal to any sequence with the same items, as a list is.

    def starts_with(self, other: Sequence[Item]) -> bool:
        """Tell whether `other` is a prefix of this sequence, by the identity of items."""
        if not isinstance(other, SortedSequence) or len(other) > len(self):
            return False
        shared = 0
        for mine, theirs in zip(self._chunks, other._chunks, strict=False):
            if mine is not theirs:
                break
            shared += len(theirs)
        return all(mine is theirs for mine, theirs in zip(self._from(shared), other._from(shared), strict=False))

    def position(self, key: SortKey) -> int:
        """Give the number of items with a larger key than `key`."""
        number = self._chunk_of(key)
        if number >= len(self._chunks):
            return 0
        before = self._offsets()[number - 1] if number else 0
        return before + self._count_before(self._chunks[number], key)

    def get(self, key: SortKey) -> Item | None:
        """Give the item with this key; None if there is none."""
        number = self._chunk_of(key)
        if number >= len(self._chunks):
            return None
        chunk = self._chunks[number]
        place = self._count_before(chunk, key)
        return chunk[place] if place < len(chunk) and self._key(chunk[place]) == key else None

    def behind(self, key: SortKey | None) -> Iterator[Item]:
        """Iterate over the items with a smaller key, in order; None for all items."""
        if key is None:
            return self._from(0)
        start = self.position(key)
        items = self._from(start)
        first = next(items, None)
        if first is None:
            return iter(())
        return items if self._key(first) == key else self._from(start)

    def changed(self, removed: Iterable[SortKey], added: Iterable[Item]) -> "SortedSequence[Item]":
        """Give a copy without the items of the `removed` keys, and with `added` in place of equal keys."""
        removed, added = tuple(removed), tuple(added)
        if not removed and not added:
            return self
        if len(removed) + len(added) > len(self) // 2:
            # Most items change: a sort of all costs less than a search for each position.
            return SortedSequence(self._key, tuple(self._edited(tuple(self), set(removed), self._by_key(added))))
        gone: dict[int, set[SortKey]] = defaultdict(set)
        new: dict[int, list[Item]] = defaultdict(list)
        for key in removed:
            gone[self._chunk_of(key)].add(key)
        for item in added:
            new[self._chunk_of(self._key(item))].append(item)
        chunks: list[tuple[Item, ...]] = []
        copied = 0
        for number in sorted(gone.keys() | new.keys()):
            chunks += self._chunks[copied:number]
            chunks += self._edited(self._chunks[number], gone[number], self._by_key(new[number]))
            copied = number + 1
        return SortedSequence(self._key, (*chunks, *self._chunks[copied:]))

    def _by_key(self, items: Iterable[Item]) -> dict[SortKey, Item]:
        return {self._key(item): item for item in items}

    def _edited(
        self, chunk: tuple[Item, ...], gone: set[SortKey], new: dict[SortKey, Item]
    ) -> Iterator[tuple[Item, ...]]:
        items = self._by_key(chunk)
        for key in gone:
            items.pop(key, None)
        items |= new
        ordered = tuple(items[key] for key in sorted(items, reverse=True))
        size = CHUNK_SIZE if len(ordered) > 2 * CHUNK_SIZE else max(1, len(ordered))
        return (ordered[start : start + size] for start in range(0, len(ordered), size))

    def _from(self, start: int) -> Iterator[Item]:
        if start <= 0:
            number, skipped = 0, 0
        else:
            ends = self._offsets()
            number = bisect_right(ends, start)
            skipped = start - (ends[number - 1] if number else 0)
        for chunk in islice(self._chunks, number, None):
            yield from chunk[skipped:] if skipped else chunk
            skipped = 0

    def _offsets(self) -> list[int]:
        if self._ends is None:
            self._ends = list(accumulate(map(len, self._chunks)))
        return self._ends

    def _chunk_of(self, key: SortKey) -> int:
        """The number of the chunk that has the key or would take it: the last one that begins at it or before it."""
        low, high = 0, len(self._chunks)
        while low < high:
            middle = (low + high) // 2
            if self._key(self._chunks[middle][0]) >= key:
                low = middle + 1
            else:
                high = middle
        return max(0, low - 1)

    def _count_before(self, chunk: tuple[Item, ...], key: SortKey) -> int:
        low, high = 0, len(chunk)
        while low < high:
            middle = (low + high) // 2
            if self._key(chunk[middle]) > key:
                low = middle + 1
            else:
                high = middle
        return low


def own_key(key: SortKey) -> SortKey:
    """Give the key of an item that is a key itself."""
    return key
