"""Intents: recorded before a change begins, and removed with the event that tells its outcome.

An intent whose process has died is the only trace of its change, which may have happened; see `abandoned`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, insert, select

from registry import leases
from registry.database import Connection
from registry.storable_text import replace_unstorable
from registry.tables import audit_intents

_COLUMNS = audit_intents.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditIntent:
    """A change that is about to begin.

    Attributes:
        key: The key of its row, from `ids.new_key`.
        at: The time at which the change begins.
        actor: The caller who asks for it.
        group: The group that the caller acts for; None if it is not known before the change begins.
        action: The mutation's name.
        request_id: The id of the request.
        lease: The name of the lease that its process holds until its end.
    """

    key: str
    at: datetime
    actor: str
    group: str | None
    action: str
    request_id: str
    lease: str


async def begin(connection: Connection, intent: AuditIntent) -> None:
    """Insert an intent. If this succeeds, the database could also keep the event."""
    row = {
        "key": intent.key,
        "at": intent.at,
        "actor": replace_unstorable(intent.actor),
        "group_name": None if intent.group is None else replace_unstorable(intent.group),
        "action": intent.action,
        "request_id": replace_unstorable(intent.request_id),
        "lease": intent.lease,
    }
    await connection.execute(insert(audit_intents).values(row))


async def end(connection: Connection, key: str) -> bool:
    """Delete the intent `key`, in the transaction that appends its event; False if it was declared abandoned before."""
    return bool((await connection.execute(delete(audit_intents).where(_COLUMNS.key == key))).rowcount)


async def abandoned(connection: Connection, seconds: float) -> Sequence[AuditIntent]:
    """The intents of processes whose leases ended at least `seconds` ago, oldest first."""
    rows = await connection.execute(
        select(audit_intents)
        .where(~exists().where(leases.is_held(connection, _COLUMNS.lease, seconds)))
        .order_by(_COLUMNS.at, _COLUMNS.key)
    )
    return tuple(
        AuditIntent(
            key=row.key,
            at=row.at,
            actor=row.actor,
            group=row.group_name,
            action=row.action,
            request_id=row.request_id,
            lease=row.lease,
        )
        for row in rows
    )
