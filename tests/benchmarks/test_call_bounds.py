"""How many calls a question needs at least, and may cost."""

import pytest

from benchmarks.call_bounds import counted_calls, max_calls, min_calls_with_describe, min_calls_with_search, pages
from benchmarks.estates import SIZES

HUNDRED = SIZES["hundred-models"]


@pytest.mark.parametrize(("rows", "expected"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_pages(rows: int, expected: int) -> None:
    assert pages(rows) == expected


def test_the_least_by_describing() -> None:
    assert min_calls_with_describe(HUNDRED) == {
        "ListModels": 1,
        "ListEndpointConfigs": 3,
        "ListEndpoints": 1,
        "ListTrainingJobs": 3,
        "ListTransformJobs": 3,
        "DescribeModel": 100,
        "DescribeEndpointConfig": 300,
        "DescribeEndpoint": 100,
        "DescribeTrainingJob": 250,
        "DescribeTransformJob": 250,
    }


def test_the_usual_page_is_ten_rows() -> None:
    assert min_calls_with_describe(HUNDRED, page=10)["ListEndpointConfigs"] == 30


def test_the_least_by_searching_describes_only_what_search_cannot_answer() -> None:
    assert min_calls_with_search(HUNDRED) == {
        "Search": 5,
        "ListEndpointConfigs": 3,
        "DescribeEndpointConfig": 300,
        "ListTransformJobs": 3,
        "DescribeTransformJob": 250,
    }


def test_allowed_is_one_call_for_each_thing_and_the_list_pages() -> None:
    assert max_calls(HUNDRED) == 1000 + 11


def test_tags_and_sessions_are_counted_apart() -> None:
    assert (
        counted_calls({"DescribeModel": 3, "ListTags": 100, "AssumeRole": 1, "GetCallerIdentity": 1, "Search": 2}) == 5
    )
