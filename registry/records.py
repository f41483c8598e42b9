"""What the registry gives of its records: frozen values, as they stood when they were read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registry.words import (
    AssetRole,
    DecisionOutcome,
    DeploymentState,
    DeploymentStepName,
    DeploymentTrigger,
    ElementKind,
    StepState,
    TicketKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file or text that is kept with a registered model.

    Attributes:
        id: The opaque id.
        registration_id: The registration that it belongs to.
        role: What it is to the model.
        name: Its name, unique per registration and role.
        s3_uri: Where it is in S3; None for text that the registry holds itself.
        content: That text, which stays out of logs.
        content_type: Its MIME type, where one was given.
        size_bytes: Its size in bytes, where that is known.
        added_by: Who put it there.
        added_at: When.
    """

    id: str
    registration_id: str
    role: AssetRole
    name: str
    s3_uri: str | None
    content: str | None = field(repr=False)
    content_type: str | None
    size_bytes: int | None
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetUpload:
    """An upload that somebody has been given the means for.

    Attributes:
        id: The opaque id.
        registration_id: The registration that the asset will belong to.
        role: What the asset will be to the model.
        name: The asset's name.
        content_type: Its MIME type.
        s3_uri: Where it goes in S3; the gateway chose the place.
        created_by: Who asked for it.
        expires_at: Until when it counts.
    """

    id: str
    registration_id: str
    role: AssetRole
    name: str
    content_type: str
    s3_uri: str
    created_by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AssetRequirement:
    """A role that a deployment asks an asset for, and whether one is there."""

    role: AssetRole
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A SageMaker model that a group has imported.

    Attributes:
        id: The opaque id.
        display_name: The name that people gave it; the model's own where they gave none.
        description: What people wrote about it.
        group: The group that owns the import.
        model_name: The model's name.
        model_arn: The model's ARN.
        model_created_at: When the model was created; one that is deleted and made again under its name is another.
        account_id: The model's AWS account.
        region: The model's AWS region.
        imported_by: Who imported it.
        imported_at: When.
        last_synced_at: When AWS was last looked at for it.
        custom_metadata: What people keep with it, as JSON.
        assets: Its assets.
        required_assets: What a deployment asks for.
    """

    id: str
    display_name: str
    description: str | None
    group: str
    model_name: str
    model_arn: str
    model_created_at: datetime
    account_id: str
    region: str
    imported_by: str
    imported_at: datetime
    last_synced_at: datetime
    custom_metadata: Mapping[str, object]
    assets: tuple[Asset, ...]
    required_assets: tuple[AssetRequirement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedElement:
    """A SageMaker resource that an import or sync of a model has seen.

    Attributes:
        id: The opaque id of this row, not of the resource.
        registration_id: The registration that it was seen for.
        kind: The resource's kind.
        name: The resource's name.
        arn: The resource's ARN.
        created_at: When the resource was created.
        match: The name of the reason for which a job belongs to the model; None for what is no job.
        first_seen_at: When it was first seen.
        last_seen_at: When it was last seen.
        vanished_at: When it was first missed; None while it is there.
        stored: What was last read of it, as JSON.
    """

    id: str
    registration_id: str
    kind: ElementKind
    name: str
    arn: str
    created_at: datetime
    match: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    vanished_at: datetime | None
    stored: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SnapshotNote:
    """What a group keeps with a snapshot: its custom metadata, and whether an import made the snapshot."""

    custom_metadata: Mapping[str, object]
    created_by_import: bool


@dataclass(frozen=True, slots=True)
class DeploymentScope:
    """Where a deployment runs: the group whose role it takes, and the AWS account and region."""

    group: str
    account_id: str
    region: str


@dataclass(frozen=True, slots=True)
class TestCheck:
    """One comparison of a rehearsal: what was expected and what came, both as text."""

    name: str
    passed: bool
    expected: str | None
    actual: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """The outcome of a rehearsal.

    Attributes:
        id: The opaque id.
        home: Where it was rehearsed.
        at: When it was found.
        passed: Whether every check passed.
        job_name: The transform job that it rests on.
        output_s3_uri: Where that job wrote in S3.
        checks: Each comparison.
    """

    id: str
    home: DeploymentScope
    at: datetime
    passed: bool
    job_name: str | None
    output_s3_uri: str | None
    checks: tuple[TestCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentStep:
    """A step of a deployment: how it stands, since when, and which transform job it ran, if any, and where."""

    home: DeploymentScope
    name: DeploymentStepName
    state: StepState
    started_at: datetime | None
    ended_at: datetime | None
    detail: str | None
    job_name: str | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket about a deployment; `status` is the word of the system that keeps it."""

    key: str
    url: str | None
    status: str
    kind: TicketKind


@dataclass(frozen=True, slots=True)
class DeploymentDecision:
    """Who decided about a deployment, when, how, and with which words."""

    outcome: DecisionOutcome
    by: str
    at: datetime
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A snapshot's way to an endpoint.

    Attributes:
        id: The opaque id.
        state: How it stands.
        trigger: What started it.
        group: The group whose role it runs as.
        account_id: The AWS account of that role.
        region: The AWS region.
        registration_ids: The registrations of the snapshot's models.
        snapshot_name: The snapshot that is on its way.
        snapshot_created_at: When that was created; one made again under its name is another.
        runtime_name: The endpoint that it is to become, once that is known.
        reason: What is missing, failed or was refused, and the remedy.
        steps: Its steps, in their order.
        tickets: The tickets that were filed for it, oldest first.
        decision: What was decided about it, once it was.
        test_result: The outcome of its rehearsal, once there is one.
        started_by: Who started it.
        started_at: When.
        ended_at: When it ended; None while it goes on.
    """

    id: str
    state: DeploymentState
    trigger: DeploymentTrigger
    group: str
    account_id: str
    region: str
    registration_ids: tuple[str, ...]
    snapshot_name: str
    snapshot_created_at: datetime
    runtime_name: str | None
    reason: str | None
    steps: tuple[DeploymentStep, ...]
    tickets: tuple[Ticket, ...]
    decision: DeploymentDecision | None
    test_result: TestResult | None
    started_by: str
    started_at: datetime
    ended_at: datetime | None
