"""registry.records and registry.deployment_records: immutable values that keep texts of people out of logs."""

import dataclasses

import pytest

from registry import deployment_records, records
from tests.registry import samples

MODULES = (records, deployment_records)
RECORDS = [
    value
    for module in MODULES
    for value in vars(module).values()
    if dataclasses.is_dataclass(value) and isinstance(value, type) and value.__module__ == module.__name__
]


def test_there_is_a_record_of_each_kind() -> None:
    assert {record.__name__ for record in RECORDS} == {
        "Asset",
        "AssetRequirement",
        "AssetUpload",
        "AuditEvent",
        "Deployment",
        "DeploymentDecision",
        "DeploymentScope",
        "DeploymentStep",
        "ImportChange",
        "ImportProblem",
        "ImportRun",
        "ImportedElement",
        "Registration",
        "SnapshotNote",
        "TestCheck",
        "TestResult",
        "Ticket",
        "VerifiedAsset",
    }


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_and_has_slots(record: type) -> None:
    assert record.__dataclass_params__.frozen is True  # type: ignore[attr-defined]  # dataclasses sets it.
    assert "__slots__" in vars(record)


def test_a_registration_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        samples.REGISTRATION.group = "other"  # type: ignore[misc]  # That it is refused is the test.
    assert samples.REGISTRATION.group == "risk"


def test_the_text_of_an_asset_is_not_in_its_repr() -> None:
    asset = dataclasses.replace(samples.ASSET, s3_uri=None, content="what nobody should log")
    assert asset.content == "what nobody should log"
    assert "what nobody should log" not in repr(asset)
    assert "what nobody should log" not in repr(dataclasses.replace(samples.REGISTRATION, assets=(asset,)))
