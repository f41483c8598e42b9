"""The end of a run that fails, of which the audit is told also where nobody waits for it any more."""

from datetime import UTC, datetime

from registry import audit, import_runs
from registry.database import Connection
from registry.journal import ImportRun
from registry.words import AuditOutcome, ImportRunState


async def fail_run(connection: Connection, run_key: str, message: str, *, awaited: bool) -> None:
    """Ends a run as failed, with the reason as its phase; nothing changes about one that has ended.

    Args:
        connection: A transaction.
        run_key: Its key.
        message: The reason, for people.
        awaited: Whether the change that started it is still waiting, and will itself tell the audit.
    """
    if not await import_runs.finish(connection, run_key, ImportRunState.FAILED, message, datetime.now(UTC)) or awaited:
        return
    if (run := await import_runs.by_key(connection, run_key)) is not None:
        await audit.append(connection, _failed_event(run))


def _failed_event(run: ImportRun) -> audit.NewAuditEvent:
    return audit.NewAuditEvent(
        at=datetime.now(UTC),
        actor=run.started_by,
        group=run.group,
        action="import.fail",
        target=f"ImportRun {run.id}",
        outcome=AuditOutcome.FAILED,
        detail=f"The import of {run.model_name} failed: {run.phase}",
    )
