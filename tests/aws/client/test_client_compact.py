"""Answers as they are kept: equal texts once, times in UTC, and nothing that JSON lacks."""

import math
from datetime import UTC, datetime, timedelta, timezone

from aws.client.client import compact


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
    result = compact({"CreationTime": there})["CreationTime"]
    assert (result, result.tzinfo, result.hour) == (there, UTC, 12)


def test_half_a_surrogate_pair_is_mended_wherever_it_stands() -> None:
    answer = {"FailureReason": "exploded \ud83d", "Tags": [{"Key": "\udc00", "Value": "\U0001f600 é"}]}
    assert compact(answer) == {"FailureReason": "exploded \ufffd", "Tags": [{"Key": "\ufffd", "Value": "\U0001f600 é"}]}


def test_numbers_that_json_lacks_are_none() -> None:
    assert compact({"Values": [math.nan, math.inf, -math.inf, 0.5, 1]}) == {"Values": [None, None, None, 0.5, 1]}


def test_everything_else_is_as_it_was() -> None:
    answer = {"a": 1, "b": [1.5, None, True], "c": {"d": b"raw"}}
    assert compact(answer) == answer
