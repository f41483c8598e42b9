"""registry.import_runs: one at a time for each group and model, and nobody changes how one has ended."""

import asyncio
from typing import Any

import pytest

from registry import import_runs, tables
from registry.database import Database
from registry.enums import ElementChange, ElementKind, ImportRunState
from registry.errors import RegistryConflictError
from registry.ids import key_of, new_key
from registry.import_runs import NewImportRun
from registry.records import ImportChange, ImportProblem, ImportRun
from tests.registry import factories
from tests.registry.factories import NOON, create_registration, minutes_after_noon, new_run

PROBLEM = ImportProblem(ElementKind.TRANSFORM_JOB, "Not allowed", "AccessDeniedException", 12)


def new(**changed: Any) -> NewImportRun:
    options = {"createDefaultSnapshot": True}
    return new_run(**{"phase": "Reading the model", "wishes": options, **changed})


async def start(database: Database, **changed: Any) -> tuple[ImportRun, bool]:
    async with database.writing() as connection:
        return await import_runs.start(connection, new(**changed))


async def read(database: Database, key: str) -> ImportRun:
    async with database.reading() as connection:
        run = await import_runs.by_key(connection, key)
    assert run is not None
    return run


def key(run: ImportRun) -> str:
    return factories.key_in_id(run.id, "ImportRun")


async def test_what_is_started_can_be_read(database: Database) -> None:
    run, started = await start(database)
    assert started
    assert run == ImportRun(
        id=run.id,
        state=ImportRunState.RUNNING,
        phase="Reading the model",
        done=0,
        total=None,
        group="risk",
        account_id="111111111111",
        region="eu-west-1",
        model_name="churn",
        registration_id=None,
        started_by="ann",
        started_at=NOON,
        ended_at=None,
        wishes={"createDefaultSnapshot": True},
        problems=(),
    )
    assert await read(database, key(run)) == run
    async with database.reading() as connection:
        assert await import_runs.by_keys(connection, [key(run), new_key()]) == {key(run): run}
        assert await import_runs.by_key(connection, new_key()) is None


async def test_another_is_given_the_one_that_runs(database: Database) -> None:
    run, _ = await start(database)
    assert await start(database, started_by="bob", started_at=minutes_after_noon(1)) == (run, False)
    rest = [{"group": "marketing"}, {"account_id": "222222222222"}, {"region": "us-east-1"}, {"model_name": "other"}]
    for other in rest:
        assert (await start(database, **other))[1]
    async with database.reading() as connection:
        running = await import_runs.running_runs(connection)
    assert len(running) == 5
    assert running[0] == run


async def test_two_started_at_once_are_one(database_url: str) -> None:
    async with Database(database_url) as one, Database(database_url) as other:
        answers = await asyncio.gather(*(start(database) for database in [one, other] * 5))
        assert len({run.id for run, _ in answers}) == 1
        assert sorted(started for _, started in answers) == [False] * 9 + [True]
        assert await factories.row_counts(one, [tables.import_runs]) == [1]


async def test_starting_and_ending_at_once_always_gives_a_run(database_url: str) -> None:
    async with Database(database_url) as one, Database(database_url) as other:

        async def starts_and_ends(database: Database, number: int) -> bool:
            run, _ = await start(database, started_by=str(number))
            async with database.writing() as connection:
                return await import_runs.finish(
                    connection, key(run), ImportRunState.DONE, "Done", minutes_after_noon(1)
                )

        ended = await asyncio.gather(*(starts_and_ends([one, other][item % 2], item) for item in range(20)))
        (runs,) = await factories.row_counts(one, [tables.import_runs])
        assert sum(ended) == runs
        async with one.reading() as connection:
            assert await import_runs.running_runs(connection) == ()


async def test_how_far_it_is(database: Database) -> None:
    run, _ = await start(database)
    made = await create_registration(database)
    async with database.writing() as connection:
        assert await import_runs.record_progress(connection, key(run), "Reading jobs", 40, 2000)
        assert await import_runs.attach_registration(connection, key(run), factories.key_in_id(made.id))
        assert await import_runs.replace_problems(connection, key(run), [PROBLEM, PROBLEM])
        assert await import_runs.replace_problems(connection, key(run), [PROBLEM])
    result = await read(database, key(run))
    assert (result.phase, result.done, result.total) == ("Reading jobs", 40, 2000)
    assert (result.registration_id, result.problems) == (made.id, (PROBLEM,))


async def test_of_two_who_come_to_the_same_phase_one_does(database: Database) -> None:
    run, _ = await start(database)
    async with database.writing() as connection:
        assert await import_runs.record_progress(connection, key(run), "Kept", 40, 40)
        assert not await import_runs.record_progress(connection, key(run), "Kept", 1, 1)
        assert await import_runs.record_progress(connection, key(run), "Done", 40, 40)


async def test_a_registration_that_was_removed_cannot_be_attached(database: Database) -> None:
    run, _ = await start(database)
    with pytest.raises(RegistryConflictError):
        async with database.writing() as connection:
            await import_runs.attach_registration(connection, key(run), new_key())
    assert (await read(database, key(run))).registration_id is None


@pytest.mark.parametrize("state", [ImportRunState.DONE, ImportRunState.FAILED])
async def test_an_end_is_an_end(database: Database, state: ImportRunState) -> None:
    run, _ = await start(database)
    async with database.writing() as connection:
        assert await import_runs.finish(connection, key(run), state, "Ended", minutes_after_noon(1))
    ended = await read(database, key(run))
    assert (ended.state, ended.phase, ended.ended_at) == (state, "Ended", minutes_after_noon(1))
    async with database.writing() as connection:
        assert not await import_runs.finish(connection, key(run), ImportRunState.FAILED, "Late", minutes_after_noon(2))
        assert not await import_runs.record_progress(connection, key(run), "Late", 1, 1)
        assert not await import_runs.replace_problems(connection, key(run), [PROBLEM])
        assert not await import_runs.attach_registration(connection, key(run), new_key())
    assert await read(database, key(run)) == ended


async def test_after_an_end_another_may_start(database: Database) -> None:
    run, _ = await start(database)
    async with database.writing() as connection:
        await import_runs.finish(connection, key(run), ImportRunState.DONE, "Done", minutes_after_noon(1))
    again, started = await start(database)
    assert started
    assert again.id != run.id


def change(number: int) -> ImportChange:
    arn = f"arn:aws:sagemaker:eu-west-1:111111111111:training-job/job-{number}"
    return ImportChange(ElementKind.TRAINING_JOB, f"job-{number}", arn, ElementChange.ADDED, "MODEL_NAME")


@pytest.fixture
async def run_key(database: Database) -> str:
    new = new_run()
    async with database.writing() as connection:
        run, _ = await import_runs.start(connection, new)
    result = key_of(run.id, "ImportRun")
    assert result is not None
    return result


async def test_what_is_written_is_read_in_its_order(database: Database, run_key: str) -> None:
    import_change = ImportChange(ElementKind.MODEL, "churn", "arn", ElementChange.UNCHANGED, None)
    changes = (import_change, *map(change, range(9, 0, -1)))
    async with database.writing() as connection:
        await import_runs.replace_changes(connection, run_key, changes)
    async with database.reading() as connection:
        assert await import_runs.changes_page(connection, run_key, 4) == (changes[:4], True)
        assert await import_runs.changes_page(connection, run_key, 4, 3) == (changes[4:8], True)
        assert await import_runs.changes_page(connection, run_key, 4, 5) == (changes[6:], False)
        assert await import_runs.changes_page(connection, run_key, 4, 9) == ((), False)
        assert await import_runs.count_changes(connection, run_key) == 10
        assert await import_runs.changes_page(connection, new_key(), 4) == ((), False)


async def test_written_again_takes_the_place_of_what_was(database: Database, run_key: str) -> None:
    for written in ([change(1), change(2)], [change(1), change(2)], [change(3)], []):
        async with database.writing() as connection:
            await import_runs.replace_changes(connection, run_key, written)
        async with database.reading() as connection:
            assert await import_runs.changes_page(connection, run_key, 9) == (tuple(written), False)


async def test_changes_of_no_run(database: Database) -> None:
    with pytest.raises(RegistryConflictError):
        async with database.writing() as connection:
            await import_runs.replace_changes(connection, new_key(), [change(1)])
    assert await factories.row_counts(database, [tables.import_changes]) == [0]
