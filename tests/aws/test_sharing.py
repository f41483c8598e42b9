"""Answers that are kept share their texts, and tell their times in UTC."""

from datetime import UTC, datetime, timedelta, timezone

from aws.sharing import compact


def text(*parts: str) -> str:
    """A text that nothing else holds yet."""
    return "".join(parts)


def test_equal_texts_become_one() -> None:
    first, second = compact({text("Na", "me"): text("fraud", "-1")}), compact([text("fraud", "-1")])
    assert first == {"Name": "fraud-1"}
    assert second == ["fraud-1"]
    assert first["Name"] is second[0]


def test_times_are_the_same_moments_in_utc() -> None:
    there = datetime(2026, 3, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    found = compact({"CreationTime": there})["CreationTime"]
    assert (found, found.tzinfo, found.hour) == (there, UTC, 12)


def test_everything_else_is_as_it_was() -> None:
    answer = {"a": 1, "b": [1.5, None, True], "c": {"d": b"raw"}}
    assert compact(answer) == answer
