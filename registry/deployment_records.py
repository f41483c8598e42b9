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
    """The scope of a deployment.

    Attributes:
        group: The group whose role it uses.
        account_id: The AWS account.
        region: The AWS region.
    """

    group: str
    account_id: str
    region: str


@dataclass(frozen=True, slots=True)
class TestCheck:
    """One comparison of a rehearsal.

    Attributes:
        name: The name of the check.
        passed: True if the comparison holds.
        expected: The expected value as text; None if the check has none.
        actual: The actual value as text; None if there was none.
    """

    name: str
    passed: bool
    expected: str | None
    actual: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """The outcome of a rehearsal.

    Attributes:
        id: The opaque id.
        home: The scope of the rehearsal.
        at: The time of the result.
        passed: True if every check passed.
        job_name: The transform job that it rests on; None if none ran.
        output_s3_uri: The job's output in S3; None if none ran.
        checks: The comparisons.
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
    """A step of a deployment.

    Attributes:
        home: The scope of the deployment.
        name: The step.
        state: Its state.
        started_at: The time at which it began; None if it has not.
        ended_at: The time at which it ended; None if it has not.
        detail: Sentences about it; None if there are none.
        job_name: The transform job that it ran; None if it ran none.
    """

    home: DeploymentScope
    name: DeploymentStepName
    state: StepState
    started_at: datetime | None
    ended_at: datetime | None
    detail: str | None
    job_name: str | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A filed ticket about a deployment.

    Attributes:
        key: Its key in the tracker.
        url: Its page; None if it has none.
        status: Its status, in the tracker's own word.
        kind: Its purpose.
    """

    key: str
    url: str | None
    status: str
    kind: TicketKind


@dataclass(frozen=True, slots=True)
class DeploymentDecision:
    """A decision about a deployment.

    Attributes:
        outcome: Approval or rejection.
        by: The person who decided.
        at: The time of the decision.
        comment: The person's comment; None without one.
    """

    outcome: DecisionOutcome
    by: str
    at: datetime
    comment: str | None


@dataclass(frozen=True, slots=True)
class VerifiedAsset:
    """An asset in the version that a deployment was verified with.

    Attributes:
        registration_id: The id of the registration that it belongs to.
        role: Its role.
        name: Its name.
        s3_uri: Its address in S3; None for a text.
        fingerprint: A digest of the text, or of the version of the object in S3; None if that could not be read.
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
        state: Its state.
        trigger: The event that started it.
        group: The group whose role it uses.
        account_id: The AWS account of that role.
        region: The AWS region.
        registration_ids: The registrations of the snapshot's models.
        snapshot_name: The snapshot.
        snapshot_created_at: The snapshot's creation time; one made again under its name is another.
        runtime_name: The endpoint; None until its name is known.
        requested_runtime_name: The endpoint that was asked for by name; None if none was.
        replaces_name: The snapshot that this endpoint ran when approval was requested.
        reason: The sentence that tells why it waits, failed or was refused, and the remedy; None if there is nothing to
            tell.
        steps: Its steps, in their order.
        tickets: The tickets that were filed for it, oldest first.
        decision: The decision about it; None before that.
        test_result: The outcome of its rehearsal; None before that.
        started_by: The person who started it.
        started_at: The time of that.
        ended_at: The time at which it ended; None while it is under way.
        assets: The assets in their verified versions.
        snapshot_author: The person who made the snapshot through the gateway; None if that is unknown.
        rollout: The plan of the update of the endpoint, in the form of the API; None if there is none.
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
