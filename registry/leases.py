"""Leases: the right of one process at a time to do a piece of work. Each is one row.

Times come from PostgreSQL's clock, because its clients are many machines; SQLite is one machine, with one clock.
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
"""The end of a lease that was given back: long ago, so that nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it was acquired.

    Attributes:
        name: Its purpose, such as `executor/0198…`.
        holder: The id of its holder.
        fence: A number that grows with each new holder of the name, so that a late holder is recognized.
    """

    name: str
    holder: str
    fence: int


async def acquire(connection: Connection, name: str, holder: str, seconds: float) -> Lease | None:
    """Acquire the lease `name` for `seconds` if nobody holds it, or it has ended; None while anybody holds it."""
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
    """Extend a lease to `seconds` from now; False if it has another holder or none."""
    statement = update(leases).where(_matches_lease(lease)).values(until=_database_time(connection, seconds))
    return bool((await connection.execute(statement)).rowcount)


async def release(connection: Connection, lease: Lease) -> None:
    """End a lease at once, unless another holder has acquired it meanwhile."""
    await connection.execute(update(leases).where(_matches_lease(lease)).values(until=RELEASED_AT))


async def remove(connection: Connection, lease: Lease) -> None:
    """End a lease and delete its row, for a name that is used once; a lease of another holder stays."""
    await connection.execute(delete(leases).where(_matches_lease(lease)))


async def expired(connection: Connection, prefix: str, since: float) -> list[str]:
    """The names with a prefix of leases that ended at least `since` seconds ago, or were given back."""
    ended = leases.c.until <= _database_time(connection, -since)
    return await _names(connection, prefix, ended)


async def names(connection: Connection, prefix: str) -> list[str]:
    """All names of leases with this prefix, held or not."""
    return await _names(connection, prefix)


async def holders(connection: Connection, prefix: str) -> tuple[tuple[str, str], ...]:
    """The names with this prefix whose leases are held, each with its holder."""
    held = leases.c.name.startswith(prefix, autoescape=True) & (leases.c.until > _database_time(connection))
    rows = await connection.execute(select(leases.c.name, leases.c.holder).where(held).order_by(leases.c.name))
    return tuple((row.name, row.holder) for row in rows)


def is_held(connection: Connection, name: ColumnElement[str], since: float) -> ColumnElement[bool]:
    """The condition that the lease of a `name` is held, or was held less than `since` seconds ago."""
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
    """Give the moment `later` seconds from now. The clock is read when the statement runs."""
    if _is_postgresql(connection):
        return func.clock_timestamp() + literal(timedelta(seconds=later))
    return literal(datetime.now(UTC) + timedelta(seconds=later), Moment())
