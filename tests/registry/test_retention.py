"""registry.retention: what is old goes in batches, the oldest first; what something rests on stays."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from registry import (
    audit,
    cleanup_queue,
    deployments,
    elements,
    import_runs,
    retention,
    seen_snapshots,
    tables,
    tickets,
)
from registry.audit import AuditCriteria, NewAuditEvent
from registry.database import Connection, Database
from registry.deployment_rows import NewDeployment
from registry.deployment_tables import deployment_steps, test_results
from registry.deployment_tables import tickets as ticket_rows
from registry.enums import (
    AuditOutcome,
    DeploymentState,
    DeploymentTrigger,
    ElementChange,
    ElementKind,
    ImportRunState,
    TicketKind,
)
from registry.errors import RegistryConflictError
from registry.records import ImportChange
from registry.tickets import FiledTicket
from tests.registry import factories
from tests.registry.ended_deployments import NOW, days_ago, ended_deployment
from tests.registry.factories import key_in_id, new_run

OLD = days_ago(400)
DEPLOYED, FAILED, CANCELLED = DeploymentState.DEPLOYED, DeploymentState.FAILED, DeploymentState.CANCELLED


async def in_one(database: Database, function: Callable[[Connection], Awaitable[Any]]) -> Any:
    async with database.writing() as connection:
        return await function(connection)


async def forget(database: Database, most: int = 100) -> int:
    result: int = await in_one(database, lambda it: retention.delete_forgettable_deployments(it, OLD, most))
    return result


async def remembered(database: Database) -> list[tuple[str, str | None, bool]]:
    async with database.reading() as connection:
        rows = await retention.remembered_deployments(connection, OLD, 100)
    return [(row.key, row.runtime_name, row.bars) for row in rows]


async def test_the_oldest_events_go_first_and_the_younger_stay(database: Database) -> None:
    async with database.writing() as connection:
        for ago in (500, 300, 450, 600):
            event = NewAuditEvent(
                at=days_ago(ago), actor="ann", action="importModel", target=f"{ago}", outcome=AuditOutcome.SUCCEEDED
            )
            await audit.append(connection, event)
    deleted = [await in_one(database, lambda it: retention.delete_audit_events(it, OLD, 2)) for _ in range(3)]
    assert deleted == [2, 1, 0]
    async with database.reading() as connection:
        page = await audit.page(connection, AuditCriteria(groups=None), 10)
    assert [event.target for event in page.records] == ["300"]


async def test_the_database_keeps_events_of_a_month_whatever_is_asked(database: Database) -> None:
    async with database.writing() as connection:
        for ago in (29, 500):
            event = NewAuditEvent(at=days_ago(ago), actor="ann", action="x", outcome=AuditOutcome.SUCCEEDED)
            await audit.append(connection, event)
    with pytest.raises(RegistryConflictError):
        await in_one(database, lambda it: retention.delete_audit_events(it, NOW, 10))
    assert await factories.row_counts(database, [tables.audit_events]) == [2]


async def test_import_runs_go_with_their_changes_and_those_under_way_stay(database: Database) -> None:
    change = ImportChange(ElementKind.MODEL, "churn", "arn:churn", ElementChange.ADDED, None)
    async with database.writing() as connection:
        for number, ago in enumerate((500, 300, 600, 700)):
            new = new_run(model_name=f"m{number}", started_at=days_ago(ago + 1))
            run, _ = await import_runs.start(connection, new)
            key = key_in_id(run.id, "ImportRun")
            await import_runs.replace_changes(connection, key, [change])
            if number != 3:
                assert await import_runs.finish(connection, key, ImportRunState.DONE, "Done", days_ago(ago))
    assert await in_one(database, lambda it: retention.delete_import_runs(it, OLD, 1)) == 1
    assert await in_one(database, lambda it: retention.delete_import_runs(it, OLD, 9)) == 1
    assert await in_one(database, lambda it: retention.delete_import_runs(it, OLD, 9)) == 0
    assert await factories.row_counts(database, [tables.import_runs, tables.import_changes]) == [2, 2]


async def test_a_deployment_goes_with_all_that_belongs_to_it(database: Database) -> None:
    first, last = await ended_deployment(database, ago=500), await ended_deployment(database, ago=450)
    async with database.writing() as connection:
        for key in (first, last):
            await tickets.create(connection, key, 1, TicketKind.APPROVAL, days_ago(500))
        for number in (1, 2):
            await tickets.mark_filed(connection, number, FiledTicket(f"SG-{number}", None, "Open"), days_ago(500))
    assert await forget(database) == 1
    # The one with the last ticket stays: SQLite would give its number again.
    assert await factories.row_counts(database, [ticket_rows, deployment_steps, test_results]) == [1, 0, 0]
    async with database.reading() as connection:
        assert await deployments.by_keys(connection, [first, last]) == {
            last: await deployments.by_key(connection, last)
        }


async def test_the_young_and_those_that_go_on_stay(database: Database) -> None:
    await ended_deployment(database, ago=399)
    async with database.writing() as connection:
        new = NewDeployment(
            group="risk",
            account_id="111111111111",
            region="eu-west-1",
            snapshot_name="waits",
            snapshot_created_at=OLD,
            snapshot_digest="",
            trigger=DeploymentTrigger.REQUEST,
            started_by="ann",
            started_at=days_ago(800),
        )
        row, _ = await deployments.start(connection, new)
        assert await deployments.transition(connection, row, DeploymentState.BLOCKED, days_ago(800))
    assert (await forget(database), await remembered(database)) == (0, [])
    assert await in_one(database, lambda it: retention.delete_deployments(it, [row.key], OLD)) == 0


async def test_batches_take_the_oldest(database: Database) -> None:
    keys = [await ended_deployment(database, ago=ago, snapshot_name=f"s{ago}") for ago in (410, 500, 450)]
    assert [await forget(database, 2), await forget(database, 2)] == [2, 1]
    async with database.reading() as connection:
        assert await deployments.by_keys(connection, keys) == {}


async def test_the_last_deployment_of_an_endpoint_stays(database: Database) -> None:
    """And what was tried on the endpoint since; a deployment that is younger makes the older ones forgettable."""
    first, second, failed = (
        await ended_deployment(database, ago=700, runtime="live", snapshot_name="a"),
        await ended_deployment(database, ago=600, runtime="live", snapshot_name="b"),
        await ended_deployment(database, FAILED, ago=500, runtime="live", snapshot_name="c"),
    )
    other = await ended_deployment(database, ago=650, runtime="live", snapshot_name="a", region="us-east-2")
    assert await forget(database) == 1
    assert sorted(await remembered(database)) == sorted(
        [(second, "live", False), (failed, "live", True), (other, "live", False)]
    )
    await ended_deployment(database, ago=1, runtime="live", snapshot_name="d")
    assert await forget(database) == 1
    assert sorted(await remembered(database)) == sorted([(failed, None, True), (other, "live", False)])
    async with database.reading() as connection:
        assert await deployments.by_keys(connection, [first, second]) == {}


async def test_who_must_not_decide_about_a_snapshot_is_remembered(database: Database) -> None:
    """The last deployment of each person that did not reach DEPLOYED, and the last cancelled one."""
    await ended_deployment(database, FAILED, ago=900)
    await ended_deployment(database, CANCELLED, ago=800, by="bob")
    anns = await ended_deployment(database, FAILED, ago=700)
    cancelled = await ended_deployment(database, CANCELLED, ago=650, by="eve")
    bobs = await ended_deployment(database, FAILED, ago=600, by="bob")
    await ended_deployment(database, DEPLOYED, ago=500)
    assert await forget(database) == 3
    assert await remembered(database) == [(key, None, True) for key in (anns, cancelled, bobs)]
    # The same person's last one may be young.
    await ended_deployment(database, CANCELLED, ago=10)
    assert await forget(database) == 1
    assert await remembered(database) == [(key, None, True) for key in (cancelled, bobs)]


async def test_a_snapshot_made_again_under_its_name_is_another(database: Database) -> None:
    kept = await ended_deployment(database, FAILED, ago=700)
    await ended_deployment(database, FAILED, ago=600, snapshot_created_at=days_ago(650))
    assert await forget(database) == 0
    assert kept in [key for key, _, _ in await remembered(database)]


async def test_what_has_something_under_way_stays(database: Database) -> None:
    """A ticket that is yet to be filed or looked for, and something to put away in AWS."""
    keys = [await ended_deployment(database, ago=700, snapshot_name=f"s{number}") for number in range(4)]
    async with database.writing() as connection:
        await cleanup_queue.enqueue(connection, keys[0], ElementKind.RUNTIME, "x", OLD)
        for key in keys[1:]:
            await tickets.create(connection, key, 1, TicketKind.NOTIFICATION, OLD)
        await tickets.mark_sent(connection, 2, None, OLD)
        await tickets.mark_sent(connection, 2, OLD, days_ago(300))
        await tickets.mark_filed(connection, 2, FiledTicket("X-1", None, "Open"), NOW)
        await tickets.mark_filed(connection, 3, FiledTicket("X-2", None, "Open"), NOW)
    assert await forget(database) == 0
    async with database.writing() as connection:
        for item in await cleanup_queue.pending(connection):
            await cleanup_queue.remove(connection, item)
        await tickets.mark_filed(connection, 1, FiledTicket("X-0", None, "Open"), NOW)
    assert await forget(database) == 2
    async with database.reading() as connection:
        assert sorted(await deployments.by_keys(connection, keys)) == sorted(keys[2:])


async def test_those_to_ask_aws_about_come_in_turn(database: Database) -> None:
    keys = [await ended_deployment(database, FAILED, ago=700, snapshot_name=f"s{number}") for number in range(3)]
    async with database.reading() as connection:
        first = await retention.remembered_deployments(connection, OLD, 2)
        second = await retention.remembered_deployments(connection, OLD, 2, first[-1].key)
    assert [row.key for row in (*first, *second)] == sorted(keys)
    assert (first[0].group, first[0].account_id, first[0].region) == ("risk", "111111111111", "eu-west-1")
    assert first[0].snapshot_created_at == days_ago(900)
    assert await in_one(database, lambda it: retention.delete_deployments(it, keys[:2], OLD)) == 2
    assert [key for key, _, _ in await remembered(database)] == keys[2:]


async def test_elements_go_that_aws_has_not_had_for_long(database: Database) -> None:
    key = await factories.create_registration_key(database)
    names = ("there", "missed lately", "missed long ago", "first missed")
    seen = [factories.seen_element(number, name=name) for number, name in enumerate(names)]
    async with database.writing() as connection:
        await elements.upsert(connection, key, seen, days_ago(900))
        known = {element.name: element.key for element in await elements.known_elements(connection, key)}
        for name, ago in (("missed lately", 399), ("missed long ago", 401), ("first missed", 700)):
            await elements.mark_vanished(connection, key, [known[name]], days_ago(ago))
    deleted = [await in_one(database, lambda it: retention.delete_vanished_elements(it, OLD, 1)) for _ in range(3)]
    assert deleted == [1, 1, 0]
    async with database.reading() as connection:
        left = {element.name for element in await elements.known_elements(connection, key)}
    assert left == {"there", "missed lately"}


async def test_snapshots_that_were_seen_long_ago_come_in_turn(database: Database) -> None:
    key = await factories.create_registration_key(database)
    other = await factories.create_registration_key(database, "other", group="marketing")
    marks = [("b", days_ago(500)), ("a", days_ago(500)), ("c", days_ago(600)), ("young", days_ago(399))]
    async with database.writing() as connection:
        await seen_snapshots.mark_seen(connection, key, marks)
        await seen_snapshots.mark_seen(connection, other, [("d", days_ago(900))])
        first = await retention.seen_long_ago(connection, OLD, 3)
        second = await retention.seen_long_ago(connection, OLD, 3, first[-1].position)
        assert [(row.group, row.snapshot_name) for row in (*first, *second)] == [
            ("marketing", "d"),
            ("risk", "c"),
            ("risk", "a"),
            ("risk", "b"),
        ]
        assert (first[0].account_id, first[0].region) == ("111111111111", "eu-west-1")
        await retention.delete_marks(connection, first)
        left = await seen_snapshots.of_registrations(connection, [key, other])
    assert left == {key: {marks[0], marks[3]}, other: frozenset()}
