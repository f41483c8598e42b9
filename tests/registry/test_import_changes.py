"""registry.import_changes: what a run found, in its order, once whatever happens on the way."""

import pytest

from registry import import_changes, import_runs, tables
from registry.database import Database
from registry.errors import RegistryConflictError
from registry.ids import key_of, new_key
from registry.journal import ImportChange
from registry.words import ElementChange, ElementKind
from tests.registry import making
from tests.registry.making import new_run


def change(number: int) -> ImportChange:
    arn = f"arn:aws:sagemaker:eu-west-1:111111111111:training-job/job-{number}"
    return ImportChange(ElementKind.TRAINING_JOB, f"job-{number}", arn, ElementChange.ADDED, "MODEL_NAME")


@pytest.fixture
async def run_key(database: Database) -> str:
    new = new_run()
    async with database.writing() as connection:
        run, _ = await import_runs.start(connection, new)
    found = key_of(run.id, "ImportRun")
    assert found is not None
    return found


async def test_what_is_written_is_read_in_its_order(database: Database, run_key: str) -> None:
    found = ImportChange(ElementKind.MODEL, "churn", "arn", ElementChange.UNCHANGED, None)
    changes = (found, *map(change, range(9, 0, -1)))
    async with database.writing() as connection:
        await import_changes.replace_changes(connection, run_key, changes)
    async with database.reading() as connection:
        assert await import_changes.changes_page(connection, run_key, 4) == (changes[:4], True)
        assert await import_changes.changes_page(connection, run_key, 4, 3) == (changes[4:8], True)
        assert await import_changes.changes_page(connection, run_key, 4, 5) == (changes[6:], False)
        assert await import_changes.changes_page(connection, run_key, 4, 9) == ((), False)
        assert await import_changes.count_changes(connection, run_key) == 10
        assert await import_changes.changes_page(connection, new_key(), 4) == ((), False)


async def test_written_again_takes_the_place_of_what_was(database: Database, run_key: str) -> None:
    for written in ([change(1), change(2)], [change(1), change(2)], [change(3)], []):
        async with database.writing() as connection:
            await import_changes.replace_changes(connection, run_key, written)
        async with database.reading() as connection:
            assert await import_changes.changes_page(connection, run_key, 9) == (tuple(written), False)


async def test_changes_of_no_run(database: Database) -> None:
    with pytest.raises(RegistryConflictError):
        async with database.writing() as connection:
            await import_changes.replace_changes(connection, new_key(), [change(1)])
    assert await making.row_counts(database, [tables.import_changes]) == [0]
