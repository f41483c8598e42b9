"""Medians, ratios, turns, and how figures are shown."""

import pytest

from benchmarks.figures import alternating_order, calls_table, format_megabytes, format_ratio, format_seconds, ratio


def test_a_ratio_is_that_of_the_medians() -> None:
    assert ratio([40.0, 48.0, 100.0], [4.0, 1.0, 6.0]) == 12.0


def test_a_ratio_of_an_even_number_takes_the_middle_of_the_two() -> None:
    assert ratio([10.0, 20.0], [3.0]) == 5.0


def test_turns_go_forwards_and_backwards() -> None:
    assert alternating_order(["a", "b", "c"], 3) == ["a", "b", "c", "c", "b", "a", "a", "b", "c"]


@pytest.mark.parametrize(("value", "shown"), [(7.999, "7.99 times"), (8.0, "8.00 times"), (0.128, "0.12 times")])
def test_a_ratio_is_never_rounded_up(value: float, shown: str) -> None:
    assert format_ratio(value) == shown


@pytest.mark.parametrize(("size", "shown"), [(200_000_000, "200.0 MB"), (200_000_001, "200.1 MB"), (0, "0.0 MB")])
def test_memory_is_never_told_smaller_than_it_is(size: int, shown: str) -> None:
    assert format_megabytes(size) == shown


@pytest.mark.parametrize(
    ("values", "shown"),
    [([], "-"), ([1.5], "1.500 s"), ([3.0, 1.0, 2.0], "2.000 s (1.000 to 3.000)")],
)
def test_seconds_show_their_extremes(values: list[float], shown: str) -> None:
    assert format_seconds(values) == shown


def test_calls_stand_beside_each_other_with_their_sums() -> None:
    table = calls_table({"gateway": {"ListModels": 1, "DescribeModel": 100}, "least": {"Search": 1}})
    assert table.header == ["calls", "gateway", "least"]
    assert table.rows == [
        ["DescribeModel", "100", "0"],
        ["ListModels", "1", "0"],
        ["Search", "0", "1"],
        ["all", "101", "1"],
    ]
