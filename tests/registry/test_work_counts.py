"""registry.work_counts: open work by kind, state and group, in one statement; what has ended does not count."""

from datetime import UTC, datetime

from registry import cleanup_queue, deployments, import_runs, leases, tickets, webhook_deliveries
from registry.database import Database
from registry.deployment_rows import NewDeployment
from registry.enums import DeploymentState, DeploymentTrigger, ElementKind, TicketKind
from registry.import_runs import NewImportRun
from registry.work_counts import WorkCount, loop_holders, work_counts

FIRST, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def new(snapshot: str, at: datetime) -> NewDeployment:
    return NewDeployment(
        group="risk",
        account_id="222222222222",
        region="eu-west-1",
        snapshot_name=snapshot,
        snapshot_created_at=FIRST,
        snapshot_digest="0" * 64,
        trigger=DeploymentTrigger.REQUEST,
        started_by="ann",
        started_at=at,
    )


async def test_open_work_is_counted(database: Database) -> None:
    async with database.writing() as connection:
        assert await work_counts(connection) == ()
        started = [(await deployments.start(connection, new(name, at)))[0] for name, at in (("a", LATER), ("b", FIRST))]
        third, _ = await deployments.start(connection, new("c", FIRST))
        assert await deployments.transition(connection, third, DeploymentState.CANCELLED, LATER, None, None)
        await tickets.create(connection, started[0].key, 1, TicketKind.APPROVAL, FIRST)
        await cleanup_queue.enqueue(connection, started[1].key, ElementKind.RUNTIME, "endpoint", LATER)
        run = NewImportRun(
            group="marketing",
            account_id="333333333333",
            region="us-east-2",
            model_name="churn",
            phase="look",
            started_by="bob",
            started_at=FIRST,
        )
        await import_runs.start(connection, run)
        wanted = webhook_deliveries.WebhookFilter(frozenset({"import.done"}))
        webhook_deliveries.prepare(connection, {"one": wanted, "two": wanted})
        for at in (LATER, FIRST):
            await webhook_deliveries.enqueue(connection, "import.done", at, {})
    async with database.reading() as connection:
        counts = await work_counts(connection)
    assert sorted(counts, key=lambda one: one.kind) == [
        WorkCount("cleanup", "RUNTIME", "risk", 1, LATER),
        WorkCount("deployment", "VERIFYING", "risk", 2, FIRST),
        WorkCount("import", "RUNNING", "marketing", 1, FIRST),
        WorkCount("ticket", "APPROVAL", "risk", 1, FIRST),
        WorkCount("webhook", "import.done", "none", 4, FIRST),
    ]


async def test_the_holders_of_loops(database: Database) -> None:
    async with database.writing() as connection:
        held = await leases.acquire(connection, "loop/watch", "one", 60)
        ended = await leases.acquire(connection, "loop/imports", "two", 60)
        await leases.acquire(connection, "executor/one", "one", 60)
        assert held is not None
        assert ended is not None
        await leases.release(connection, ended)
        assert await loop_holders(connection) == (("loop/watch", "one"),)
