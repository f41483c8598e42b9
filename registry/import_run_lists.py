"""Lists of import and sync runs as clients see them, and the first pages of many lists at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, select, true

from registry.database import Connection
from registry.enums import ImportRunState
from registry.import_runs import run_from_row
from registry.pages import (
    FirstPage,
    KeyedLists,
    KeysetOrder,
    KeysetPosition,
    Page,
    VisibleGroups,
    first_pages_of,
    in_groups,
    page_of,
)
from registry.queries import count_rows
from registry.records import ImportRun
from registry.tables import import_runs
from registry.upserts import chunks

_COLUMNS = import_runs.c
_ORDER: Final = KeysetOrder(_COLUMNS.started_at, _COLUMNS.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRunCriteria:
    """Criteria of runs.

    Attributes:
        groups: The groups whose runs match.
        states: Their states; None for any.
        registration_key: The key of the registration that they import into; None for any.
    """

    groups: VisibleGroups
    states: Collection[ImportRunState] | None = None
    registration_key: str | None = None


async def page(
    connection: Connection, criteria: ImportRunCriteria, first: int, after: KeysetPosition | None = None
) -> Page[ImportRun]:
    """A page of the runs, the last started first."""
    statement = select(import_runs).where(_condition(criteria))
    return await page_of(connection, statement, _ORDER, run_from_row, first, after)


async def count(connection: Connection, criteria: ImportRunCriteria) -> int:
    """Count the runs that match the criteria."""
    return await count_rows(connection, import_runs, _condition(criteria))


async def first_pages_of_registrations(
    connection: Connection, keys: Collection[str], first: int
) -> Mapping[str, FirstPage[ImportRun]]:
    """The `first` last started runs of each registration, by its key."""
    pages: dict[str, FirstPage[ImportRun]] = {}
    for part in chunks(list(dict.fromkeys(keys))):
        members = select(import_runs).where(_COLUMNS.registration_key.in_(part))
        lists = KeyedLists(select(import_runs), members, (_COLUMNS.registration_key,), _ORDER)
        owners = [(key,) for key in part]
        known = await first_pages_of(connection, lists, owners, run_from_row, first)
        pages |= {key: known[owner] for key, owner in zip(part, owners, strict=True)}
    return pages


def _condition(criteria: ImportRunCriteria) -> ColumnElement[bool]:
    states, registration = criteria.states, criteria.registration_key
    return and_(
        in_groups(_COLUMNS.group_name, criteria.groups),
        true() if states is None else _COLUMNS.state.in_([state.value for state in states]),
        true() if registration is None else _COLUMNS.registration_key == registration,
    )
