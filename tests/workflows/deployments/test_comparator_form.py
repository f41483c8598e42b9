"""workflows.deployments.comparator_form: the form of a comparator, and the fault of another form."""

import json
from typing import Any, cast

import pytest

from aws.client.errors import NotFoundError
from aws.storage import ObjectStorage, ObjectTooLargeError
from registry.enums import AssetRole
from registry.records import Asset
from tests.registry.factories import NOON
from workflows.deployments.comparator_form import (
    MAX_COMPARATOR_BYTES,
    Comparator,
    Metric,
    load_comparator,
)
from workflows.deployments.errors import ComparatorError

WHOLE = """{
  "version": 1, "format": "jsonlines",
  "rows": {"minimum": 1, "maximum": 10},
  "errors": {"maximumShare": 0.1},
  "expected": {"s3Uri": "s3://bucket/expected.jsonl", "tolerance": 0.5, "relativeTolerance": 0.01,
               "maximumMismatchShare": 0.2},
  "metrics": [{"name": "meanAbsoluteError", "column": "score", "maximum": 0.3}, {"name": "mean", "minimum": 0}]
}"""


class Bucket:
    """S3 that holds one text, or refuses it."""

    def __init__(self, text: str = "", error: Exception | None = None) -> None:
        self.asked: list[tuple[str, int]] = []
        self._text = text
        self._error = error

    async def read(self, s3_uri: str, most_bytes: int) -> bytes:
        self.asked.append((s3_uri, most_bytes))
        if self._error is not None:
            raise self._error
        return self._text.encode()


def asset(content: str | None = None, s3_uri: str | None = None) -> Asset:
    return Asset(
        id="1",
        registration_id="2",
        role=AssetRole.TEST_RESULT_COMPARATOR,
        name="compare.json",
        s3_uri=s3_uri,
        content=content,
        content_type=None,
        size_bytes=None,
        added_by="ann",
        added_at=NOON,
    )


async def read(content: str) -> Comparator:
    return await load_comparator(cast(ObjectStorage, Bucket()), asset(content))


async def test_the_whole_form() -> None:
    comparator = await read(WHOLE)
    assert comparator.rows is not None
    assert comparator.errors is not None
    assert comparator.expected is not None
    assert (comparator.format, comparator.rows.maximum, comparator.errors.maximum_share) == ("jsonlines", 10, 0.1)
    assert (comparator.expected.s3_uri, comparator.expected.relative_tolerance) == ("s3://bucket/expected.jsonl", 0.01)
    assert [(metric.name, metric.column) for metric in comparator.metrics] == [
        (Metric.MEAN_ABSOLUTE_ERROR, "score"),
        (Metric.MEAN, None),
    ]


async def test_an_empty_one_compares_nothing() -> None:
    assert await read("{}") == Comparator()


async def test_one_in_s3_is_read_within_bounds() -> None:
    bucket = Bucket('{"rows": {"equals": 2}}')
    comparator = await load_comparator(cast(ObjectStorage, bucket), asset(s3_uri="s3://bucket/compare.json"))
    assert comparator.rows is not None
    assert comparator.rows.equals == 2
    assert bucket.asked == [("s3://bucket/compare.json", MAX_COMPARATOR_BYTES)]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("no JSON", "the whole: Invalid JSON"),
        ('{"row": {}}', "row: Extra inputs are not permitted"),
        ('{"version": 2}', "version: Input should be 1"),
        ('{"rows": {"equals": -1}}', "rows.equals: Input should be greater than or equal to 0"),
        ('{"rows": {"equals": true}}', "rows.equals: Input should be a valid integer"),
        ('{"rows": {"equals": "3"}}', "rows.equals: Input should be a valid integer"),
        (
            '{"metrics": [{"name": "mean", "column": -1}]}',
            "column.constrained-int: Input should be greater than or equal",
        ),
        (
            '{"metrics": [{"name": "mean", "column": true}]}',
            "metrics.0.column.constrained-int: Input should be a valid",
        ),
        ('{"errors": {}}', "errors.maximumShare: Field required"),
        ('{"metrics": [{"name": "median"}]}', "metrics.0.name: Input should be 'mean'"),
        ('{"metrics": [{"name": "accuracy"}]}', "measures accuracy, for which it must name `expected` rows"),
        ('{"rows": {"minimum": 1' + "0" * 400 + "}}", "rows.minimum: Input should be less than or equal to 1000000000"),
        (json.dumps({"metrics": [{"name": "mean"}] * 51}), "metrics: Tuple should have at most 50 items"),
        ("[" * 100_000, "the whole: Invalid JSON: recursion limit exceeded"),
        ('{"metrics": [{"name": "mean", "maximum": NaN}]}', "metrics.0.maximum: Input should be a finite number"),
        ('{"metrics": [{"name": "mean", "maximum": 1e999}]}', "metrics.0.maximum: Input should be a finite number"),
    ],
)
async def test_another_form_is_told_of(content: str, text: str) -> None:
    with pytest.raises(ComparatorError) as raised:
        await read(content)
    assert text in str(raised.value)
    assert str(raised.value).startswith("The TEST_RESULT_COMPARATOR `compare.json` ")


async def test_what_is_told_of_another_form_is_bounded() -> None:
    with pytest.raises(ComparatorError) as raised:
        await read(json.dumps({f"{number}{'k' * 200}": 1 for number in range(1000)}))
    assert len(str(raised.value)) < 1_000
    assert str(raised.value).endswith("Extra inputs are not permitted; and more.")


@pytest.mark.parametrize(
    "error", [ObjectTooLargeError("s3://b/k", 9, 8), NotFoundError("It is not there.", operation="GetObject")]
)
async def test_one_that_cannot_be_read(error: Exception) -> None:
    storage: Any = Bucket(error=error)
    with pytest.raises(ComparatorError, match="cannot be read"):
        await load_comparator(storage, asset(s3_uri="s3://b/k"))
