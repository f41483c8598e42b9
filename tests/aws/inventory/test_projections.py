"""aws.inventory.projections: data that is worked out once for each value, and bounded."""

import pytest

from aws.inventory import projections
from aws.inventory.projections import Projection, Projections


class Value:
    """Equal to every other one, so that only its identity tells it apart."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value)

    __hash__ = None  # type: ignore[assignment]


def test_data_is_that_of_the_very_same_values() -> None:
    kept, one, other = Projection(), Value(), Value()
    assert kept.of([one]) is None
    kept.keep([one, other], ["one", "other"], 6)
    assert (kept.of([other, one, one]), kept.objects, len(kept)) == (["other", "one", "one"], 3.0, 2)
    assert kept.of([one, Value()]) is None
    assert kept.of([]) == []


def test_a_value_that_is_kept_keeps_its_identity() -> None:
    """Else another one might get it, and be shown with the first one's data."""
    kept = Projection()
    kept.keep([Value()], ["one"], 1)
    others = [Value() for _ in range(100)]
    assert all(kept.of([each]) is None for each in others)


def test_of_values_that_are_others_each_time_few_are_kept() -> None:
    kept, sizes = Projection(), []
    for _ in range(10):
        kept.keep([Value()], ["stranger"], 1)
        sizes.append(len(kept))
    assert sizes == [1, 2, 3, 4, 4, 4, 4, 1, 1, 1]


def test_values_that_were_read_anew_are_kept_after_strangers() -> None:
    """A page after another makes strangers, after which the selection of one page is asked for again and again."""
    kept, steady = Projection(), [Value()]
    for _ in range(10):
        kept.keep([Value()], ["stranger"], 1)
    times = 0
    while kept.of(steady) is None:
        kept.keep(steady, ["steady"], 1)
        times += 1
    assert (times, len(kept)) == (2, 1)


def test_values_that_come_again_make_up_for_strangers() -> None:
    kept, steady = Projection(), [Value()]
    kept.keep(steady, ["steady"], 1)
    for _ in range(10):
        kept.keep([Value()], ["stranger"], 1)
        assert kept.of(steady) == ["steady"]


def test_values_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projections, "MAX_VALUES", 3)
    kept, values = Projection(), [Value() for _ in range(4)]
    kept.keep(values, values, 4)
    assert len(kept) == 0
    kept.keep(values[:2], values[:2], 2)
    kept.keep(values[2:], values[2:], 2)
    assert (kept.of(values[:2]), kept.of(values[2:])) == (None, values[2:])


def test_selections_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """By their number and by their values; those that were used longest ago go first."""
    monkeypatch.setattr(projections, "MAX_VALUES", 3)
    monkeypatch.setattr(projections, "MAX_SELECTIONS", 2)
    whole, values = Projections(), [Value(), Value()]
    for selection in ("a", "b"):
        whole.get(selection).keep(values, values, 2)
    assert whole.get("b").of(values) == values
    assert whole.get("a").of(values) is None
    assert 0 < whole.bytes < 3_000
    for selection in ("c", "d", "b"):
        whole.get(selection)
    assert whole.get("b").of(values) is None


def test_everything_can_be_forgotten() -> None:
    whole, values = Projections(), [Value()]
    whole.get("a").keep(values, values, 1)
    whole.clear()
    assert (whole.get("a").of(values), whole.bytes) == (None, 0)
