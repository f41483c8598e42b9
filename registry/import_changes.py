"""What the runs of imports found, element by element, in the order in which it was written down."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from registry.database import Connection
from registry.journal import ImportChange
from registry.tables import import_changes
from registry.words import ElementChange, ElementKind

_CHANGE_COLUMNS = import_changes.c


async def replace_changes(connection: Connection, run_key: str, changes: Sequence[ImportChange]) -> None:
    """Keeps all that a run found, in the place of what was kept of it: a step that runs twice leaves the same.

    Raises ConflictError where there is no such run, when the transaction ends, at the latest.
    """
    await connection.execute(delete(import_changes).where(_CHANGE_COLUMNS.run_key == run_key))
    if changes:
        rows = [_change_row(run_key, ordinal, change) for ordinal, change in enumerate(changes)]
        await connection.execute(insert(import_changes), rows)


async def changes_page(
    connection: Connection, run_key: str, first: int, after: int | None = None
) -> tuple[tuple[ImportChange, ...], bool]:
    """So many changes behind the one of this number (from 0), and whether there are more."""
    behind = _CHANGE_COLUMNS.ordinal > (-1 if after is None else after)
    theirs = select(import_changes).where(_CHANGE_COLUMNS.run_key == run_key, behind).order_by(_CHANGE_COLUMNS.ordinal)
    rows = (await connection.execute(theirs.limit(first + 1))).all()
    return tuple(map(_change_from_row, rows[:first])), len(rows) > first


async def count_changes(connection: Connection, run_key: str) -> int:
    """How many there are."""
    counted = select(func.count()).select_from(import_changes).where(_CHANGE_COLUMNS.run_key == run_key)
    return (await connection.execute(counted)).scalar_one()


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
