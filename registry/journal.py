"""What the registry gives of what has happened: the runs of imports, what they found, and the audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.words import AuditOutcome, ElementChange, ElementKind, ImportRunState


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Why some elements of a kind could not be imported: AWS's code and words, and how many they were."""

    kind: ElementKind
    message: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportChange:
    """What an import or sync found about one element; `match` as in records.ImportedElement."""

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
