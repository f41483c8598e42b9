"""aws.inventory.sorted_sequence: a sorted list that changes by being succeeded."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.inventory.sorted_sequence import CHUNK_SIZE, SortedSequence, SortKey, own_key
from tests.aws.sandbox_account import NOON


def key(number: int) -> SortKey:
    return NOON + timedelta(seconds=number // 2), f"n{number % 2}"


def sequence(numbers: Sequence[int]) -> SortedSequence[SortKey]:
    return SortedSequence(own_key).changed((), map(key, numbers))


def descending(numbers: set[int]) -> list[SortKey]:
    return sorted(map(key, numbers), reverse=True)


NUMBERS = st.lists(st.integers(0, 1500), max_size=40)
STEPS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12)


@given(first=st.sets(st.integers(0, 1500), max_size=1200), steps=STEPS, place=st.integers(-1, 1501))
def test_it_is_the_sorted_list_whatever_has_changed(
    first: set[int], steps: list[tuple[list[int], list[int]]], place: int
) -> None:
    held, there = sequence(sorted(first)), set(first)
    for removed, added in steps:
        before, old = held, list(held)
        held = held.changed(map(key, removed), map(key, added))
        there = (there - set(removed)) | set(added)
        # Whoever holds the former value sees nothing of the change.
        assert list(before) == old
    expected = descending(there)
    assert list(held) == expected
    assert (len(held), held == tuple(expected)) == (len(expected), True)
    assert list(held.behind(key(place))) == [item for item in expected if item < key(place)]
    assert held.position(key(place)) == sum(element > key(place) for element in expected)
    assert held.get(key(place)) == (key(place) if place in there else None)
    assert held[10:20] == tuple(expected[10:20])
    assert [held[index] for index in range(len(held))] == expected


def test_an_item_takes_the_place_of_one_with_its_key() -> None:
    rows = SortedSequence[tuple[int, str]](lambda item: key(item[0])).changed((), [(1, "a"), (2, "b")])
    assert list(rows.changed((), [(1, "c")])) == [(2, "b"), (1, "c")]


def test_a_change_copies_one_chunk() -> None:
    held = sequence(range(10 * CHUNK_SIZE))
    after = held.changed((), [key(10 * CHUNK_SIZE)])
    shared = {id(chunk) for chunk in held._chunks} & {id(chunk) for chunk in after._chunks}
    assert len(shared) == len(held._chunks) - 1
    assert held.changed((), ()) is held


@pytest.mark.parametrize("count", [10, 700])
def test_one_that_has_grown_begins_with_what_it_was(count: int) -> None:
    whole = [1000 + number for number in range(count)]
    held = sequence(whole)
    assert held.changed((), map(key, range(900))).starts_with(held)
    assert not held.changed([key(1005)], map(key, range(900))).starts_with(held)
    assert not held.changed((), [key(5000)]).starts_with(held)
    assert not held.starts_with(held.changed((), [key(0)]))
    assert not held.starts_with(tuple(held))


def test_places_beyond_the_end() -> None:
    held = sequence([1, 2])
    with pytest.raises(IndexError):
        held[2]
    assert (held[-1], list(SortedSequence(own_key))) == (key(1), [])
    assert SortedSequence(own_key).get(key(1)) is None
