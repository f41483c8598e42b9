"""Import and sync runs, one at a time for each group and model, and the changes that each run found."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from registry.changes import note_change
from registry.database import Connection
from registry.enums import LATER_ELEMENT_KINDS, ElementChange, ElementKind, ImportRunState
from registry.errors import RegistryConflictError
from registry.ids import encode_own_id, new_key
from registry.queries import count_rows, rows_in
from registry.records import ImportChange, ImportProblem, ImportRun
from registry.tables import every_import_change, import_changes, import_runs, later_import_changes
from registry.upserts import insert_or_get_active
from registry.webhook_deliveries import has_webhooks
from registry.webhook_events import announce_import

_COLUMNS = import_runs.c


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImportRun:
    """A run to be started.

    Attributes:
        group: The group that it imports for.
        account_id: The model's AWS account.
        region: The model's AWS region.
        model_name: The model's name.
        phase: The first phase, in words.
        started_by: The person who starts it.
        started_at: The present time.
        wishes: The import options, as JSON.
        registration_key: The key of the registration that a sync updates; None for a first import.
    """

    group: str
    account_id: str
    region: str
    model_name: str
    phase: str
    started_by: str
    started_at: datetime
    wishes: Mapping[str, object] = field(default_factory=dict)
    registration_key: str | None = None


async def start(connection: Connection, new: NewImportRun) -> tuple[ImportRun, bool]:
    """The run for the group and model of `new` that is under way, and whether this call started it.

    Of concurrent calls one starts it, and the others wait and get that run.

    Raises:
        RegistryConflictError: Runs for this model kept starting and ending meanwhile.
    """
    result = await insert_or_get_active(connection, import_runs, _row(new))
    if result is None:
        raise RegistryConflictError(
            f"Other imports of {new.model_name} started and ended during the attempt; try again."
        )
    row, started = result
    return run_from_row(row), started


async def by_key(connection: Connection, key: str) -> ImportRun | None:
    """The run of this key; None if there is none."""
    return (await by_keys(connection, [key])).get(key)


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, ImportRun]:
    """The runs with these keys, by key; keys without a run are left out."""
    return {row.key: run_from_row(row) for row in await rows_in(connection, select(import_runs), _COLUMNS.key, keys)}


async def running_runs(connection: Connection) -> tuple[ImportRun, ...]:
    """Every run that is under way, the oldest first."""
    statement = select(import_runs).where(_COLUMNS.active_key.is_not(None)).order_by(_COLUMNS.key)
    return tuple(run_from_row(row) for row in await connection.execute(statement))


async def record_progress(connection: Connection, key: str, phase: str, done: int, total: int | None) -> bool:
    """Record a new phase of a run; False, without a change, if it has ended or is in this phase already.

    Args:
        connection: A transaction.
        key: The key of the run.
        phase: The phase, in words.
        done: The number of steps of the phase that are done.
        total: The number of its steps; None if that is not known.
    """
    return await _update(connection, key, _COLUMNS.phase != phase, phase=phase, done=done, total=total)


async def attach_registration(connection: Connection, key: str, registration_key: str) -> bool:
    """Set the registration of a run; False, without a change, if the run has ended."""
    return await _update(connection, key, registration_key=registration_key)


async def replace_problems(connection: Connection, key: str, problems: Sequence[ImportProblem]) -> bool:
    """Replace the problems of a run; False, without a change, if the run has ended."""
    return await _update(connection, key, problems=[_problem_json(problem) for problem in problems])


async def finish(connection: Connection, key: str, state: ImportRunState, phase: str, at: datetime) -> bool:
    """Set a run's final state and phase; False, without a change, if the run had ended before."""
    ended = await _update(connection, key, state=state.value, phase=phase, ended_at=at, active_key=None)
    if ended and has_webhooks(connection) and (run := await by_key(connection, key)) is not None:
        await announce_import(connection, run, at)
    return ended


async def _update(connection: Connection, key: str, *where: ColumnElement[bool], **values: Any) -> bool:
    """Change a run that is under way, and no other, so that a late worker does not change an ended one."""
    statement = update(import_runs).where(_COLUMNS.key == key, _COLUMNS.state == ImportRunState.RUNNING.value, *where)
    changed = (await connection.execute(statement.values(**values))).rowcount > 0
    if changed:
        await note_change(connection, "ImportRun", key)
    return changed


def _row(new: NewImportRun) -> dict[str, Any]:
    return {
        "key": new_key(),
        "active_key": json.dumps([new.group, new.account_id, new.region, new.model_name]),
        "registration_key": new.registration_key,
        "group_name": new.group,
        "account_id": new.account_id,
        "region": new.region,
        "model_name": new.model_name,
        "state": ImportRunState.RUNNING.value,
        "phase": new.phase,
        "done": 0,
        "total": None,
        "started_by": new.started_by,
        "started_at": new.started_at,
        "wishes": new.wishes,
        "problems": [],
    }


def _problem_json(problem: ImportProblem) -> dict[str, object]:
    return asdict(problem) | {"kind": problem.kind.value}


def run_from_row(row: Row[Any]) -> ImportRun:
    """The run in a row of its table."""
    key = row.registration_key
    return ImportRun(
        id=encode_own_id("ImportRun", row.key),
        state=ImportRunState(row.state),
        phase=row.phase,
        done=row.done,
        total=row.total,
        group=row.group_name,
        account_id=row.account_id,
        region=row.region,
        model_name=row.model_name,
        registration_id=None if key is None else encode_own_id("Registration", key),
        started_by=row.started_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        wishes=row.wishes,
        problems=tuple(ImportProblem(**problem | {"kind": ElementKind(problem["kind"])}) for problem in row.problems),
    )


_CHANGE_COLUMNS = every_import_change.c


async def replace_changes(connection: Connection, run_key: str, changes: Sequence[ImportChange]) -> None:
    """Replace the changes of a run, so that a step that runs twice leaves the same rows.

    Raises:
        RegistryConflictError: There is no such run; raised at the end of the transaction at the latest.
    """
    for table, is_later in ((import_changes, False), (later_import_changes, True)):
        await connection.execute(delete(table).where(table.c.run_key == run_key))
        rows = [
            _change_row(run_key, ordinal, change)
            for ordinal, change in enumerate(changes)
            if (change.kind in LATER_ELEMENT_KINDS) is is_later
        ]
        if rows:
            await connection.execute(insert(table), rows)


async def changes_page(
    connection: Connection, run_key: str, first: int, after: int | None = None
) -> tuple[tuple[ImportChange, ...], bool]:
    """Return the `first` changes of a run behind number `after` (from 0), and whether there are more."""
    behind = _CHANGE_COLUMNS.ordinal > (-1 if after is None else after)
    statement = (
        select(every_import_change).where(_CHANGE_COLUMNS.run_key == run_key, behind).order_by(_CHANGE_COLUMNS.ordinal)
    )
    rows = (await connection.execute(statement.limit(first + 1))).all()
    return tuple(map(_change_from_row, rows[:first])), len(rows) > first


async def count_changes(connection: Connection, run_key: str) -> int:
    """Count the changes of a run."""
    return await count_rows(connection, every_import_change, _CHANGE_COLUMNS.run_key == run_key)


def _change_row(run_key: str, ordinal: int, change: ImportChange) -> dict[str, Any]:
    return {
        "run_key": run_key,
        "ordinal": ordinal,
        "kind": change.kind.value,
        "name": change.name,
        "arn": change.arn,
        "change": change.change.value,
        "match": change.match,
    }


def _change_from_row(row: Row[Any]) -> ImportChange:
    return ImportChange(ElementKind(row.kind), row.name, row.arn, ElementChange(row.change), row.match)
