"""aws.inventory.sharded_map: a map that changes by being succeeded."""

from hypothesis import given
from hypothesis import strategies as st

from aws.inventory.sharded_map import ShardedMap

CHANGES = st.lists(st.dictionaries(st.integers(0, 2000), st.none() | st.integers(0, 5), max_size=50), max_size=10)


@given(changes=CHANGES)
def test_it_is_the_dictionary_whatever_has_changed(changes: list[dict[int, int | None]]) -> None:
    held, there = ShardedMap[int, int](), dict[int, int]()
    for change in changes:
        before, old = held, dict(there)
        held = held.changed(change)
        there = {key: value for key, value in (there | change).items() if value is not None}
        # Whoever holds the former value sees nothing of the change.
        assert {key: before.get(key) for key in old} == old
    assert {key: value for key in range(2001) if (value := held.get(key)) is not None} == there
    assert (len(held), sorted(held)) == (len(there), sorted(there))


def test_no_change_is_the_same_value() -> None:
    held = ShardedMap[int, int]().changed({1: 2})
    assert held.changed({}) is held
