"""Tickets about deployments: intended first, filed by whoever keeps them, and closed once all is said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, and_, case, or_, select, update

from registry.changes import note_change
from registry.database import Connection
from registry.deployment_records import Ticket
from registry.deployment_tables import tickets
from registry.enums import TicketKind
from registry.upserts import chunks, insert

_COLUMNS = tickets.c
UNFILED_STATUS = "Intended"
"""The status of a ticket that is yet to be filed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRow:
    """A ticket as its work sees it.

    Attributes:
        number: Its number among all tickets of this registry.
        deployment_key: The deployment that it is about.
        attempt: The deployment's attempt that it is about.
        kind: What it is for.
        key: Its key where it was filed; None where it was not yet.
        url: Its page there.
        status: Its status there.
        tries: How often it was tried to file it.
        intended_at: Since when it is to be filed.
        sent_at: When it was last sent to whoever keeps tickets, or was about to be; None where it was not.
        astray_at: When it was last not found there, and sent again or given up, though an earlier sending may yet show;
            None where that was never so, or is settled.
        closed: Whether nothing more is done with it.
    """

    number: int
    deployment_key: str
    attempt: int
    kind: TicketKind
    key: str | None
    url: str | None
    status: str
    tries: int
    intended_at: datetime
    sent_at: datetime | None
    astray_at: datetime | None
    closed: bool

    @property
    def is_unfiled(self) -> bool:
        """Tell whether it is to be filed, or may have been filed without its key being recorded."""
        return self.key is None and (not self.closed or self.sent_at is not None)


@dataclass(frozen=True, slots=True)
class FiledTicket:
    """A filed ticket: its key, its page, and its status in the tracker's own word."""

    key: str
    url: str | None
    status: str


async def create(connection: Connection, deployment_key: str, attempt: int, kind: TicketKind, at: datetime) -> None:
    """Record that a ticket is to be filed; a repeated call changes nothing."""
    row = {"deployment_key": deployment_key, "attempt": attempt, "kind": kind.value, "status": UNFILED_STATUS}
    written = insert(connection, tickets).values(**row, intended_at=at, tries=0)
    await connection.execute(written.on_conflict_do_nothing(index_elements=["deployment_key", "attempt", "kind"]))


async def unfiled_tickets(connection: Connection) -> tuple[TicketRow, ...]:
    """The tickets that are to be filed, or may have been without anybody's knowing their keys, the oldest first."""
    wanted = or_(_COLUMNS.closed_at.is_(None), _COLUMNS.sent_at.is_not(None))
    return await _rows(connection, and_(_COLUMNS.filed_at.is_(None), wanted))


async def open_approvals(connection: Connection) -> tuple[TicketRow, ...]:
    """The filed tickets that ask for a decision and have none yet, the oldest first."""
    asked = _COLUMNS.kind == TicketKind.APPROVAL.value
    return await _rows(connection, and_(asked, _COLUMNS.filed_at.is_not(None), _COLUMNS.closed_at.is_(None)))


async def of_attempt(connection: Connection, deployment_key: str, attempt: int) -> tuple[TicketRow, ...]:
    """The tickets of a deployment's attempt, the oldest first."""
    return await _rows(connection, and_(_COLUMNS.deployment_key == deployment_key, _COLUMNS.attempt == attempt))


async def by_number(connection: Connection, number: int) -> TicketRow | None:
    """The ticket of this number; None where there is none."""
    rows = await _rows(connection, _COLUMNS.number == number)
    return rows[0] if rows else None


async def mark_filed(connection: Connection, number: int, ticket: FiledTicket, at: datetime) -> bool:
    """Record a filed ticket's key and address; False if it was recorded before. A closed ticket stays closed."""
    status = case((_COLUMNS.closed_at.is_(None), ticket.status), else_=_COLUMNS.status)
    values = {"ticket_key": ticket.key, "url": ticket.url, "status": status, "filed_at": at}
    unfiled = and_(_COLUMNS.number == number, _COLUMNS.filed_at.is_(None))
    changed = update(tickets).where(unfiled).values(**values).returning(_COLUMNS.deployment_key)
    return await _note_changes(connection, changed)


async def mark_sent(connection: Connection, number: int, last_sent_at: datetime | None, at: datetime | None) -> bool:
    """Notes that a ticket is about to be sent, before it is, or with None that it was not; one of many does.

    One that is sent again is astray from then on, also where that turns out not to have been done.

    Args:
        connection: A transaction.
        number: The ticket's number.
        last_sent_at: When it was last sent, as it was read.
        at: When it is sent now.
    """
    last = _COLUMNS.sent_at.is_(None) if last_sent_at is None else _COLUMNS.sent_at == last_sent_at
    unfiled = and_(_COLUMNS.number == number, _COLUMNS.filed_at.is_(None), last)
    values = {"sent_at": at}
    if last_sent_at is not None and at is not None and at > last_sent_at:
        values["astray_at"] = at
    return (await connection.execute(update(tickets).where(unfiled).values(values))).rowcount > 0


async def give_up(connection: Connection, ticket: TicketRow, at: datetime) -> None:
    """Notes that a ticket that is not wanted any more was not found; it is astray from then on."""
    sent = _COLUMNS.sent_at == ticket.sent_at
    condition = and_(_COLUMNS.number == ticket.number, _COLUMNS.filed_at.is_(None), sent)
    await connection.execute(update(tickets).where(condition).values(sent_at=None, astray_at=at))


async def possible_duplicates(connection: Connection) -> tuple[TicketRow, ...]:
    """The tickets that may be there without anybody's knowing, and that nobody looks at any more, the oldest first.

    Those that are to be filed, or that ask for a decision still, are looked at as such.
    """
    over = or_(_COLUMNS.closed_at.is_not(None), _COLUMNS.kind == TicketKind.NOTIFICATION.value)
    unwatched = or_(_COLUMNS.filed_at.is_not(None), _COLUMNS.sent_at.is_(None))
    return await _rows(connection, and_(_COLUMNS.astray_at.is_not(None), over, unwatched))


async def clear_astray(connection: Connection, ticket: TicketRow) -> None:
    """Notes that a ticket is astray no longer, unless it was sent again meanwhile."""
    condition = and_(_COLUMNS.number == ticket.number, _COLUMNS.astray_at == ticket.astray_at)
    await connection.execute(update(tickets).where(condition).values(astray_at=None))


async def count_attempt(connection: Connection, number: int, tries: int) -> bool:
    """Notes that a ticket could not be filed, this time; False where that was noted before."""
    condition = and_(_COLUMNS.number == number, _COLUMNS.filed_at.is_(None), _COLUMNS.tries == tries)
    return (await connection.execute(update(tickets).where(condition).values(tries=tries + 1))).rowcount > 0


async def set_status(connection: Connection, number: int, status: str) -> None:
    """Set the status of a filed ticket, unless the gateway has finished with it."""
    condition = and_(_COLUMNS.number == number, _COLUMNS.closed_at.is_(None))
    await _note_changes(
        connection, update(tickets).where(condition).values(status=status).returning(_COLUMNS.deployment_key)
    )


async def close(
    connection: Connection, deployment_key: str, attempt: int, kind: TicketKind, status: str, at: datetime
) -> None:
    """Note that nothing more is done with a ticket, and its status; one that was never filed never is.

    A ticket that was sent to another system keeps the status that it has there.
    """
    condition = and_(
        _COLUMNS.deployment_key == deployment_key,
        _COLUMNS.attempt == attempt,
        _COLUMNS.kind == kind.value,
        _COLUMNS.closed_at.is_(None),
    )
    filed_elsewhere = and_(_COLUMNS.sent_at.is_not(None), _COLUMNS.filed_at.is_not(None))
    stored = case((filed_elsewhere, _COLUMNS.status), else_=status)
    await connection.execute(update(tickets).where(condition).values(status=stored, closed_at=at))


async def _note_changes(connection: Connection, statement: Executable) -> bool:
    """Change tickets and note the deployments that they are of; False if there are none."""
    keys = (await connection.execute(statement)).scalars().all()
    for key in keys:
        await note_change(connection, "Deployment", key)
    return bool(keys)


async def of_deployments(connection: Connection, keys: Collection[str]) -> Mapping[str, tuple[Ticket, ...]]:
    """The filed tickets of each of these deployments, the oldest first."""
    result: dict[str, list[Ticket]] = {key: [] for key in keys}
    for part in chunks(list(keys)):
        statement = select(tickets).where(_COLUMNS.deployment_key.in_(part), _COLUMNS.ticket_key.is_not(None))
        for row in await connection.execute(statement.order_by(_COLUMNS.number)):
            ticket = Ticket(row.ticket_key, row.url, row.status, TicketKind(row.kind))
            result[row.deployment_key].append(ticket)
    return {key: tuple(rows) for key, rows in result.items()}


async def _rows(connection: Connection, condition: Any) -> tuple[TicketRow, ...]:
    return tuple(
        map(_ticket_from_row, await connection.execute(select(tickets).where(condition).order_by(_COLUMNS.number)))
    )


def _ticket_from_row(row: Row[Any]) -> TicketRow:
    return TicketRow(
        number=row.number,
        deployment_key=row.deployment_key,
        attempt=row.attempt,
        kind=TicketKind(row.kind),
        key=row.ticket_key,
        url=row.url,
        status=row.status,
        tries=row.tries,
        intended_at=row.intended_at,
        sent_at=row.sent_at,
        astray_at=row.astray_at,
        closed=row.closed_at is not None,
    )
