"""Records of registrations, assets, imports and the audit: frozen values, as of the time of their read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registry.enums import AssetRole, AuditOutcome, ElementChange, ElementKind, ImportRunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file or text that is kept with a registered model.

    Attributes:
        id: The opaque id.
        registration_id: The id of the registration that it belongs to.
        role: Its role for the model.
        name: Its name, unique per registration and role.
        s3_uri: Its address in S3; None for text that the registry holds itself.
        content: That text, which stays out of logs; None for an object in S3.
        content_type: Its MIME type; None if it is not known.
        size_bytes: Its size in bytes; None if it is not known.
        added_by: The person who added it.
        added_at: The time of that.
        fingerprint: A digest of the text, or the version of the object in S3 at that time; None if that is unknown.
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
    """A presigned upload that was given to somebody.

    Attributes:
        id: The opaque id.
        registration_id: The id of the registration that the asset will belong to.
        role: The role of the asset.
        name: The asset's name.
        content_type: Its MIME type.
        s3_uri: Its address in S3, which the gateway chose.
        created_by: The person who asked for it.
        expires_at: The time until which it can be used.
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
    """A role that deployments require an asset for.

    Attributes:
        role: The role.
        present: True if the registration has such an asset.
    """

    role: AssetRole
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A SageMaker model that a group has imported.

    Attributes:
        id: The opaque id.
        display_name: The name that people gave it; the model's own if they gave none.
        description: The description by people; None without one.
        group: The group that owns the import.
        model_name: The model's name.
        model_arn: The model's ARN.
        model_created_at: The model's creation time; one that is deleted and made again under its name is another.
        account_id: The model's AWS account.
        region: The model's AWS region.
        imported_by: The person who imported it.
        imported_at: The time of that.
        last_synced_at: The time of the last sync with AWS.
        custom_metadata: The custom metadata of people, a JSON object.
        assets: Its assets.
        required_assets: The roles that deployments require.
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
        registration_id: The id of the registration that it was seen for.
        kind: The resource's kind.
        name: The resource's name.
        arn: The resource's ARN.
        created_at: The resource's creation time.
        match: The name of the reason for which a job belongs to the model; None for other kinds.
        first_seen_at: The time at which it was first seen.
        last_seen_at: The time at which it was last seen.
        vanished_at: The time at which it was first missing; None while AWS has it.
        stored: Its last copy, as JSON.
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
    """A group's note on a snapshot.

    Attributes:
        custom_metadata: The custom metadata of people, a JSON object.
        created_by_import: True if an import of the group made the snapshot.
    """

    custom_metadata: Mapping[str, object]
    created_by_import: bool


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """The elements of a kind that could not be imported for one reason.

    Attributes:
        kind: The kind of the elements.
        message: The reason, for people.
        code: AWS's error code, or the contract's.
        count: The number of elements.
    """

    kind: ElementKind
    message: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportChange:
    """The finding of an import or sync about one element.

    Attributes:
        kind: The element's kind.
        name: The element's name.
        arn: The element's ARN.
        change: The finding.
        match: The reason for which a job belongs to the model; None for other kinds.
    """

    kind: ElementKind
    name: str
    arn: str
    change: ElementChange
    match: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """An import or sync, under way or ended.

    Attributes:
        id: The opaque id.
        state: Its state.
        phase: The phase that it is in, in words.
        done: The number of steps of the phase that are done.
        total: The number of its steps; None if it is not known.
        group: The group that it imports for.
        account_id: The model's AWS account.
        region: The model's AWS region.
        model_name: The model's name.
        registration_id: The id of the registration; None before there is one, and after its removal.
        started_by: The person who started it.
        started_at: The time of that.
        ended_at: The time at which it ended; None while it runs.
        wishes: The import options as JSON, for a process that resumes it.
        problems: The elements that could not be imported.
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
    """An action that was done or tried.

    Attributes:
        id: The opaque id.
        at: The time of the action.
        actor: The caller, or `sagegraph` for the gateway's own work.
        group: The group that the actor acted for; None if for none.
        role_arn: The AWS role that was used; None if none was.
        action: The name of the action, such as `importModel`.
        target: The id or name that the action was about; None if it was about none.
        outcome: Success, refusal or failure.
        detail: A sentence, such as the reason of a refusal; None if there is nothing to tell.
        request_id: The id of the request; None for background work.
        aws_request_ids: AWS's ids of the calls that the action made.
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
