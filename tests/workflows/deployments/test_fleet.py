"""Processes of one fleet of which one cannot do its share: another one does it, promptly, and both say so."""

import time
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from registry import deployments
from registry.database import Database
from registry.deployment_rows import DeploymentRow, NewDeployment
from registry.enums import AssetRole, DeploymentState, DeploymentTrigger
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.deployments import call_counts, create_model
from tests.gateway_client import MARKETING, RISK, assume_role_entry, credential_settings
from tests.workflows.deployments.conftest import Begin, Mortal
from tests.workflows.deployments.deployment_rows import NOW, approve, register, reload
from tests.workflows.deployments.test_processes import stands, until
from tests.workflows.durable.dbos_state import query

pytestmark = pytest.mark.crash

WITHOUT_THE_GROUP = credential_settings(assume_role_entry(MARKETING))
WRONG_SECRET = credential_settings(assume_role_entry(RISK, externalId="wrong"), assume_role_entry(MARKETING))


def holders(url: str) -> dict[str, str]:
    """The holder of each loop's lease that stands."""
    rows = query(url, "SELECT name, holder FROM leases WHERE name LIKE 'loop/%' AND until > CURRENT_TIMESTAMP")
    return {name.removeprefix("loop/"): holder for name, holder in rows}


async def leader(url: str, loop: str) -> str:
    """The holder of a loop's lease, once it has one."""

    async def is_held() -> bool:
        return loop in holders(url)

    await until(is_held)
    return holders(url)[loop]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    ("settings", "differing"),
    [(WITHOUT_THE_GROUP, ["sagemaker-credentials"]), (WRONG_SECRET, [])],
    ids=["without-the-group", "wrong-secret"],
)
async def test_what_a_leader_cannot_do_another_process_does(
    sandbox: Sandbox,
    estate: Estate,
    database: Database,
    database_url: str,
    begin: Begin,
    settings: dict[str, Any],
    differing: list[str],
) -> None:
    """The sick one leads every loop, and takes up each step first: it hands them over, and fails nothing."""
    create_model(sandbox, "fleet")
    await register(database, sandbox, "fleet", AssetRole.DOCUMENTATION)
    sandbox.enforce()
    sick = await begin(lease=4, use=settings)
    leading = [await leader(database_url, loop) for loop in ("deployments", "deployment-sweep")]
    healthy = await begin(lease=4)
    # The watch of the healthy one may have begun it by now.
    key = (await started(database, "fleet-1")).key
    await approve(database, await stands(database, key, DeploymentState.AWAITING_APPROVAL))
    await until(partial(_is_launched, database, key))
    sandbox.advance(600)
    deployed = await stands(database, key, DeploymentState.DEPLOYED)

    assert (deployed.attempt, call_counts(sandbox, "CreateEndpoint")) == (1, [1])
    loops = holders(database_url)
    assert [loops["deployments"], loops["deployment-sweep"]] == leading
    assert loops[f"deployments/group/{RISK.account}/{RISK.region}/risk"] not in leading
    await until(partial(_leaves, sick))
    report = await sick.readiness()
    (fault,) = report["noAccess"]
    assert report["status"] == "degraded"
    assert (fault["group"], fault["accountId"], fault["region"]) == ("risk", RISK.account, RISK.region)
    for process in (sick, healthy):
        differences = (await process.readiness()).get("settingsDiffer", [])
        assert [difference["blocks"] for difference in differences] == ([differing] if differing else [])
    assert "noAccess" not in await healthy.readiness()


async def _leaves(process: Mortal) -> bool:
    """Whether a process says that it leaves something to others, which it does once it has looked at the fleet."""
    return any(fault["leftToOthers"] for fault in (await process.readiness()).get("noAccess", ()))


async def started(database: Database, snapshot: str) -> DeploymentRow:
    """The deployment of a snapshot, which is begun if there is none."""
    new = NewDeployment(
        group=RISK.name,
        account_id=RISK.account,
        region=RISK.region,
        snapshot_name=snapshot,
        snapshot_created_at=NOW,
        snapshot_digest="",
        trigger=DeploymentTrigger.REQUEST,
        started_by="ann",
        started_at=datetime.now(UTC),
    )
    async with database.writing() as connection:
        row, _ = await deployments.start(connection, new)
    return row


async def _is_launched(database: Database, key: str) -> bool:
    return (await reload(database, key)).runtime_name is not None


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_what_a_paused_leader_holds_another_process_takes_over(
    sandbox: Sandbox, database: Database, database_url: str, begin: Begin
) -> None:
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    first = await begin(lease=4)
    before = [await leader(database_url, loop) for loop in ("deployments", "deployment-sweep")]
    await begin(lease=4)
    first.pause()
    key = (await started(database, "churn-1")).key
    await approve(database, await stands(database, key, DeploymentState.AWAITING_APPROVAL))
    await until(partial(_is_launched, database, key))
    sandbox.advance(600)
    await stands(database, key, DeploymentState.DEPLOYED)
    after = [await leader(database_url, loop) for loop in ("deployments", "deployment-sweep")]
    first.wake()
    # It has noticed once it answers: what it slept through is not its own any more.
    assert (await first.readiness())["status"] in {"ok", "degraded"}
    assert not set(after) & set(before)
    assert call_counts(sandbox, "CreateEndpoint") == [1]
    assert await leader(database_url, "deployments") == after[0]


async def test_on_sqlite_the_next_process_takes_up_at_once_what_a_killed_one_has_left(
    sandbox: Sandbox, database: Database, begin: Begin
) -> None:
    """Its leases stand for another half a minute; that it is gone, its lock tells."""
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    first = await begin("launch/launch before", lease=30)
    key = (await started(database, "churn-1")).key
    await approve(database, await stands(database, key, DeploymentState.AWAITING_APPROVAL))
    assert await first.died() == "launch/launch before"
    begun = time.monotonic()
    await begin(lease=30)
    await until(partial(_is_launched, database, key))
    sandbox.advance(600)
    await stands(database, key, DeploymentState.DEPLOYED)
    assert time.monotonic() - begun < 25
    assert call_counts(sandbox, "CreateEndpoint") == [1]
