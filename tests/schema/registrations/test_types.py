"""schema.registrations.types: what an imported element shows; its resource is in tests/live/test_registrations.py."""

from resolvers.errors import BadInputError
from schema.registrations.types import ImportedElement, Registration
from tests.registry import samples
from tests.schema.single_field_schema import data_of, execute_on


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


PLAIN = """{
  __typename id displayName description group modelName modelArn accountId region importedBy importedAt lastSyncedAt
  customMetadata assets { id name } requiredAssets { role present }
}"""


async def test_a_registration_shows_its_record() -> None:
    assert await data_of(Registration, samples.REGISTRATION, PLAIN) == {
        "__typename": "Registration",
        "id": "registration-1",
        "displayName": "Churn",
        "description": "Who will leave",
        "group": "risk",
        "modelName": "churn",
        "modelArn": samples.ARN,
        "accountId": "111111111111",
        "region": "us-east-2",
        "importedBy": "ada",
        "importedAt": "2026-03-02T09:30:00+00:00",
        "lastSyncedAt": "2026-03-03T09:30:00+00:00",
        "customMetadata": {"owner": {"team": "retention"}, "tier": 2},
        "assets": [{"id": "asset-1", "name": "march.csv"}],
        "requiredAssets": [{"role": "SCHEMA", "present": False}],
    }


async def test_a_page_size_is_checked() -> None:
    execution_result = await execute_on(Registration, samples.REGISTRATION, "{ elements(first: 0) { totalCount } }")
    assert execution_result.data == {"it": {"elements": None}}
    assert execution_result.errors is not None
    (error,) = execution_result.errors
    assert isinstance(error.original_error, BadInputError)
