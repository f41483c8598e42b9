"""gateway.garbage: when all objects are looked through, and which are left out."""

import asyncio
import gc
import threading
from collections.abc import Iterator
from weakref import ref

import pytest

from concurrency.background import running_beside
from gateway.garbage import GROWTH_BLOCKS, LOOKS, MOST_BLOCKS, GarbageCollector


class Node:
    """An object in a cycle, which only a collection frees."""

    def __init__(self) -> None:
        self.itself = self


class Memory:
    """The blocks in use."""

    blocks = 10 * GROWTH_BLOCKS

    def __call__(self) -> int:
        return self.blocks


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Garbage collection as it was; none by itself meanwhile."""
    threshold, enabled, frozen = gc.get_threshold(), gc.isenabled(), gc.get_freeze_count() > 0
    gc.disable()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
    if frozen:
        gc.freeze()
    if enabled:
        gc.enable()


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def collector(memory: Memory) -> GarbageCollector:
    started = GarbageCollector(memory)
    started.start()
    return started


def test_it_freezes_what_is_there_and_leaves_full_collections_to_the_collector(collector: GarbageCollector) -> None:
    assert collector.look() is False
    assert gc.get_freeze_count() > 1000
    assert gc.get_threshold()[2] > 1_000_000


def test_it_collects_once_memory_has_grown_and_counts_from_then_on(collector: GarbageCollector, memory: Memory) -> None:
    garbage = ref(Node())
    memory.blocks += GROWTH_BLOCKS - 1
    assert [collector.look() for _ in range(LOOKS)] == [False] * LOOKS
    memory.blocks += 1
    assert [collector.look() for _ in range(LOOKS - 1)] == [False] * (LOOKS - 1)
    assert garbage() is not None
    assert (collector.look(), garbage() is None) == (True, True)
    assert [collector.look() for _ in range(LOOKS)] == [False] * LOOKS


def test_growth_is_counted_from_the_fewest_blocks(collector: GarbageCollector, memory: Memory) -> None:
    memory.blocks -= GROWTH_BLOCKS
    assert collector.look() is False
    memory.blocks += GROWTH_BLOCKS
    assert [collector.look() for _ in range(LOOKS)] == [*[False] * (LOOKS - 1), True]


def test_memory_that_comes_and_goes_is_no_growth(collector: GarbageCollector, memory: Memory) -> None:
    for number in range(3 * LOOKS):
        memory.blocks += GROWTH_BLOCKS if number % 4 else -3 * GROWTH_BLOCKS
        assert collector.look() is False


def test_much_memory_at_once_is_not_waited_for(collector: GarbageCollector, memory: Memory) -> None:
    memory.blocks += MOST_BLOCKS
    assert collector.look() is True


def test_what_was_frozen_is_looked_through_at_times(
    collector: GarbageCollector, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.garbage.WHOLE_EACH", 3)
    kept = Node()
    garbage = ref(kept)
    for number in (1, 2, 3):
        memory.blocks += MOST_BLOCKS
        assert collector.look() is True
        kept = Node()
        assert (garbage() is None) == (number == 3)
    assert kept.itself is kept


async def test_free_memory_is_given_back_each_so_many_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.garbage.LOOK_SECONDS", 0)
    monkeypatch.setattr("gateway.garbage.TRIM_LOOKS", 3)
    trimmed = threading.Event()
    looks = 0

    def blocks() -> int:
        nonlocal looks
        looks += not trimmed.is_set()
        return 0

    collector = GarbageCollector(blocks, trimmed.set)
    async with running_beside(collector.run()):
        await asyncio.to_thread(trimmed.wait, 10)
    assert looks == 3


def test_the_system_gives_memory_back_or_does_nothing(memory: Memory) -> None:
    assert GarbageCollector(memory)._trim() in {None, 0, 1}
