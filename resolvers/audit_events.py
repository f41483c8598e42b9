"""The audit trail, for those who may read it: events of their groups, and of the groups that they are over."""

from dataclasses import dataclass
from datetime import datetime

from auth.permissions import Permission
from registry import audit
from registry.audit import AuditFilter
from registry.journal import AuditEvent
from registry.words import AuditOutcome
from resolvers.connections import Connection, PageArguments
from resolvers.errors import BadInputError
from resolvers.owners import visible_owners
from resolvers.record_pages import RecordCursors, record_page
from resolvers.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichEvents:
    """Which events (`AuditFilter`); times are exclusive.

    Raises:
        BadInputError: A time without an offset.
    """

    actor: str | None = None
    action: str | None = None
    outcome: AuditOutcome | None = None
    occurred_after: datetime | None = None
    occurred_before: datetime | None = None

    def __post_init__(self) -> None:
        for name, moment in (("occurredAfter", self.occurred_after), ("occurredBefore", self.occurred_before)):
            if moment is not None and moment.tzinfo is None:
                raise BadInputError(f"`filter.{name}` needs an offset, such as 2026-01-31T12:00:00Z.")


async def page(request: Request, asked: PageArguments, which: WhichEvents) -> Connection[AuditEvent]:
    """A page of the events, newest first.

    Raises:
        auth.errors.UnauthenticatedError, auth.errors.ForbiddenError
        BadInputError: A cursor of another list.
    """
    groups = visible_owners(request, Permission.AUDIT)
    wanted = AuditFilter(
        groups=groups,
        actor=which.actor,
        action=which.action,
        outcome=which.outcome,
        occurred_after=which.occurred_after,
        occurred_before=which.occurred_before,
    )
    cursors = RecordCursors(("Query.auditEvents", None if groups is None else tuple(sorted(groups)), which))
    after = cursors.place(asked.after)
    async with request.services.database.reading() as connection:
        found = await audit.page(connection, wanted, asked.first, after)
        total = await audit.count(connection, wanted)
    return record_page(found, cursors, asked.after, total)
