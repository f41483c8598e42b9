"""schema.rehearsals: a test result with its checks."""

from schema.rehearsals import TestResult as Shape
from tests.registry import samples
from tests.schema.probe import data_of


async def test_a_test_result_shows_its_record() -> None:
    selection = "{ __typename id at passed outputS3Uri checks { name passed expected actual } }"
    assert await data_of(Shape, samples.TEST_RESULT, selection) == {
        "__typename": "TestResult",
        "id": "result-1",
        "at": "2026-03-03T09:30:00+00:00",
        "passed": False,
        "outputS3Uri": "s3://example-rehearsals/1/",
        "checks": [{"name": "rows", "passed": False, "expected": "100", "actual": "99"}],
    }
