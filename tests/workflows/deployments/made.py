"""Deployments that tests of their work begin with: rows in a registry, about a model in the sandbox."""

from datetime import UTC, datetime
from typing import Any

from registry import assets, deployments, leftovers, registrations
from registry.assets import NewAsset
from registry.courses import Course, NewDeployment
from registry.database import Database
from registry.ids import key_of
from registry.records import DeploymentDecision
from registry.registrations import NewRegistration
from registry.words import AssetRole, DecisionOutcome, DeploymentState, DeploymentTrigger, ElementKind
from sandbox.estate.owners import Group
from sandbox.server import Sandbox
from tests.asking import RISK
from tests.deploying import model
from workflows.deployments import failing
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed, attend, leave, move_in
from workflows.deployments.verifying import Verifying

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def registered(
    database: Database, sandbox: Sandbox, name: str = "churn", *roles: AssetRole, group: Group = RISK
) -> str:
    """The key of a registration of a model in the sandbox, with an asset of each role."""
    found = sandbox.call("DescribeModel", group.account, group.region, ModelName=name)
    new = NewRegistration(
        group=group.name,
        account_id=group.account,
        region=group.region,
        model_name=name,
        model_arn=found["ModelArn"],
        model_created_at=datetime.fromtimestamp(found["CreationTime"], UTC),
        imported_by="ann",
        imported_at=NOW,
    )
    async with database.writing() as connection:
        registration, _ = await registrations.find_or_create(connection, new, ())
        key = str(key_of(registration.id, "Registration"))
        for role in roles:
            await assets.put(connection, key, _asset(role))
    return key


async def begun(database: Database, snapshot: str = "churn-1", **changed: Any) -> Course:
    """A deployment that is to be verified."""
    new = {
        "group": RISK.name,
        "account_id": RISK.account,
        "region": RISK.region,
        "snapshot_name": snapshot,
        "snapshot_created_at": NOW,
        "snapshot_digest": "",
        "trigger": DeploymentTrigger.REQUEST,
        "started_by": "ann",
        "started_at": datetime.now(UTC),
        **changed,
    }
    async with database.writing() as connection:
        course, started = await deployments.start(connection, NewDeployment(**new))
    assert started
    return course


async def course_of(database: Database, key: str) -> Course:
    """The deployment as it stands."""
    async with database.reading() as connection:
        course = await deployments.course(connection, key)
    assert course is not None
    return course


async def approved(database: Database, course: Course, by: str = "eve") -> None:
    """Approves a deployment that waits for it, without starting what follows: that is for the next sweep."""
    now = datetime.now(UTC)
    decision = DeploymentDecision(DecisionOutcome.APPROVED, by, now, None)
    async with database.writing() as connection:
        assert await deployments.decide(connection, course, decision, DeploymentState.LAUNCHING, now, None)
        await attend(connection, course, DeploymentState.LAUNCHING, now, None)


async def cancelled(database: Database, course: Course) -> None:
    """Cancels a deployment, as `turning.cancel` does, without starting what follows."""
    deed = Deed(action="deployment.cancel", actor="eve")
    async with database.writing() as connection:
        left = await failing.begun(connection, course)
        assert await move_in(connection, course, DeploymentState.CANCELLED, deed, "eve cancelled it.")
        for kind, names in left:
            await leave(connection, course, kind, *names)


async def verified(sandbox: Sandbox, database: Database, means: Means, *roles: AssetRole, **changed: Any) -> Course:
    """A deployment that was verified; its model is registered, with an asset of each role."""
    model(sandbox)
    await registered(database, sandbox, "churn", AssetRole.DOCUMENTATION, *roles)
    course = await begun(database, **changed)
    await Verifying(means).verify(course.key, 1)
    return await course_of(database, course.key)


async def launching(sandbox: Sandbox, database: Database, means: Means, **changed: Any) -> Course:
    """A deployment that was approved."""
    course = await verified(sandbox, database, means, **changed)
    await approved(database, course)
    return await course_of(database, course.key)


async def left(database: Database) -> list[tuple[ElementKind, str]]:
    """What is to be put away."""
    async with database.reading() as connection:
        return [(each.kind, each.name) for each in await leftovers.every(connection)]


def _asset(role: AssetRole) -> NewAsset:
    data = role is AssetRole.TEST_DATA
    return NewAsset(
        role=role,
        name=role.value.lower(),
        s3_uri=f"s3://{RISK.bucket}/tests/rows.csv" if data else None,
        content=None if data else "{}",
        added_by="ann",
        added_at=NOW,
    )
