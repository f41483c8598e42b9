"""Settings of imports, assets, deployments, rehearsals and Jira, and the checks between their keys."""

from collections.abc import Iterator
from typing import Annotated

from gateway.settings.document import ABSENT, RawNode
from gateway.settings.errors import SettingsFault
from gateway.settings.model import SettingsModel, ValueType
from gateway.settings.server import SagemakerSettings
from gateway.settings.values import (
    Bucket,
    InstanceType,
    Omittable,
    Positive,
    S3Uri,
    Seconds,
    Secret,
    Switch,
    Text,
    Url,
    seconds,
)
from registry.enums import AssetRole
from workflows.approvals.backend import ApprovalKind

ALL_ROLES = ", ".join(role.value for role in AssetRole)
AssetRoleName = Annotated[AssetRole, ValueType(f"one of {ALL_ROLES}", AssetRole)]
ApprovalName = Annotated[ApprovalKind, ValueType("builtin or jira", ApprovalKind)]


class ImportSettings(SettingsModel):
    """`imports`: what an import does besides.

    Attributes:
        create_default_snapshot: Whether a model without a snapshot gets one.
        start_deployments: Whether its snapshots that do not run start on their way to an endpoint.
        default_instance_type: What the default snapshot runs on.
    """

    create_default_snapshot: Switch = True
    start_deployments: Switch = True
    default_instance_type: InstanceType = "ml.m5.large"


class AssetSettings(SettingsModel):
    """`assets`: what is kept with a registered model.

    Attributes:
        bucket: Where uploads go; None means that there are none.
        max_upload_bytes: The largest upload, in bytes.
    """

    bucket: Bucket | None = None
    max_upload_bytes: Positive = 104_857_600


class RehearsalSettings(SettingsModel):
    """`deployments.rehearsal`: the transform job over the test data.

    Attributes:
        instance_type: What it runs on.
        instance_count: On how many of them.
        output_s3_uri: Where it writes, below this prefix; None means that there is no place for it.
        timeout_minutes: After how many minutes it has failed.
    """

    instance_type: InstanceType = "ml.m5.large"
    instance_count: Positive = 1
    output_s3_uri: S3Uri | None = None
    timeout_minutes: Positive = 120


class DeploymentSettings(SettingsModel):
    """`deployments`: a snapshot's way to an endpoint.

    Attributes:
        required_assets: What must be there before it goes on.
        approval: Who is asked: the gateway's own approvals, or Jira.
        self_approval: Whether the one who started it may approve it.
        require_approved_package: Whether models that come from SageMaker's model registry need an approved version.
        write_back_approval: Whether a decision here sets the approval status of those versions, too.
        rehearsal: The transform job over the test data.
        watch_seconds: How often imported models are looked at for new snapshots.
    """

    required_assets: tuple[AssetRoleName, ...] = (
        AssetRole.DOCUMENTATION,
        AssetRole.SCHEMA,
        AssetRole.TRAINING_DATA,
        AssetRole.TEST_RESULT_COMPARATOR,
    )
    approval: ApprovalName = ApprovalKind.BUILTIN
    self_approval: Switch = False
    require_approved_package: Switch = False
    write_back_approval: Switch = False
    rehearsal: RehearsalSettings = RehearsalSettings()
    watch_seconds: Seconds = 60


class JiraSettings(SettingsModel):
    """`jira`: where tickets are filed.

    Attributes:
        url: The address of Jira.
        user: Who files them; an account of the gateway's own.
        token: That account's API token.
        project: The key of the project.
        issue_type: The type of issue.
        approved: The statuses that approve.
        rejected: The statuses that reject.
        poll_seconds: How often open tickets are looked at.
        webhook_secret: What signs Jira's webhooks; None leaves them refused.
        gateway_url: Where people reach the gateway, for a link in tickets: its root or its /graphql; None for none.
    """

    url: Url
    user: Text
    token: Secret
    project: Text
    issue_type: Text = "Task"
    approved: tuple[Text, ...] = ("Done",)
    rejected: tuple[Text, ...] = ("Rejected",)
    poll_seconds: Seconds = 30
    webhook_secret: Omittable[Secret] = None
    gateway_url: Omittable[Url] = None


def check_operation(settings: RawNode) -> Iterator[SettingsFault]:
    """Every fault between `sagemaker`'s ages, `deployments` and `jira`."""
    fresh = _age(settings, "freshSeconds", SagemakerSettings().fresh_seconds)
    authority = _age(settings, "authoritySeconds", SagemakerSettings().authority_seconds)
    if fresh is not None and authority is not None and fresh > authority:
        yield SettingsFault("sagemaker.freshSeconds", "is above sagemaker.authoritySeconds; make it at most as long")
    if settings["deployments"]["approval"].text() == "jira" and settings["jira"].value is ABSENT:
        yield SettingsFault("jira", "is missing, and deployments.approval is jira; add the block")
    yield from _check_jira_statuses(settings["jira"])


def _age(settings: RawNode, key: str, default: float) -> float | None:
    place = settings["sagemaker"][key]
    try:
        return default if place.value is ABSENT else seconds(place.value)
    except ValueError:
        return None


def _check_jira_statuses(jira: RawNode) -> Iterator[SettingsFault]:
    """A status approves or rejects, not both; Jira's names of statuses know no case."""
    approving = {
        status.lower() for status in _statuses(jira["approved"], JiraSettings.model_fields["approved"].default)
    }
    rejecting = {
        status.lower() for status in _statuses(jira["rejected"], JiraSettings.model_fields["rejected"].default)
    }
    if approving & rejecting:
        yield SettingsFault("jira.rejected", "has a status that jira.approved has too; keep it in one of the two")


def _statuses(place: RawNode, default: tuple[str, ...]) -> tuple[str, ...]:
    if place.value is ABSENT:
        return default
    return tuple(text for status in place.items() if (text := status.text()) is not None)
