"""Tickets about deployments: recorded first, then filed in the tracker, and closed once nothing is left to do."""

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
    """A ticket in the form that its workflow uses.

    Attributes:
        number: Its number among all tickets of this registry.
        deployment_key: The key of the deployment that it is about.
        attempt: The deployment's attempt that it is about.
        kind: Its purpose.
        key: Its key in the tracker; None until it is filed.
        url: Its page there; None if it has none.
        status: Its status there.
        tries: The number of failed tries to file it.
        intended_at: The time at which it was recorded.
        sent_at: The time at which it was last sent to the tracker, or was about to be; None if it was not.
        astray_at: The time at which it was last not found there, and sent again or given up: an earlier one may yet
            appear. None if that never happened, or is settled.
        closed: True if nothing is left to do with it.
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
    """A filed ticket.

    Attributes:
        key: Its key in the tracker.
        url: Its page; None if it has none.
        status: Its status, in the tracker's own word.
    """

    key: str
    url: str | None
    status: str


async def create(connection: Connection, deployment_key: str, attempt: int, kind: TicketKind, at: datetime) -> None:
    """Record that a ticket of this kind is to be filed for an attempt; a repeated call changes nothing."""
    row = {"deployment_key": deployment_key, "attempt": attempt, "kind": kind.value, "status": UNFILED_STATUS}
    written = insert(connection, tickets).values(**row, intended_at=at, tries=0)
    await connection.execute(written.on_conflict_do_nothing(index_elements=["deployment_key", "attempt", "kind"]))


async def unfiled_tickets(connection: Connection) -> tuple[TicketRow, ...]:
    """The tickets that are to be filed, or may have been filed without a record of their key, oldest first."""
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
    """The ticket of this number; None if there is none."""
    rows = await _rows(connection, _COLUMNS.number == number)
    return rows[0] if rows else None


async def mark_filed(connection: Connection, number: int, ticket: FiledTicket, at: datetime) -> bool:
    """Record a filed ticket's key and address; False if they were recorded before. A closed ticket stays closed."""
    status = case((_COLUMNS.closed_at.is_(None), ticket.status), else_=_COLUMNS.status)
    values = {"ticket_key": ticket.key, "url": ticket.url, "status": status, "filed_at": at}
    unfiled = and_(_COLUMNS.number == number, _COLUMNS.filed_at.is_(None))
    changed = update(tickets).where(unfiled).values(**values).returning(_COLUMNS.deployment_key)
    return await _note_changes(connection, changed)


async def mark_sent(connection: Connection, number: int, last_sent_at: datetime | None, at: datetime | None) -> bool:
    """Record that a ticket is about to be sent, or, with `at` None, that it was not; False if another call did.

    A ticket that is sent again is astray from then on, even if the second sending turns out to have failed.

    Args:
        connection: A transaction.
        number: The ticket's number.
        last_sent_at: The time of the last sending, as it was read; None for the first.
        at: The present time; None if it was not sent.
    """
    last = _COLUMNS.sent_at.is_(None) if last_sent_at is None else _COLUMNS.sent_at == last_sent_at
    unfiled = and_(_COLUMNS.number == number, _COLUMNS.filed_at.is_(None), last)
    values = {"sent_at": at}
    if last_sent_at is not None and at is not None and at > last_sent_at:
        values["astray_at"] = at
    return (await connection.execute(update(tickets).where(unfiled).values(values))).rowcount > 0


async def give_up(connection: Connection, ticket: TicketRow, at: datetime) -> None:
    """Record that a ticket that is no longer needed was not found in the tracker; it is astray from then on."""
    sent = _COLUMNS.sent_at == ticket.sent_at
    condition = and_(_COLUMNS.number == ticket.number, _COLUMNS.filed_at.is_(None), sent)
    await connection.execute(update(tickets).where(condition).values(sent_at=None, astray_at=at))


async def possible_duplicates(connection: Connection) -> tuple[TicketRow, ...]:
    """The astray tickets that no other work looks at, the oldest first.

    Other work looks at tickets that are to be filed, or that wait for a decision.
    """
    over = or_(_COLUMNS.closed_at.is_not(None), _COLUMNS.kind == TicketKind.NOTIFICATION.value)
    unwatched = or_(_COLUMNS.filed_at.is_not(None), _COLUMNS.sent_at.is_(None))
    return await _rows(connection, and_(_COLUMNS.astray_at.is_not(None), over, unwatched))


async def clear_astray(connection: Connection, ticket: TicketRow) -> None:
    """Record that a ticket is no longer astray, unless it was sent again meanwhile."""
    condition = and_(_COLUMNS.number == ticket.number, _COLUMNS.astray_at == ticket.astray_at)
    await connection.execute(update(tickets).where(condition).values(astray_at=None))


async def count_attempt(connection: Connection, number: int, tries: int) -> bool:
    """Count a failed try to file a ticket; False if `tries` is no longer the number of failures."""
    condition = and_(_COLUMNS.number == number, _COLUMNS.filed_at.is_(None), _COLUMNS.tries == tries)
    return (await connection.execute(update(tickets).where(condition).values(tries=tries + 1))).rowcount > 0


async def set_status(connection: Connection, number: int, status: str) -> None:
    """Set the status of a filed ticket, unless it is closed."""
    condition = and_(_COLUMNS.number == number, _COLUMNS.closed_at.is_(None))
    await _note_changes(
        connection, update(tickets).where(condition).values(status=status).returning(_COLUMNS.deployment_key)
    )


async def close(
    connection: Connection, deployment_key: str, attempt: int, kind: TicketKind, status: str, at: datetime
) -> None:
    """Close a ticket with this status; one that was never filed never will be.

    A ticket in another system keeps the status that it has there.
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
    """Run a statement that changes tickets, and note their deployments as changed; False if there are none."""
    keys = (await connection.execute(statement)).scalars().all()
    for key in keys:
        await note_change(connection, "Deployment", key)
    return bool(keys)


async def of_deployments(connection: Connection, keys: Collection[str]) -> Mapping[str, tuple[Ticket, ...]]:
    """The filed tickets of each deployment by its key, the oldest first."""
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
