"""workflows.retention: old records go, those that AWS still has something of stay, and the tables stay bounded."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.settings.server import RetentionSettings
from registry import audit, deployments, import_runs, seen_snapshots, tables
from registry.audit import NewAuditEvent
from registry.database import Database
from registry.deployment_tables import deployments as deployment_rows
from registry.deployment_tables import tickets as ticket_rows
from registry.enums import AuditOutcome, DeploymentState, ImportRunState, TicketKind
from registry.errors import RegistryConflictError
from registry.tickets import FiledTicket, create, mark_filed
from sandbox.server import Sandbox
from tests.databases import on_both_databases
from tests.gateway_client import RISK, load_test_settings
from tests.registry import factories
from tests.registry.ended_deployments import NOW, days_ago, ended_deployment
from tests.registry.factories import key_in_id, new_run
from tests.sagemaker_builder import START, building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import new_deployment_row
from tests.workflows.durable.dbos_state import change, workflow_statuses
from tests.workflows.durable.engines import engine_on, idle
from workflows.durable.context import WorkflowContext
from workflows.retention import Retention

DEPLOYED, FAILED = DeploymentState.DEPLOYED, DeploymentState.FAILED
HOME: dict[str, Any] = {"account_id": RISK.account, "region": RISK.region}


class NoWork:
    """Durable work of which nothing is kept."""

    async def ended_before(self, moment: datetime, most: int, skip: int) -> Sequence[str]:
        return ()

    async def forget(self, ids: Collection[str]) -> None:
        assert not ids


@asynccontextmanager
async def retaining(sandbox: Sandbox, database: Database, **days: int) -> AsyncIterator[Retention]:
    """Retention on the sandbox, without durable work."""
    async with deps_on(sandbox, database) as (deps, _):
        config = load_test_settings(sandbox.url, retention=days).retention
        yield Retention(database, deps.group_scopes, NoWork(), config)


async def kept(database: Database, *keys: str) -> list[str]:
    async with database.reading() as connection:
        rows = await deployments.by_keys(connection, keys)
    return [key for key in keys if key in rows]


def create_endpoint(sandbox: Sandbox) -> None:
    """The endpoint `live` with the snapshot `churn-1`, made when tests begin."""
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-1", "churn", at=START)
        made.runtime("live", "churn-1")


async def test_the_last_deployment_of_an_endpoint_goes_once_aws_has_no_such_endpoint(
    sandbox: Sandbox, database: Database
) -> None:
    create_endpoint(sandbox)
    live = await ended_deployment(database, runtime="live", snapshot_name="a", **HOME)
    gone = await ended_deployment(database, runtime="gone", snapshot_name="b", **HOME)
    async with retaining(sandbox, database) as retention:
        await retention.run_once()
        assert await kept(database, live, gone) == [live]
        sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName="live")
        sandbox.advance(600)
        await retention.run_once()
        # All are asked about once a day.
        assert await kept(database, live) == [live]
        retention.clock = lambda: NOW + timedelta(days=2)
        await retention.run_once()
        assert await kept(database, live) == []


async def test_who_started_a_deployment_is_remembered_as_long_as_the_snapshot_is_there(
    sandbox: Sandbox, database: Database
) -> None:
    create_endpoint(sandbox)
    same = await ended_deployment(database, FAILED, snapshot_created_at=START, **HOME)
    # One that was deleted and made again under its name is another.
    earlier = await ended_deployment(database, FAILED, snapshot_created_at=START - timedelta(days=1), **HOME)
    async with retaining(sandbox, database) as retention:
        await retention.run_once()
    assert await kept(database, same, earlier) == [same]


@pytest.mark.parametrize("trouble", ["AWS", "account", "group"])
async def test_nothing_goes_while_aws_does_not_say_that_it_has_no_such_endpoint(
    sandbox: Sandbox, database: Database, trouble: str
) -> None:
    home = {**HOME, "account_id": "999999999999"} if trouble == "account" else HOME
    key = await ended_deployment(
        database, runtime="gone", group="nobody" if trouble == "group" else "risk", snapshot_name="a", **home
    )
    if trouble == "AWS":
        sandbox.faults.refuse("DescribeEndpoint")
    async with retaining(sandbox, database) as retention:
        await retention.run_once()
    assert await kept(database, key) == [key]


async def test_it_looks_at_all_in_turn(sandbox: Sandbox, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are kept do not stand in the way of the others."""
    monkeypatch.setattr("workflows.retention._LOOKS", 2)
    create_endpoint(sandbox)
    keys = [
        await ended_deployment(database, FAILED, runtime=None, by=f"user{n}", snapshot_created_at=START, **HOME)
        for n in range(4)
    ]
    last = await ended_deployment(database, FAILED, snapshot_name="gone", **HOME)
    async with retaining(sandbox, database) as retention:
        for _ in range(3):
            assert await kept(database, last) == [last]
            await retention.run_once()
        assert await kept(database, *keys, last) == keys


async def test_a_snapshot_counts_as_seen_as_long_as_aws_has_it(sandbox: Sandbox, database: Database) -> None:
    """The watch would else begin it again."""
    create_endpoint(sandbox)
    key = await factories.create_registration_key(database, **HOME)
    there, gone, young = ("churn-1", START), ("gone", days_ago(500)), ("gone", days_ago(100))
    async with database.writing() as connection:
        await seen_snapshots.mark_seen(connection, key, [there, gone, young])
    async with retaining(sandbox, database, deploymentsDays=200) as retention:
        await retention.run_once()
    async with database.reading() as connection:
        assert await seen_snapshots.of_registrations(connection, [key]) == {key: {there, young}}


async def test_each_sort_has_days_of_its_own(sandbox: Sandbox, database: Database) -> None:
    for ago in (35, 45):
        await simulate_day(database, ago, 0)
    async with retaining(sandbox, database, auditDays=40, deploymentsDays=30, importRunsDays=50) as retention:
        await retention.run_once()
    names = [tables.audit_events, deployment_rows, tables.import_runs]
    # The deployment with the last ticket stays.
    assert await factories.row_counts(database, names) == [1, 1, 2]


async def test_a_sort_that_cannot_be_deleted_keeps_no_other(sandbox: Sandbox, database: Database) -> None:
    for ago in (500, 450, 10):
        await simulate_day(database, ago, 0)
    async with retaining(sandbox, database) as retention:
        # The database keeps the events of a month, whatever is asked.
        retention.config = RetentionSettings.model_construct(audit_days=-1000)
        with pytest.raises(RegistryConflictError):
            await retention.run_once()
    names = [tables.audit_events, deployment_rows, tables.import_runs]
    assert await factories.row_counts(database, names) == [3, 1, 1]


PER_DAY, DAYS = 1, 45


async def simulate_day(database: Database, ago: int, number: int) -> None:
    """A deployment of a snapshot of its own on one of three endpoints, with its ticket, an import, and an event."""
    state, runtime = (FAILED, None) if number % 5 == 4 else (DEPLOYED, f"live-{number % 3}")
    names: dict[str, Any] = {"snapshot_name": f"s{ago}-{number}", "snapshot_created_at": days_ago(ago + 1)}
    key = await ended_deployment(database, state, ago, runtime, **names, **HOME)
    async with database.writing() as connection:
        await create(connection, key, 1, TicketKind.APPROVAL, days_ago(ago))
        row = await connection.execute(ticket_rows.select().where(ticket_rows.c.deployment_key == key))
        await mark_filed(connection, row.one().number, FiledTicket("SG", None, "Open"), days_ago(ago))
        event = NewAuditEvent(at=days_ago(ago), actor="ann", action="x", outcome=AuditOutcome.SUCCEEDED)
        await audit.append(connection, event)
        run, _ = await import_runs.start(connection, new_run(started_at=days_ago(ago)))
        key = key_in_id(run.id, "ImportRun")
        await import_runs.finish(connection, key, ImportRunState.DONE, "Done", days_ago(ago))


@on_both_databases
async def test_the_tables_stay_bounded(sandbox: Sandbox, database: Database) -> None:
    """Months of deployments, whose snapshots are deleted and whose endpoints stay, as days go by."""
    with building(sandbox) as made:
        made.model("churn")
        made.snapshot("churn-1", "churn")
        for number in range(3):
            made.runtime(f"live-{number}", "churn-1")
    counts: list[list[int]] = []
    names = [tables.audit_events, deployment_rows, ticket_rows, tables.import_runs]
    days = {"auditDays": 30, "deploymentsDays": 20, "importRunsDays": 10}
    async with retaining(sandbox, database, **days) as retention:
        for ago in range(DAYS, 0, -1):
            for number in range(PER_DAY):
                await simulate_day(database, ago, ago * PER_DAY + number)
            retention.clock = lambda ago=ago: NOW - timedelta(days=ago)  # type: ignore[misc]
            await retention.run_once()
            counts.append(await factories.row_counts(database, names))
    # Those of the days that are kept and of the day that begins; every endpoint has a younger deployment.
    assert counts[31:] == [[31, 21, 21, 11]] * (DAYS - 31)


async def work(_context: WorkflowContext, *_arguments: Any) -> None:
    """Nothing to do."""


@on_both_databases
async def test_durable_work_goes_but_for_what_keeps_open_things_from_being_done_again(
    sandbox: Sandbox, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = (await new_deployment_row(database)).key
    over = await ended_deployment(database, ago=20, snapshot_name="over", **HOME)
    async with database.writing() as connection:
        run, _ = await import_runs.start(connection, new_run(started_at=datetime.now(UTC)))
        await create(connection, going_on, 1, TicketKind.APPROVAL, days_ago(20))
    ids = [f"deploy/{going_on}/1/verify", f"import/{key_in_id(run.id, 'ImportRun')}", "ticket/1/0"]
    old = [f"deploy/{over}/1/verify", "deploy/unknown/1/verify", "ticket/7/0", "other", "import/unknown"]
    async with deps_on(sandbox, database) as (deps, _), engine_on(database_url, {"work": work}) as engine:
        for work_id in (*ids, *old, "young"):
            await engine.start("work", work_id)
        await idle(engine)
        ended = int(days_ago(15).timestamp() * 1000)
        statement = "UPDATE {0}workflow_status SET completed_at = :ended WHERE workflow_uuid <> 'young'"
        await change(database_url, statement, ended=ended)
        retention = Retention(database, deps.group_scopes, engine.rows, RetentionSettings())
        monkeypatch.setattr("workflows.retention._BATCH", 2)
        await retention.run_once()
    assert sorted(workflow_statuses(database_url)) == sorted([*ids, "young"])
