"""Records of deployments with their steps, tickets, decisions and test results, as clients see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.enums import (
    AssetRole,
    DecisionOutcome,
    DeploymentState,
    DeploymentStepName,
    DeploymentTrigger,
    StepState,
    TicketKind,
)


@dataclass(frozen=True, slots=True)
class DeploymentScope:
    """A deployment's place: the group whose role it takes, and the AWS account and region."""

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
    """A decision about a deployment: its outcome, author, time and comment."""

    outcome: DecisionOutcome
    by: str
    at: datetime
    comment: str | None


@dataclass(frozen=True, slots=True)
class VerifiedAsset:
    """An asset as it was when a deployment was verified.

    Attributes:
        registration_id: The registration that it belongs to.
        role: Its role.
        name: Its name.
        s3_uri: Its address in S3; None for a text.
        fingerprint: A digest of the text, or of the version of what is in S3; None if that could not be read.
    """

    registration_id: str
    role: AssetRole
    name: str
    s3_uri: str | None
    fingerprint: str | None


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
        requested_runtime_name: The endpoint that was asked for by name.
        replaces_name: The snapshot that this endpoint ran when approval was requested.
        reason: What is missing, failed or was refused, and the remedy.
        steps: Its steps, in their order.
        tickets: The tickets that were filed for it, oldest first.
        decision: What was decided about it, once it was.
        test_result: The outcome of its rehearsal, once there is one.
        started_by: Who started it.
        started_at: When.
        ended_at: When it ended; None while it goes on.
        assets: The assets as they were verified.
        snapshot_author: Who made the snapshot through the gateway; None if that is unknown.
        rollout: The plan by which the endpoint is updated, as the API spells it; None if there is none.
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
    requested_runtime_name: str | None = None
    replaces_name: str | None = None
    reason: str | None
    steps: tuple[DeploymentStep, ...]
    tickets: tuple[Ticket, ...]
    decision: DeploymentDecision | None
    test_result: TestResult | None
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    assets: tuple[VerifiedAsset, ...] = ()
    snapshot_author: str | None = None
    rollout: Mapping[str, Any] | None = None
