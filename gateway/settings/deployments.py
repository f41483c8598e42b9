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
    """`imports`: defaults of an import.

    Attributes:
        create_default_snapshot: Whether a model without any endpoint configuration gets one, if the import does not
            say. The group needs DEPLOY.
        start_deployments: Whether deployments start for the imported model's snapshots that do not run, if the import
            does not say. The group needs DEPLOY.
        default_instance_type: The instance type of the default snapshot.
    """

    create_default_snapshot: Switch = True
    start_deployments: Switch = True
    default_instance_type: InstanceType = "ml.m5.large"


class AssetSettings(SettingsModel):
    """`assets`: files that are kept with a registered model.

    Attributes:
        bucket: The bucket for uploads, without `s3://`, in the region of the models; `null` turns uploads off.
        max_upload_bytes: The largest upload, in bytes.
    """

    bucket: Bucket | None = None
    max_upload_bytes: Positive = 104_857_600


class RehearsalSettings(SettingsModel):
    """`deployments.rehearsal`: the transform job over the test data.

    Attributes:
        instance_type: The job's instance type.
        instance_count: The number of instances that the job runs on.
        output_s3_uri: The S3 prefix for the job's output. With `null`, a deployment with TEST_DATA is `BLOCKED`, unless
            `rehearse: false` leaves the rehearsal out.
        timeout_minutes: The minutes after which the job is stopped and the rehearsal has failed.
    """

    instance_type: InstanceType = "ml.m5.large"
    instance_count: Positive = 1
    output_s3_uri: S3Uri | None = None
    timeout_minutes: Positive = 120


class DeploymentSettings(SettingsModel):
    """`deployments`: a snapshot's way to an endpoint.

    Attributes:
        required_assets: The asset roles that each model of the snapshot needs before a deployment goes on: any of
            DOCUMENTATION, SCHEMA, TRAINING_DATA, TEST_RESULT_COMPARATOR, TEST_DATA, OTHER.
        approval: The approval backend: the gateway's own approvals (`builtin`), or a ticket (`jira`, which requires the
            block `jira`).
        self_approval: Whether people may approve their own deployments.
        require_approved_package: Whether versions in SageMaker's model registry must be approved there before their
            models are deployed.
        write_back_approval: Whether a decision about a deployment sets `ModelApprovalStatus` of the models' versions in
            SageMaker's model registry, too.
        rehearsal: The transform job over the test data.
        watch_seconds: Seconds between two looks at imported models for new snapshots.
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
    """`jira`: tickets, for `deployments.approval: jira`, which requires it.

    Attributes:
        url: The address of Jira, Cloud or Data Center.
        user: The account that files tickets.
        token: The API token of that account.
        project: The key of the project in which tickets are filed.
        issue_type: The type of issue of a ticket.
        approved: The statuses that approve a deployment.
        rejected: The statuses that reject a deployment; none of them may be in `approved` too. `[]` is for a workflow
            without any: `cancelDeployment` refuses then.
        poll_seconds: Seconds between two looks at open tickets.
        webhook_secret: The secret that signs Jira's webhooks. Without it, webhooks are refused.
        gateway_url: The gateway's address for people, for a link in tickets: its root, under any path, or its
            `/graphql`.
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
    """Yield the faults between the settings of `sagemaker`, `deployments` and `jira`."""
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
    """Yield a fault if a status both approves and rejects; Jira's names of statuses ignore case."""
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
