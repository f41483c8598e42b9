"""Snapshots of imported models that were seen before, so that each counts as new once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from registry.database import Connection
from registry.deployment_tables import watch_marks
from registry.tables import registrations
from registry.upserts import chunks, insert

_COLUMNS = watch_marks.c

SeenSnapshot = tuple[str, datetime]
"""A snapshot: its name, and its creation time, because names are reused."""


@dataclass(frozen=True, slots=True)
class WatchedRegistration:
    """A registration whose model is watched.

    Attributes:
        key: The key of its row.
        model_name: The model's name.
    """

    key: str
    model_name: str


async def mark_seen(connection: Connection, registration_key: str, snapshots: Collection[SeenSnapshot]) -> None:
    """Mark snapshots of a registration's model as seen; a repeated call changes nothing."""
    for part in chunks(list(snapshots)):
        rows = [
            {"registration_key": registration_key, "snapshot_name": name, "snapshot_created_at": created}
            for name, created in part
        ]
        await connection.execute(insert(connection, watch_marks).on_conflict_do_nothing(), rows)


async def of_registrations(connection: Connection, keys: Collection[str]) -> Mapping[str, frozenset[SeenSnapshot]]:
    """The marked snapshots of each registration, by its key."""
    result: dict[str, set[SeenSnapshot]] = {key: set() for key in keys}
    for part in chunks(list(keys)):
        for row in await connection.execute(select(watch_marks).where(_COLUMNS.registration_key.in_(part))):
            result[row.registration_key].add((row.snapshot_name, row.snapshot_created_at))
    return {key: frozenset(rows) for key, rows in result.items()}


async def watched_scopes(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    """The group, account and region of all registrations, each combination once."""
    columns = (registrations.c.group_name, registrations.c.account_id, registrations.c.region)
    rows = await connection.execute(select(*columns).distinct().order_by(*columns))
    return tuple((row.group_name, row.account_id, row.region) for row in rows)


async def watched_registrations(
    connection: Connection, group: str, account_id: str, region: str
) -> tuple[WatchedRegistration, ...]:
    """The registrations of a group in an account and region, the first imported first."""
    columns = registrations.c
    here = (columns.group_name == group, columns.account_id == account_id, columns.region == region)
    statement = select(columns.key, columns.model_name).where(*here).order_by(columns.key)
    return tuple(WatchedRegistration(row.key, row.model_name) for row in await connection.execute(statement))
