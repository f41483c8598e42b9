"""Deployments as workflows see them, and the key of the snapshot that each one is about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row

from registry.deployment_records import DeploymentDecision
from registry.deployment_tables import deployments
from registry.enums import BlockCause, DecisionOutcome, DeploymentState, DeploymentTrigger
from registry.ids import encode_own_id

ENDED_STATES: Final = frozenset(
    {
        DeploymentState.DEPLOYED,
        DeploymentState.REJECTED,
        DeploymentState.FAILED,
        DeploymentState.CANCELLED,
        DeploymentState.SKIPPED,
        DeploymentState.COMPLETED,
    }
)
"""The states in which nothing more comes of a deployment by itself; another one of the snapshot may begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeployment:
    """A deployment to be started; see `DeploymentRow`."""

    group: str
    account_id: str
    region: str
    snapshot_name: str
    snapshot_created_at: datetime
    snapshot_digest: str
    trigger: DeploymentTrigger
    started_by: str
    started_at: datetime
    rehearse: bool = True
    launch: bool = True
    runtime_wish: str | None = None
    retain_variant_properties: bool = True
    rollout: Mapping[str, Any] | None = None
    import_run_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRow:
    """A deployment as its work sees it; see records.Deployment for what people see.

    Attributes:
        key: The key of its row.
        group: The group whose role it runs as.
        account_id: The AWS account of that role.
        region: The AWS region.
        snapshot_name: The snapshot.
        snapshot_created_at: When the snapshot was created: one made again under its name is another.
        snapshot_digest: A digest of the snapshot's variants.
        state: How it stands.
        since: Since when.
        attempt: How often its work was begun.
        trigger: What started it.
        rehearse: Whether a rehearsal is wanted.
        launch: Whether an endpoint is wanted.
        runtime_wish: The endpoint that was asked for by name.
        runtime_before: The snapshot that this endpoint ran when approval was asked for; None where it was not there.
        runtime_name: The endpoint, once its launch has begun.
        reason: What is missing, failed or was refused.
        started_by: Who started it.
        started_at: When.
        decision: What was decided about it.
        blocked_by: What holds it up; None unless it is BLOCKED.
        snapshot_author: Who made the snapshot through the gateway; None if that is unknown.
        retain_variant_properties: Whether an endpoint that is updated keeps its variants' weights and counts.
        rollout: The plan by which an endpoint is updated, as the API spells it; None if SageMaker's own is enough.
        runtime_modified_at: When AWS had last changed the endpoint, as this attempt saw it before it asked for the
            update; None before that.
    """

    key: str
    group: str
    account_id: str
    region: str
    snapshot_name: str
    snapshot_created_at: datetime
    snapshot_digest: str
    state: DeploymentState
    since: datetime
    attempt: int
    trigger: DeploymentTrigger
    rehearse: bool
    launch: bool
    runtime_wish: str | None
    runtime_before: str | None
    runtime_name: str | None
    reason: str | None
    started_by: str
    started_at: datetime
    decision: DeploymentDecision | None
    blocked_by: BlockCause | None = None
    snapshot_author: str | None = None
    retain_variant_properties: bool = True
    rollout: Mapping[str, Any] | None = None
    runtime_modified_at: datetime | None = None

    @property
    def id(self) -> str:
        """The opaque id."""
        return encode_own_id("Deployment", self.key)


def deployment_row_from(row: Row[Any]) -> DeploymentRow:
    """The deployment that a row of the table holds."""
    return DeploymentRow(
        key=row.key,
        group=row.group_name,
        account_id=row.account_id,
        region=row.region,
        snapshot_name=row.snapshot_name,
        snapshot_created_at=row.snapshot_created_at,
        snapshot_digest=row.snapshot_digest,
        state=DeploymentState(row.state),
        since=row.since,
        attempt=row.attempt,
        trigger=DeploymentTrigger(row.trigger),
        rehearse=row.rehearse,
        launch=row.launch,
        runtime_wish=row.runtime_wish,
        runtime_before=row.runtime_before,
        runtime_name=row.runtime_name,
        reason=row.reason,
        started_by=row.started_by,
        started_at=row.started_at,
        decision=decision_from_row(row),
        blocked_by=None if row.blocked_by is None else BlockCause(row.blocked_by),
        snapshot_author=row.snapshot_author,
        retain_variant_properties=row.retain_variant_properties,
        rollout=row.rollout,
        runtime_modified_at=row.runtime_modified_at,
    )


def decision_from_row(row: Row[Any]) -> DeploymentDecision | None:
    """Read the decision of a row."""
    if row.decision_outcome is None:
        return None
    outcome = DecisionOutcome(row.decision_outcome)
    return DeploymentDecision(outcome, row.decision_by, row.decision_at, row.decision_comment)


_COLUMNS = deployments.c

SnapshotKey = tuple[str, str, str, datetime]
"""A snapshot: its account, region and name, and when it was created."""
SNAPSHOT_KEY_COLUMNS: Final = (
    _COLUMNS.account_id,
    _COLUMNS.region,
    _COLUMNS.snapshot_name,
    _COLUMNS.snapshot_created_at,
)
"""The columns of a deployment that name its snapshot."""


def has_snapshot_name_of(snapshots: Collection[SnapshotKey]) -> ColumnElement[bool]:
    """Condition for deployments of these snapshots, or of others of such a name, which no list shows."""
    return _COLUMNS.snapshot_name.in_({name for _, _, name, _ in snapshots})
