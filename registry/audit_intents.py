"""Intents: recorded before a change begins, and removed with the event that tells its outcome.

An intent whose process has died is all that is left of a change, which may have been done; see `abandoned`.
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
        key: Its key, see `ids.new_key`.
        at: When it begins.
        actor: Who asks for it.
        group: The group that they act for, as far as it is known before the change has been looked at.
        action: The mutation's name.
        request_id: The request that it is part of.
        lease: The name of the lease that its process has for as long as it lives.
    """

    key: str
    at: datetime
    actor: str
    group: str | None
    action: str
    request_id: str
    lease: str


async def begin(connection: Connection, intent: AuditIntent) -> None:
    """Keeps an intent. Where this succeeds, an event could be kept too."""
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
    """Delete an intent in the transaction that appends its event; False if it was declared abandoned before."""
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
