"""Leases: who may do what only one process may. Each is one row; its `fence` grows with each new holder.

Moments are the database's own on PostgreSQL, where many machines meet; SQLite is one machine, with one clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, literal, select, update

from registry.column_types import Moment
from registry.database import Connection
from registry.tables import leases
from registry.upserts import insert

RELEASED_AT: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""A lease that was given back reads as one that ended long ago, so nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it was taken.

    Attributes:
        name: What it is for, such as `executor/0198…`.
        holder: Who has taken it.
        fence: Grows with each new holder of the name, so that a late one can be told.
    """

    name: str
    holder: str
    fence: int


async def acquire(connection: Connection, name: str, holder: str, seconds: float) -> Lease | None:
    """Takes a lease that nobody holds, or that has ended; None while it is held, by whomever."""
    wanted = insert(connection, leases).values(
        name=name, holder=holder, until=_database_time(connection, seconds), fence=1
    )
    statement = wanted.on_conflict_do_update(
        index_elements=[leases.c.name],
        set_={"holder": wanted.excluded.holder, "until": wanted.excluded.until, "fence": leases.c.fence + 1},
        where=leases.c.until <= _database_time(connection),
    ).returning(leases.c.fence)
    fence = (await connection.execute(statement)).scalar()
    return None if fence is None else Lease(name, holder, fence)


async def renew(connection: Connection, lease: Lease, seconds: float) -> bool:
    """Extend a lease to `seconds` from now; False if another holder has it, or nobody."""
    statement = update(leases).where(_matches_lease(lease)).values(until=_database_time(connection, seconds))
    return bool((await connection.execute(statement)).rowcount)


async def release(connection: Connection, lease: Lease) -> None:
    """Ends a lease at once. One that somebody else has taken meanwhile stays theirs."""
    await connection.execute(update(leases).where(_matches_lease(lease)).values(until=RELEASED_AT))


async def remove(connection: Connection, lease: Lease) -> None:
    """Ends a lease and forgets its name, which nobody will take again. Somebody else's stays."""
    await connection.execute(delete(leases).where(_matches_lease(lease)))


async def expired(connection: Connection, prefix: str, since: float) -> list[str]:
    """The names with a prefix of leases that ended at least `since` seconds ago, or were given back."""
    ended = leases.c.until <= _database_time(connection, -since)
    return await _names(connection, prefix, ended)


async def names(connection: Connection, prefix: str) -> list[str]:
    """All names with this prefix, held or not."""
    return await _names(connection, prefix)


async def holders(connection: Connection, prefix: str) -> tuple[tuple[str, str], ...]:
    """The names with this prefix whose leases are held, each with its holder."""
    held = leases.c.name.startswith(prefix, autoescape=True) & (leases.c.until > _database_time(connection))
    rows = await connection.execute(select(leases.c.name, leases.c.holder).where(held).order_by(leases.c.name))
    return tuple((row.name, row.holder) for row in rows)


def is_held(connection: Connection, name: ColumnElement[str], since: float) -> ColumnElement[bool]:
    """The condition that the lease of a name is held, or was held less than `since` seconds ago."""
    return (leases.c.name == name) & (leases.c.until > _database_time(connection, -since))


async def _names(connection: Connection, prefix: str, *which: ColumnElement[bool]) -> list[str]:
    wanted = select(leases.c.name).where(leases.c.name.startswith(prefix, autoescape=True), *which)
    return list((await connection.execute(wanted.order_by(leases.c.name))).scalars())


def _matches_lease(lease: Lease) -> ColumnElement[bool]:
    same: ColumnElement[bool] = leases.c.name == lease.name
    return same & (leases.c.holder == lease.holder) & (leases.c.fence == lease.fence)


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _database_time(connection: Connection, later: float = 0) -> ColumnElement[datetime]:
    """Give the moment so many seconds from now. The clock is read when the statement runs."""
    if _is_postgresql(connection):
        return func.clock_timestamp() + literal(timedelta(seconds=later))
    return literal(datetime.now(UTC) + timedelta(seconds=later), Moment())
