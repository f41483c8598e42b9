"""Records of registrations, assets, imports and the audit: frozen values, as of the time they were read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registry.enums import AssetRole, AuditOutcome, ElementChange, ElementKind, ImportRunState


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
        fingerprint: A digest of the text, or what S3 told of the object's version then; None if that is unknown.
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
    fingerprint: str | None = None


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
    """A group's note on a snapshot: custom metadata, and whether an import made the snapshot."""

    custom_metadata: Mapping[str, object]
    created_by_import: bool


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Why some elements of a kind could not be imported: AWS's code and words, and how many they were."""

    kind: ElementKind
    message: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportChange:
    """An import's or sync's finding about one element; `match` as in records.ImportedElement."""

    kind: ElementKind
    name: str
    arn: str
    change: ElementChange
    match: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """An import or sync on its way, or ended.

    Attributes:
        id: The opaque id.
        state: How it stands.
        phase: What it is doing, in words.
        done: How many steps of the phase are done.
        total: How many there are, once that is known.
        group: The group that it imports for.
        account_id: The model's AWS account.
        region: The model's AWS region.
        model_name: The model's name.
        registration_id: What came of it; None as long as there is none, and where it was removed.
        started_by: Who started it.
        started_at: When.
        ended_at: When it ended; None while it runs.
        wishes: What was asked for, as JSON, for whoever resumes it.
        problems: What could not be imported.
    """

    id: str
    state: ImportRunState
    phase: str
    done: int
    total: int | None
    group: str
    account_id: str
    region: str
    model_name: str
    registration_id: str | None
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    wishes: Mapping[str, object]
    problems: tuple[ImportProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Something that somebody did, or tried to.

    Attributes:
        id: The opaque id.
        at: When.
        actor: Who.
        group: The group that they acted for; None where they acted for none.
        role_arn: The AWS role that was taken for it, if any.
        action: What they did, such as `importModel`.
        target: What they did it to.
        outcome: What it came to.
        detail: What else there is to say, such as why it was refused.
        request_id: The id of the request that asked for it.
        aws_request_ids: AWS's ids of the calls that it took.
    """

    id: str
    at: datetime
    actor: str
    group: str | None
    role_arn: str | None
    action: str
    target: str | None
    outcome: AuditOutcome
    detail: str | None
    request_id: str | None
    aws_request_ids: tuple[str, ...]
