"""gateway.settings.deployments: models, values and their faults."""

from typing import Any

import pytest

from gateway.settings.deployments import check_operation
from gateway.settings.document import UNKNOWN, RawNode
from gateway.settings.settings import from_mapping
from registry.enums import AssetRole
from tests.gateway.settings.conftest import FaultsOf
from workflows.approvals.backend import ApprovalKind

JIRA = {"url": "https://jira.example.com", "user": "sagegraph", "token": "geheim", "project": "MLOPS"}


def test_what_is_left_out_has_its_default() -> None:
    settings = from_mapping({})
    assert settings.imports.model_dump() == {
        "create_default_snapshot": True,
        "start_deployments": True,
        "default_instance_type": "ml.m5.large",
    }
    assert settings.assets.model_dump() == {"bucket": None, "max_upload_bytes": 104_857_600}
    assert settings.deployments.model_dump() == {
        "required_assets": (
            AssetRole.DOCUMENTATION,
            AssetRole.SCHEMA,
            AssetRole.TRAINING_DATA,
            AssetRole.TEST_RESULT_COMPARATOR,
        ),
        "approval": ApprovalKind.BUILTIN,
        "self_approval": False,
        "require_approved_package": False,
        "write_back_approval": False,
        "rehearsal": {
            "instance_type": "ml.m5.large",
            "instance_count": 1,
            "output_s3_uri": None,
            "timeout_minutes": 120,
        },
        "watch_seconds": 60,
    }
    assert settings.jira is None


def test_jira_as_written_and_by_default() -> None:
    settings = from_mapping({"deployments": {"approval": "jira"}, "jira": JIRA})
    assert settings.jira is not None
    assert settings.jira.token.get_secret_value() == "geheim"
    assert "geheim" not in repr(settings)
    assert settings.jira.model_dump(exclude={"token"}) == {
        "url": "https://jira.example.com",
        "user": "sagegraph",
        "project": "MLOPS",
        "issue_type": "Task",
        "approved": ("Done",),
        "rejected": ("Rejected",),
        "poll_seconds": 30,
        "webhook_secret": None,
        "gateway_url": None,
    }


def test_asset_roles_are_the_contracts() -> None:
    names = ["DOCUMENTATION", "SCHEMA", "TRAINING_DATA", "TEST_RESULT_COMPARATOR", "TEST_DATA", "OTHER"]
    settings = from_mapping({"deployments": {"requiredAssets": names}})
    assert [role.value for role in settings.deployments.required_assets] == names
    assert [role.value for role in AssetRole] == names


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ({"imports": {"createDefaultSnapshot": "yes"}}, "imports.createDefaultSnapshot"),
        ({"imports": {"defaultInstanceType": "m5.large"}}, "imports.defaultInstanceType"),
        ({"assets": {"bucket": "s3://bucket"}}, "assets.bucket"),
        ({"assets": {"maxUploadBytes": "0"}}, "assets.maxUploadBytes"),
        ({"deployments": {"requiredAssets": ["SCHEMA", "TESTS"]}}, "deployments.requiredAssets[1]"),
        ({"deployments": {"approval": "email"}}, "deployments.approval"),
        ({"deployments": {"approval": "jira"}}, "jira"),
        ({"deployments": {"approval": "jira"}, "jira": None}, "jira"),
        ({"deployments": {"rehearsal": None}}, "deployments.rehearsal"),
        ({"deployments": {"rehearsal": {"outputS3Uri": "bucket/a"}}}, "deployments.rehearsal.outputS3Uri"),
        ({"deployments": {"rehearsal": {"timeoutMinutes": "1.5"}}}, "deployments.rehearsal.timeoutMinutes"),
        ({"deployments": {"watchSeconds": "0"}}, "deployments.watchSeconds"),
        ({"jira": {**JIRA, "token": ""}}, "jira.token"),
        ({"jira": {**JIRA, "webhookSecret": None}}, "jira.webhookSecret"),
        ({"jira": {**JIRA, "url": "https://me:geheim@jira.example.com"}}, "jira.url"),
        ({"jira": {**JIRA, "approved": "Done"}}, "jira.approved"),
    ],
)
def test_what_is_wrong_is_named(faults_of: FaultsOf, written: dict[str, Any], key: str) -> None:
    assert list(faults_of(written)) == [key]


TOO_OLD = {"sagemaker.freshSeconds": "is above sagemaker.authoritySeconds; make it at most as long"}


def faults(**blocks: Any) -> dict[str, str]:
    return {fault.key: fault.message for fault in check_operation(RawNode(blocks))}


@pytest.mark.parametrize(
    "ages",
    [
        {},
        {"freshSeconds": "900"},
        {"authoritySeconds": "5"},
        {"freshSeconds": 0.5, "authoritySeconds": 0.5},
        {"freshSeconds": UNKNOWN, "authoritySeconds": "1"},
        {"freshSeconds": "text", "authoritySeconds": "1"},
        {"freshSeconds": "1000", "authoritySeconds": None},
    ],
)
def test_ages_in_order(ages: dict[str, Any]) -> None:
    assert faults(sagemaker=ages) == {}


@pytest.mark.parametrize(
    "ages", [{"freshSeconds": "901"}, {"authoritySeconds": "4.9"}, {"freshSeconds": 2, "authoritySeconds": 1}]
)
def test_ages_out_of_order(ages: dict[str, Any]) -> None:
    assert faults(sagemaker=ages) == TOO_OLD


def test_jira_approves_without_its_block() -> None:
    message = "is missing, and deployments.approval is jira; add the block"
    assert faults(deployments={"approval": "jira"}) == {"jira": message}
    assert faults(deployments={"approval": "jira"}, jira={}) == {}
    assert faults(deployments={"approval": "builtin"}) == {}


@pytest.mark.parametrize(
    "jira",
    [{"approved": ["Done", "OK"], "rejected": ["No", "ok"]}, {"approved": ["rejected"]}, {"rejected": ["Done"]}],
)
def test_a_status_that_approves_and_rejects(jira: dict[str, Any]) -> None:
    assert faults(jira=jira) == {"jira.rejected": "has a status that jira.approved has too; keep it in one of the two"}


@pytest.mark.parametrize(
    "jira", [{}, {"approved": ["Yes"], "rejected": ["No"]}, {"approved": 5, "rejected": None}, UNKNOWN]
)
def test_statuses_that_differ(jira: Any) -> None:
    assert faults(jira=jira) == {}
