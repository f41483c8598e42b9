"""workflows.deployments.snapshot_watcher: new snapshots of imported models, each told once, oldest first."""

import asyncio
import logging
from datetime import timedelta

import pytest

from registry import elements, seen_snapshots
from registry.database import Database
from registry.enums import AssetRole, DeploymentTrigger
from sandbox.server import Sandbox
from tests.deployments import call_counts
from tests.gateway_client import MARKETING, RISK
from tests.sagemaker_builder import START, building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import cancel, register, reload
from workflows.deployments.snapshot_watcher import SnapshotWatcher
from workflows.deployments.start import DeploymentStarter


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def looked(sandbox: Sandbox, database: Database) -> list[str]:
    """The snapshots for which a look has started deployments, in their order; the deployments have ended since."""
    async with deps_on(sandbox, database) as (deps, noted):
        await SnapshotWatcher(deps, DeploymentStarter(deps)).turn()
        courses = [await reload(database, work_id.split("/")[1]) for work_id, _ in noted.started]
    for deployment in courses:
        assert (deployment.trigger, deployment.started_by) == (DeploymentTrigger.NEW_SNAPSHOT, "sagegraph")
        await cancel(database, deployment)
    return [row.snapshot_name for row in courses]


async def test_without_registrations_aws_is_not_asked(sandbox: Sandbox, database: Database) -> None:
    assert await looked(sandbox, database) == []
    assert sandbox.calls.by_operation() == {}


async def test_each_new_snapshot_is_told_once(sandbox: Sandbox, database: Database) -> None:
    """What an import has marked is none, nor what no imported model is in; one made again under its name is another."""
    with building(sandbox) as made:
        for name in ("churn", "other", "foreign"):
            made.model(name)
        made.snapshot("before", "churn", at=START + timedelta(days=1))
        made.snapshot("second", "other", at=START + timedelta(days=3))
        made.snapshot("first", "churn", "other", at=START + timedelta(days=2))
        made.snapshot("elsewhere", "foreign")
    churn = await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    other = await register(database, sandbox, "other", AssetRole.DOCUMENTATION)
    async with database.writing() as connection:
        await seen_snapshots.mark_seen(connection, churn, [("before", START + timedelta(days=1))])
    assert await looked(sandbox, database) == ["first", "second"]
    assert await looked(sandbox, database) == []
    async with database.reading() as connection:
        marks = await seen_snapshots.of_registrations(connection, [churn, other])
    assert {key: sorted(name for name, _ in rest) for key, rest in marks.items()} == {
        churn: ["before", "first"],
        other: ["first", "second"],
    }
    async with database.reading() as connection:
        seen = {key: await elements.known_elements(connection, key) for key in (churn, other)}
    assert {key: sorted(element.name for element in elements) for key, elements in seen.items()} == {
        churn: ["first"],
        other: ["first", "second"],
    }
    sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="before")
    with building(sandbox) as made:
        made.snapshot("before", "churn", at=START + timedelta(days=4))
    assert await looked(sandbox, database) == ["before"]


async def test_a_place_in_trouble_is_looked_at_again(
    sandbox: Sandbox, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-1", "churn")
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    sandbox.faults.refuse("ListEndpointConfigs")
    with caplog.at_level(logging.WARNING, "sagegraph.deployments"):
        assert await looked(sandbox, database) == []
    (warning,) = [record.getMessage() for record in caplog.records if record.name == "sagegraph.deployments"]
    assert warning.startswith(f"The models of the group `{RISK.name}` in {RISK.region} could not be read: ")
    sandbox.faults.clear()
    assert await looked(sandbox, database) == ["churn-1"]
    assert call_counts(sandbox, "ListEndpointConfigs") == [2]


async def test_a_place_whose_aws_does_not_answer_holds_no_other_up(sandbox: Sandbox, database: Database) -> None:
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-1", "churn")
    with building(sandbox, MARKETING) as made:
        made.model("mail")
        made.snapshot("mail-1", "mail")
    await register(database, sandbox, "mail", group=MARKETING)
    await register(database, sandbox, "churn")
    hold = sandbox.faults.block("ListEndpointConfigs", account=MARKETING.account)
    async with deps_on(sandbox, database) as (deps, noted):
        turn = asyncio.create_task(SnapshotWatcher(deps, DeploymentStarter(deps)).turn())
        assert await asyncio.to_thread(hold.wait_for_requests, 1, 30)
        async with asyncio.timeout(30):
            while not noted.started:  # noqa: ASYNC110 - nobody tells.
                await asyncio.sleep(0.02)
        hold.release()
        await turn
        courses = [await reload(database, work_id.split("/")[1]) for work_id, _ in noted.started]
    assert [deployment.snapshot_name for deployment in courses] == ["churn-1", "mail-1"]
