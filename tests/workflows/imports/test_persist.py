"""workflows.imports.persist: all of what a run has found is kept, once, or nothing of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from registry import deployment_tables, elements, import_runs, registrations, seen_snapshots, tables
from registry.database import Database
from registry.elements import ElementCriteria, SeenElement
from registry.enums import ElementChange, ElementKind, ImportRunState
from registry.records import ImportChange, ImportProblem, ImportRun
from tests.registry.factories import NOON, key_in_id, minutes_after_noon, new_run, row_counts, seen_element
from tests.workflows.imports.test_stored_copies import RESOURCES
from workflows.durable.errors import StepFailedError
from workflows.imports.diff import ImportDiff
from workflows.imports.options import ImportOptions
from workflows.imports.persist import PERSISTED_PHASE, persist_diff
from workflows.imports.run_context import RunContext
from workflows.imports.target import ImportTarget

MODEL = RESOURCES[0]
TARGET = ImportTarget(replace(MODEL, creation_time=NOON))  # type: ignore[arg-type]  # It is the model of them.
REFUSED = ImportProblem(ElementKind.RUNTIME, "Refused.", "FORBIDDEN", 1)
KEPT = (tables.registrations, tables.elements, tables.import_changes, deployment_tables.watch_marks)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def started(database: Database, **options: Any) -> ImportRun:
    """A run that has begun."""
    run = new_run(wishes=ImportOptions(**options).to_json())
    async with database.writing() as connection:
        made, _ = await import_runs.start(connection, run)
    return made


def found(*elements_seen: SeenElement, change: ElementChange = ElementChange.ADDED) -> ImportDiff:
    """A look that has found these, and could not see the runtimes."""
    changes = [
        ImportChange(element.kind, element.name, element.arn, change, element.match) for element in elements_seen
    ]
    return ImportDiff(elements_seen, tuple(changes), (), (REFUSED,))


async def kept(database: Database, run: ImportRun, subject: RunContext, findings: ImportDiff) -> str:
    """The key of the registration, once a run's findings are kept."""
    async with database.writing() as connection:
        await persist_diff(connection, run, subject, findings)
        now = await import_runs.by_key(connection, key_in_id(run.id, "ImportRun"))
    assert now is not None
    return key_in_id(now.registration_id or "")


async def ended(database: Database, run: ImportRun) -> None:
    """Ends a run, so that another may begin."""
    async with database.writing() as connection:
        await import_runs.finish(
            connection, key_in_id(run.id, "ImportRun"), ImportRunState.DONE, "Done", minutes_after_noon(1)
        )


async def theirs(database: Database, registration: str) -> Sequence[tuple[str, bool]]:
    """The name of each element that is kept, and whether it has vanished."""
    async with database.reading() as connection:
        return sorted(
            (element.name, element.vanished) for element in await elements.known_elements(connection, registration)
        )


SNAPSHOT = seen_element(1, kind=ElementKind.SNAPSHOT, name="churn-1", arn="arn:snapshot", match=None)


async def test_a_first_import_is_kept_once_however_often_its_step_runs(database: Database) -> None:
    """The snapshots that it sees are not new to the watch over the model; its problems come after earlier ones."""
    earlier = ImportProblem(ElementKind.SNAPSHOT, "No default snapshot.", "FORBIDDEN", 1)
    run = await started(database, display_name="Churn", custom_metadata={"tier": 1})
    async with database.writing() as connection:
        await import_runs.replace_problems(connection, key_in_id(run.id, "ImportRun"), [earlier])
    for _ in range(2):
        registration = await kept(database, run, RunContext(TARGET, None, ()), found(SNAPSHOT, seen_element(2)))
    async with database.reading() as connection:
        made = await registrations.by_key(connection, registration, ())
        marks = await seen_snapshots.of_registrations(connection, [registration])
        now = await import_runs.by_key(connection, key_in_id(run.id, "ImportRun"))
    assert made is not None
    assert now is not None
    assert (made.display_name, made.custom_metadata, made.imported_by) == ("Churn", {"tier": 1}, "ann")
    assert (made.model_arn, made.model_created_at) == (MODEL.arn, NOON)
    assert marks == {registration: {("churn-1", minutes_after_noon(1))}}
    assert (now.phase, now.done, now.total, now.problems) == (PERSISTED_PHASE, 2, 2, (earlier, REFUSED))
    assert await row_counts(database, KEPT) == [1, 2, 2, 1]


async def test_a_sync_writes_what_has_changed_alone(database: Database) -> None:
    """What is as it was is seen again, and no change of the run."""
    first = await started(database)
    registration = await kept(database, first, RunContext(TARGET, None, ()), found(SNAPSHOT, seen_element(2)))
    await ended(database, first)
    async with database.reading() as connection:
        known = await elements.known_elements(connection, registration)
    run = await started(database, sync=True)
    unchanged = ImportChange(SNAPSHOT.kind, SNAPSHOT.name, SNAPSHOT.arn, ElementChange.UNCHANGED, None)
    added, gone = seen_element(3), next(element for element in known if element.name == "job-2")
    changes = (
        unchanged,
        replace(unchanged, kind=added.kind, name=added.name, change=ElementChange.ADDED),
        replace(unchanged, kind=gone.kind, name=gone.name, change=ElementChange.VANISHED),
    )
    findings = ImportDiff((SNAPSHOT, added), changes, (gone,), ())
    assert await kept(database, run, RunContext(TARGET, registration, known), findings) == registration
    assert await theirs(database, registration) == [("churn-1", False), ("job-2", True), ("job-3", False)]
    async with database.reading() as connection:
        written, _ = await import_runs.changes_page(connection, key_in_id(run.id, "ImportRun"), 10)
        same = (await elements.page(connection, ElementCriteria(registration, [ElementKind.SNAPSHOT]), 10)).records[0]
        marks = await seen_snapshots.of_registrations(connection, [registration])
    assert [(change.name, change.change.value) for change in written] == [("job-3", "ADDED"), ("job-2", "VANISHED")]
    assert same.last_seen_at > same.first_seen_at
    assert marks == {registration: {("churn-1", minutes_after_noon(1))}}


async def test_a_second_import_says_only_what_it_was_told_to_say(database: Database) -> None:
    first = await started(database, display_name="Churn", description="Who leaves.", custom_metadata={"a": 1, "b": 2})
    registration = await kept(database, first, RunContext(TARGET, None, ()), found(SNAPSHOT))
    await ended(database, first)
    run = await started(database, description="Who will leave.", custom_metadata={"b": None})
    assert await kept(database, run, RunContext(TARGET, registration, ()), found(SNAPSHOT)) == registration
    async with database.reading() as connection:
        now = await registrations.by_key(connection, registration, ())
    assert now is not None
    assert (now.display_name, now.description, now.custom_metadata) == ("Churn", "Who will leave.", {"a": 1})


@pytest.mark.parametrize("sync", [True, False])
async def test_a_registration_that_was_removed_meanwhile_is_not_made_anew(database: Database, *, sync: bool) -> None:
    first = await started(database)
    registration = await kept(database, first, RunContext(TARGET, None, ()), found(SNAPSHOT))
    await ended(database, first)
    async with database.writing() as connection:
        assert await registrations.remove(connection, registration)
    run = await started(database, sync=sync)
    before = await row_counts(database, KEPT)
    with pytest.raises(StepFailedError) as raised:
        await kept(database, run, RunContext(TARGET, registration, ()), found(SNAPSHOT))
    assert raised.value.kind == "REMOVED"
    assert await row_counts(database, KEPT) == before
    async with database.reading() as connection:
        now = await import_runs.by_key(connection, key_in_id(run.id, "ImportRun"))
    assert now is not None
    assert (now.phase, now.problems) == ("Begun", ())


async def test_one_that_was_made_meanwhile_is_looked_at_first(database: Database) -> None:
    """The look knew nothing of it, so it cannot tell what of it has changed or vanished."""
    first = await started(database)
    await kept(database, first, RunContext(TARGET, None, ()), found(SNAPSHOT))
    await ended(database, first)
    run = await started(database)
    with pytest.raises(StepFailedError, match="was removed while"):
        await kept(database, run, RunContext(TARGET, None, ()), found(SNAPSHOT))
    assert await row_counts(database, KEPT) == [1, 1, 1, 1]


async def test_a_run_that_has_ended_keeps_nothing(database: Database) -> None:
    run = await started(database)
    await ended(database, run)
    async with database.writing() as connection:
        await persist_diff(connection, run, RunContext(TARGET, None, ()), found(SNAPSHOT))
    assert await row_counts(database, KEPT) == [0, 0, 0, 0]
