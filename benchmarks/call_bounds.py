"""Lower and upper bounds of the AWS calls that a full read may cost."""

import math
from collections.abc import Mapping

from benchmarks.estates import Size

MAX_PAGE, DEFAULT_PAGE = 100, 10
"""Rows of a listing's page: the most that SageMaker gives, and the number without a request for another."""

COUNTED_APART = frozenset({"ListTags", "AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity"})
"""Tags have a goal of their own, and a caller's identity costs the same for every question."""

SEARCHABLE = ("Model", "Endpoint", "TrainingJob")
"""Kinds that Search answers whole, a page at a time."""

LISTS = {
    "Model": "ListModels",
    "EndpointConfig": "ListEndpointConfigs",
    "Endpoint": "ListEndpoints",
    "TrainingJob": "ListTrainingJobs",
    "TransformJob": "ListTransformJobs",
}


def pages(rows: int, page: int = MAX_PAGE) -> int:
    """Count the pages of a listing of so many rows, with `page` rows each at most; an empty listing has one."""
    return max(1, math.ceil(rows / page))


def min_calls_with_describe(size: Size, page: int = MAX_PAGE) -> dict[str, int]:
    """The least calls, by operation, that read an estate of this size whole by listing and describing."""
    lists = {LISTS[kind]: pages(count, page) for kind, count in size.by_kind.items()}
    return lists | {f"Describe{kind}": count for kind, count in size.by_kind.items()}


def min_calls_with_search(size: Size) -> dict[str, int]:
    """The least calls for an estate of this size if Search may be used; other kinds are still listed and described."""
    calls = {"Search": sum(pages(size.by_kind[kind]) for kind in SEARCHABLE)}
    for kind, count in size.by_kind.items():
        if kind not in SEARCHABLE:
            calls |= {LISTS[kind]: pages(count), f"Describe{kind}": count}
    return calls


def max_calls(size: Size) -> int:
    """The most calls of a first full read of this size: one for each resource to be described, and list pages."""
    return sum(min_calls_with_describe(size).values())


def counted_calls(calls: Mapping[str, int]) -> int:
    """The calls that a goal is about."""
    return sum(n for operation, n in calls.items() if operation not in COUNTED_APART)
