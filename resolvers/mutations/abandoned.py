"""Audit mutations whose process died before their outcome was recorded."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from registry import audit, audit_intents
from registry.audit_intents import AuditIntent
from registry.database import Database
from registry.enums import AuditOutcome

_log = logging.getLogger("sagegraph.audit")

INTERVAL_SECONDS: Final = 30.0
"""Seconds between two passes."""


@dataclass(frozen=True, slots=True)
class AbandonedMutations:
    """Audits mutations that were begun by a process which is dead.

    Attributes:
        database: The registry.
        dead_after_seconds: The seconds after the end of its lease from which a process is held to be dead.
    """

    database: Database
    dead_after_seconds: float = 60.0

    async def run_once(self) -> None:
        """Append an event for each intent of a dead process, once. Raises RegistryError."""
        async with self.database.reading() as connection:
            intents = await audit_intents.abandoned(connection, self.dead_after_seconds)
        for intent in intents:
            async with self.database.writing() as connection:
                # Its process may only have slept, and have kept the event meanwhile.
                if await audit_intents.end(connection, intent.key):
                    await audit.append(connection, _event(intent))
                    _log.warning(
                        "The outcome of %s in the request %s is unknown: its process ended.",
                        intent.action,
                        intent.request_id,
                    )


def _event(intent: AuditIntent) -> audit.NewAuditEvent:
    begun = intent.at.isoformat(timespec="seconds")
    return audit.NewAuditEvent(
        at=datetime.now(UTC),
        actor=intent.actor,
        group=intent.group,
        action=intent.action,
        outcome=AuditOutcome.FAILED,
        detail=f"Begun at {begun}; the gateway ended before it knew the outcome. The change may have been made, wholly "
        "or in part: look at the resource itself, and at AWS CloudTrail.",
        request_id=intent.request_id,
    )
