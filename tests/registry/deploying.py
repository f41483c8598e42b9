"""Makes deployments for registry tests."""

from typing import Any

from registry import deployments
from registry.courses import DeploymentRow, NewDeployment
from registry.database import Database
from registry.words import DeploymentState, DeploymentTrigger
from tests.registry.making import NOON


def new_deployment(snapshot: str = "churn-1", **changed: Any) -> NewDeployment:
    """A deployment to be started of a snapshot of this name."""
    return NewDeployment(
        **{
            "group": "risk",
            "account_id": "111111111111",
            "region": "eu-west-1",
            "snapshot_name": snapshot,
            "snapshot_created_at": NOON,
            "snapshot_digest": "digest",
            "trigger": DeploymentTrigger.REQUEST,
            "started_by": "ann",
            "started_at": NOON,
            **changed,
        }
    )


async def start_deployment(database: Database, snapshot: str = "churn-1", **changed: Any) -> DeploymentRow:
    """A deployment that was started just now."""
    async with database.writing() as connection:
        course, started = await deployments.start(connection, new_deployment(snapshot, **changed))
    assert started
    return course


async def reload_deployment(database: Database, course: DeploymentRow) -> DeploymentRow:
    """The deployment as it stands."""
    async with database.reading() as connection:
        found = await deployments.by_key(connection, course.key)
    assert found is not None
    return found


async def transitioned(database: Database, course: DeploymentRow, *states: DeploymentState) -> DeploymentRow:
    """The deployment, brought through these states."""
    for state in states:
        async with database.writing() as connection:
            assert await deployments.transition(connection, course, state, NOON)
        course = await reload_deployment(database, course)
    return course
