"""schema.elements: what an imported element shows; its resource is in tests/live/test_registrations.py."""

from schema.elements import ImportedElement
from tests.registry import samples
from tests.schema.probe import data_of


async def test_an_imported_element_shows_its_record() -> None:
    selection = "{ __typename id kind name arn match firstSeenAt lastSeenAt vanishedAt }"
    assert await data_of(ImportedElement, samples.ELEMENT, selection) == {
        "__typename": "ImportedElement",
        "id": "element-1",
        "kind": "TRAINING_JOB",
        "name": "churn-train",
        "arn": "arn:aws:sagemaker:us-east-2:111111111111:training-job/churn-train",
        "match": "EXACT_ARTIFACT",
        "firstSeenAt": "2026-03-02T09:30:00+00:00",
        "lastSeenAt": "2026-03-02T09:30:00+00:00",
        "vanishedAt": "2026-03-03T09:30:00+00:00",
    }
