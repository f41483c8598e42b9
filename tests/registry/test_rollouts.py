"""Deployments with a rollout: gateways that do not know of it change nothing of them, and read them as any other."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Update, delete, select, update

from registry import deployment_lists, deployments
from registry.database import Connection, Database
from registry.deployment_tables import deployments as table
from registry.enums import DeploymentState
from registry.schema_versions import latest_version, migrate_to
from tests.registry.factories import NOON, minutes_after_noon, new_deployment, reload_deployment, start_deployment

PLAN = {
    "strategy": "CANARY",
    "step": {"percent": 10, "instances": None},
    "rollbackStep": None,
    "waitSeconds": 300,
    "terminationWaitSeconds": None,
    "maximumSeconds": None,
    "alarms": ["errors"],
}
EARLIER = Table(
    "deployments",
    MetaData(),
    *(Column(column.name, column.type) for column in table.c if column.name not in {"rollout", "revision"}),
)
"""The table as a gateway knows it that has never heard of rollouts."""


async def changed(database: Database, statement: Update) -> int:
    async with database.writing() as connection:
        return (await connection.execute(statement)).rowcount


async def test_a_plan_is_kept_and_shown(database: Database) -> None:
    deployment = await start_deployment(database, rollout=PLAN)
    plain = await start_deployment(database, "churn-2")
    async with database.reading() as connection:
        shown = await deployment_lists.by_keys(connection, [deployment.key, plain.key])
    assert (deployment.rollout, plain.rollout) == (PLAN, None)
    assert (shown[deployment.key].rollout, shown[plain.key].rollout) == (PLAN, None)


@pytest.mark.parametrize(("plan", "rows"), [(PLAN, 0), (None, 1)], ids=["rollout", "plain"])
async def test_an_earlier_gateway_changes_no_deployment_with_a_rollout(
    database: Database, plan: Any, rows: int
) -> None:
    """To it, the row is not as it was seen; whatever it would have done then is left undone."""
    deployment = await start_deployment(database, rollout=plan)
    seen = (EARLIER.c.key == deployment.key) & (EARLIER.c.state == "VERIFYING")
    for values in ({"state": "VERIFYING"}, {"state": "LAUNCHING"}):
        assert await changed(database, update(EARLIER).where(seen).values(**values)) == rows
    after = await reload_deployment(database, deployment)
    assert after.state is (DeploymentState.LAUNCHING if rows else DeploymentState.VERIFYING)


async def test_this_gateway_changes_it_with_every_statement(database: Database) -> None:
    deployment = await start_deployment(database, rollout=PLAN)
    steps: list[Callable[[Connection, Any], Any]] = [
        deployments.is_unchanged,
        lambda connection, row: deployments.set_reason(connection, row, "It waits."),
        lambda connection, row: deployments.pin_snapshot(connection, row, NOON, "digest"),
        lambda connection, row: deployments.record_runtime_snapshot(connection, row, "churn-0"),
        lambda connection, row: deployments.record_runtime_state(connection, row, NOON),
        lambda connection, row: deployments.record_launch(connection, row, "live"),
        lambda connection, row: deployments.transition(connection, row, DeploymentState.BLOCKED, NOON),
    ]
    for step in steps:
        deployment = await reload_deployment(database, deployment)
        async with database.writing() as connection:
            assert await step(connection, deployment)
    async with database.writing() as connection:
        count = await connection.scalar(select(table.c.revision).where(table.c.key == deployment.key))
        # What another group holds up stands back, and ends in its time.
        other = await deployments.start(connection, new_deployment(group="marketing"))
        await connection.execute(delete(table).where(table.c.key == other[0].key))
    assert (count, other[1]) == (len(steps), True)
    deployment = await reload_deployment(database, deployment)
    assert (deployment.runtime_modified_at, deployment.runtime_name) == (NOON, "live")
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, deployment, minutes_after_noon(1))
    again = await reload_deployment(database, deployment)
    assert (again.attempt, again.rollout, again.runtime_modified_at) == (2, PLAN, None)


async def test_tables_that_go_back_fail_what_would_launch_without_its_plan(
    database: Database, database_url: str
) -> None:
    rolled = await start_deployment(database, rollout=PLAN)
    ended = await start_deployment(database, "churn-2", rollout=PLAN)
    plain = await start_deployment(database, "churn-3")
    async with database.writing() as connection:
        await deployments.transition(connection, ended, DeploymentState.DEPLOYED, NOON)
    await migrate_to(database_url, "0.2.0")
    await migrate_to(database_url, latest_version())
    states = [(await reload_deployment(database, row)).state for row in (rolled, ended, plain)]
    assert states == [DeploymentState.FAILED, DeploymentState.DEPLOYED, DeploymentState.VERIFYING]
    async with database.reading() as connection:
        assert await deployments.active(connection, "111111111111", "eu-west-1", "churn-1") is None
    failed = await reload_deployment(database, rolled)
    assert failed.reason is not None
    assert failed.reason.startswith("The gateway went back to a release that knows no rollouts")
