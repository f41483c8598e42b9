"""Deployments in the form that workflows use, and the key of the snapshot of each."""

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
"""The final states of a deployment; another one of the snapshot may begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeployment:
    """A deployment to be started.

    Attributes:
        group: The group whose role it uses.
        account_id: The AWS account of that role.
        region: The AWS region.
        snapshot_name: The snapshot.
        snapshot_created_at: The snapshot's creation time.
        snapshot_digest: A digest of the snapshot's variants.
        trigger: The event that starts it.
        started_by: The person who starts it.
        started_at: The present time.
        rehearse: True if a rehearsal is wanted.
        launch: True if an endpoint is wanted.
        runtime_wish: The endpoint by name; None leaves the name to the gateway.
        retain_variant_properties: True if an updated endpoint keeps its variants' weights and counts.
        rollout: The plan of the update of an endpoint, in the form of the API; None for SageMaker's default.
        import_run_key: The key of the run that starts it; None if no import does.
    """

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
    """A deployment in the form that its workflow uses; `deployment_records.Deployment` is the form for clients.

    Attributes:
        key: The key of its row.
        group: The group whose role it uses.
        account_id: The AWS account of that role.
        region: The AWS region.
        snapshot_name: The snapshot.
        snapshot_created_at: The snapshot's creation time; one made again under its name is another.
        snapshot_digest: A digest of the snapshot's variants.
        state: Its state.
        since: The time at which it came into that state.
        attempt: The number of its present attempt, from 1.
        trigger: The event that started it.
        rehearse: True if a rehearsal is wanted.
        launch: True if an endpoint is wanted.
        runtime_wish: The endpoint that was asked for by name; None if none was.
        runtime_before: The snapshot that this endpoint ran when approval was requested; None if it did not exist.
        runtime_name: The endpoint; None until its launch has begun.
        reason: The sentence that tells why it waits, failed or was refused.
        started_by: The person who started it.
        started_at: The time of that.
        decision: The decision about it; None before that.
        blocked_by: The cause of its being BLOCKED; None in any other state.
        snapshot_author: The person who made the snapshot through the gateway; None if that is unknown.
        retain_variant_properties: True if an updated endpoint keeps its variants' weights and counts.
        rollout: The plan of the update of an endpoint, in the form of the API; None for SageMaker's default.
        runtime_modified_at: AWS's last modification of the endpoint, which this attempt read before it asked for the
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
    """The deployment in a row of the table."""
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
    """Read the decision in a row of the table; None if there is none yet."""
    if row.decision_outcome is None:
        return None
    outcome = DecisionOutcome(row.decision_outcome)
    return DeploymentDecision(outcome, row.decision_by, row.decision_at, row.decision_comment)


_COLUMNS = deployments.c

SnapshotKey = tuple[str, str, str, datetime]
"""A snapshot: its account, region, name and creation time."""
SNAPSHOT_KEY_COLUMNS: Final = (
    _COLUMNS.account_id,
    _COLUMNS.region,
    _COLUMNS.snapshot_name,
    _COLUMNS.snapshot_created_at,
)
"""The columns of a deployment that name its snapshot."""


def has_snapshot_name_of(snapshots: Collection[SnapshotKey]) -> ColumnElement[bool]:
    """Condition for deployments of snapshots that have one of these names.

    Snapshots of another account, region or creation time match, too; callers pick theirs by the whole key.
    """
    return _COLUMNS.snapshot_name.in_({name for _, _, name, _ in snapshots})
