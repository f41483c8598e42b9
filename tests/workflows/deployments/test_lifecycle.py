"""workflows.deployments.lifecycle: many that wait cost no work, and an upgrade amid a deployment strands nothing."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert

from registry.database import Database
from registry.deployment_tables import deployments as table
from registry.enums import AssetRole, DeploymentState
from registry.ids import new_key
from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    FAST_PACE,
    call_counts,
    create_model,
)
from tests.gateway_client import RISK, OpenGateway
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import NOW, new_deployment_row, register, reload
from tests.workflows.durable.dbos_state import workflow_statuses
from workflows.deployments.advance import schedule_all
from workflows.deployments.poller import DeploymentPoller
from workflows.deployments.snapshot_watcher import SnapshotWatcher
from workflows.deployments.start import DeploymentStarter
from workflows.durable.engine import Engine


def waiting(number: int) -> dict[str, Any]:
    """The row of a deployment that awaits approval."""
    return {
        "key": new_key(),
        "active_key": f"{number}",
        "group_name": RISK.name,
        "account_id": RISK.account,
        "region": RISK.region,
        "snapshot_name": f"churn-{number}",
        "snapshot_created_at": NOW,
        "snapshot_digest": "",
        "state": DeploymentState.AWAITING_APPROVAL.value,
        "since": NOW,
        "attempt": 1,
        "trigger": "REQUEST",
        "rehearse": True,
        "launch": True,
        "started_by": "ann",
        "started_at": NOW,
    }


async def test_a_thousand_that_await_approval_cost_no_work(sandbox: Sandbox, database: Database) -> None:
    """No loop asks AWS, or starts anything, or reads one of them."""
    async with database.writing() as connection:
        await connection.execute(insert(table), [waiting(number) for number in range(1000)])
    async with deps_on(sandbox, database) as (deps, noted):
        await schedule_all(deps)
        await DeploymentPoller(deps).turn()
        await SnapshotWatcher(deps, DeploymentStarter(deps)).turn()
        assert noted.started == []
    assert sandbox.calls.by_operation() == {}


async def test_an_upgrade_amid_a_deployment(
    sandbox: Sandbox,
    database: Database,
    database_url: str,
    open_working: OpenGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One version rehearses, the next one compares; neither waits for the other."""
    monkeypatch.setattr("gateway.bootstrap.DeploymentIntervals", FAST_PACE)
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION, AssetRole.TEST_DATA)
    deployment = await new_deployment_row(database)
    where: dict[str, Any] = {
        "permissions": DEPLOYMENT_PERMISSIONS,
        "deployments": DEPLOYMENT_SETTINGS,
        "database": {"url": database_url},
    }
    async with open_working(**where):
        await _until(database, deployment.key, DeploymentState.REHEARSING)
        while call_counts(sandbox, "CreateTransformJob") == [0]:
            await reload(database, deployment.key)
    sandbox.advance(600)
    monkeypatch.setattr("gateway.bootstrap.Engine", partial(Engine, version="next"))
    async with open_working(**where):
        await _until(database, deployment.key, DeploymentState.AWAITING_APPROVAL)
    assert set(workflow_statuses(database_url).values()) <= {"SUCCESS", "PENDING", "ENQUEUED"}
    assert call_counts(sandbox, "CreateTransformJob") == [1]


async def _until(database: Database, key: str, state: DeploymentState) -> None:
    while (await reload(database, key)).state is not state:
        pass
