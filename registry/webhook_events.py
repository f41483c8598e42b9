"""Events of webhooks: the content for a deployment's transition and for the end of an import."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState
from registry.records import ImportRun
from registry.webhook_deliveries import DEPLOYMENT_EVENTS, IMPORT_EVENTS, enqueue


async def announce_deployment(
    connection: AsyncConnection, row: DeploymentRow, previous: DeploymentState | None
) -> None:
    """Enqueue the event of a deployment that has come into its state; `previous` is None for a new one."""
    await enqueue(connection, DEPLOYMENT_EVENTS[row.state], row.since, _deployment(row, previous))


async def announce_import(connection: AsyncConnection, run: ImportRun, at: datetime) -> None:
    """Enqueue the event of a `run` that ended at a time."""
    await enqueue(connection, IMPORT_EVENTS[run.state], at, _import(run))


def _deployment(row: DeploymentRow, previous: DeploymentState | None) -> Mapping[str, Any]:
    return {
        "deploymentId": row.id,
        "state": row.state.value,
        "previousState": None if previous is None else previous.value,
        "attempt": row.attempt,
        "reason": row.reason,
        "group": row.group,
        "accountId": row.account_id,
        "region": row.region,
        "snapshotName": row.snapshot_name,
        "runtimeName": row.runtime_name,
        "trigger": row.trigger.value,
        "startedBy": row.started_by,
        "decidedBy": None if row.decision is None else row.decision.by,
        "rollout": row.rollout,
    }


def _import(run: ImportRun) -> Mapping[str, Any]:
    return {
        "importRunId": run.id,
        "state": run.state.value,
        "phase": run.phase,
        "problems": len(run.problems),
        "group": run.group,
        "accountId": run.account_id,
        "region": run.region,
        "modelName": run.model_name,
        "registrationId": run.registration_id,
        "startedBy": run.started_by,
    }
