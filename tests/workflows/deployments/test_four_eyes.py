"""workflows.deployments.four_eyes: nobody decides about what they have brought about, whatever the way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auth.caller import GATEWAY_SUBJECT
from registry import audit, deployments
from registry.audit import NewAuditEvent
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, AuditOutcome, DeploymentState, DeploymentTrigger
from sandbox.server import Sandbox
from tests.deployments import create_model
from tests.gateway_client import RISK
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import new_deployment_row, register, reload
from workflows.approvals.backend import UNKNOWN_AUTHOR
from workflows.deployments.four_eyes import is_among, originators
from workflows.deployments.snapshot_watcher import SnapshotWatcher
from workflows.deployments.start import DeploymentStarter
from workflows.deployments.verify import VerifyPhase


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def audited(database: Database, actor: str, **changes: Any) -> None:
    """An event of a snapshot that was made just now."""
    event = {
        "at": datetime.now(UTC),
        "actor": actor,
        "action": "createSnapshot",
        "target": "Snapshot churn-1",
        "role_arn": f"arn:aws:iam::{RISK.account}:role/risk",
        "outcome": AuditOutcome.SUCCEEDED,
        **changes,
    }
    async with database.writing() as connection:
        await audit.append(connection, NewAuditEvent(**event))


async def waiting(sandbox: Sandbox, database: Database, **changes: Any) -> DeploymentRow:
    """A deployment that waits for its decision; bob has imported its model."""
    row = await new_deployment_row(database, **changes)
    async with deps_on(sandbox, database) as (deps, _):
        await VerifyPhase(deps).verify(row.key, 1)
    seen = await reload(database, row.key)
    assert seen.state is DeploymentState.AWAITING_APPROVAL
    return seen


async def barred(sandbox: Sandbox, database: Database, row: DeploymentRow, **settings: Any) -> tuple[str, ...]:
    async with deps_on(sandbox, database, **settings) as (deps, _):
        return await originators(deps, row)


@pytest.fixture
async def model(sandbox: Sandbox, database: Database) -> None:
    """A snapshot of this moment, whose model ann has imported."""
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)


@pytest.mark.usefixtures("model")
async def test_who_started_it_does_not_decide(sandbox: Sandbox, database: Database) -> None:
    row = await waiting(sandbox, database, started_by="zoe")
    assert await barred(sandbox, database, row) == ("zoe",)
    own = {"deployments": {"requiredAssets": [], "selfApproval": True}}
    assert await barred(sandbox, database, row, **own) == ()


@pytest.mark.usefixtures("model")
async def test_nor_who_started_an_earlier_one_that_was_not_deployed(sandbox: Sandbox, database: Database) -> None:
    """One of another snapshot of the name does not count, nor one that was deployed."""
    first = await waiting(sandbox, database, started_by="zoe")
    async with database.writing() as connection:
        now = datetime.now(UTC)
        assert await deployments.transition(connection, first, DeploymentState.CANCELLED, now, "zoe cancelled it.")
    row = await waiting(sandbox, database, started_by="max", trigger=DeploymentTrigger.REQUEST)
    assert await barred(sandbox, database, row) == ("max", "zoe")
    async with database.writing() as connection:
        assert await deployments.pin_snapshot(
            connection, await reload(database, first.key), first.snapshot_created_at - timedelta(days=1), "other"
        )
    assert await barred(sandbox, database, row) == ("max",)


@pytest.mark.usefixtures("model")
async def test_nor_who_imported_what_the_watch_found(sandbox: Sandbox, database: Database) -> None:
    result = {"trigger": DeploymentTrigger.NEW_SNAPSHOT, "started_by": GATEWAY_SUBJECT}
    row = await waiting(sandbox, database, **result)
    assert await barred(sandbox, database, row) == ("ann",)


async def test_nor_who_made_the_snapshot(sandbox: Sandbox, database: Database) -> None:
    """By the audit: the first who succeeded, in this account and at that time; a tag says nothing."""
    create_model(sandbox)
    await register(database, sandbox, "churn", AssetRole.DOCUMENTATION)
    described = sandbox.call("DescribeEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
    made_at = datetime.fromtimestamp(described["CreationTime"], UTC)
    await audited(database, "other", at=made_at, role_arn="arn:aws:iam::999999999999:role/risk")
    await audited(database, "before", at=made_at - timedelta(days=1))
    await audited(database, "refused", at=made_at, outcome=AuditOutcome.REFUSED)
    await audited(database, "lea", at=made_at + timedelta(seconds=1))
    await audited(database, "later", at=made_at + timedelta(seconds=9))
    row = await waiting(sandbox, database, started_by="zoe")
    assert (row.snapshot_author, row.reason) == ("lea", None)
    assert await barred(sandbox, database, row) == ("lea", "zoe")


@pytest.mark.usefixtures("model")
async def test_an_unknown_author_is_said(sandbox: Sandbox, database: Database) -> None:
    row = await waiting(sandbox, database)
    assert (row.snapshot_author, row.reason) == (None, UNKNOWN_AUTHOR)


@pytest.mark.usefixtures("model")
async def test_the_watch_does_not_begin_what_was_cancelled(sandbox: Sandbox, database: Database) -> None:
    row = await waiting(sandbox, database)
    async with database.writing() as connection:
        assert await deployments.transition(connection, row, DeploymentState.CANCELLED, datetime.now(UTC), "Enough.")
    async with deps_on(sandbox, database) as (deps, noted):
        for _ in range(2):
            await SnapshotWatcher(deps, DeploymentStarter(deps)).turn()
    assert noted.started == []
    async with database.reading() as connection:
        assert await deployments.active(connection, row.account_id, row.region, row.snapshot_name) is None


@pytest.mark.parametrize(
    ("subject", "same"),
    [
        ("ann", True),
        ("ANN", True),
        ("\uff21nn", True),
        ("\u0430nn", True),
        ("ann\u2800", True),
        ("anne", False),
        ("", False),
    ],
)
def test_names_that_look_alike_are_one_person(subject: str, *, same: bool) -> None:
    """Directories know no case, a wide letter is the letter, and so is the Cyrillic one that looks like it."""
    assert is_among(subject, ("bob", "ann")) is same
