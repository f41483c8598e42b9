"""workflows.imports.failing: a run that fails when nobody waits for it is told of in the audit, once."""

import pytest

from registry import audit, import_runs
from registry.audit import AuditCriteria
from registry.database import Database
from registry.journal import ImportRun
from registry.words import AuditOutcome, ImportRunState
from tests.registry.making import new_run
from workflows.imports.failing import fail_run
from workflows.imports.starting import run_key_of, start_run


async def begun(database: Database) -> ImportRun:
    new = new_run(account_id="222222222222")
    return (await start_run(database, new))[0]


@pytest.mark.parametrize("awaited", [True, False])
async def test_its_end(database: Database, *, awaited: bool) -> None:
    run = await begun(database)
    for message in ("It broke.", "It broke again."):
        async with database.writing() as connection:
            await fail_run(connection, run_key_of(run), message, awaited=awaited)
    async with database.reading() as connection:
        found = await import_runs.by_key(connection, run_key_of(run))
        events = (await audit.page(connection, AuditCriteria(groups=None), 10)).records
    assert found is not None
    assert (found.state, found.phase) == (ImportRunState.FAILED, "It broke.")
    told = [(each.action, each.actor, each.group, each.target, each.outcome, each.detail) for each in events]
    target, detail = f"ImportRun {run.id}", "The import of churn failed: It broke."
    assert told == ([] if awaited else [("import.fail", "ann", "risk", target, AuditOutcome.FAILED, detail)])
