"""Audit trail of the groups for which the caller has AUDIT."""

from dataclasses import dataclass
from datetime import datetime

from auth.permissions import Permission
from registry import audit
from registry.audit import AuditCriteria
from registry.enums import AuditOutcome
from registry.records import AuditEvent
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.pages import page_of_records
from resolvers.request import Request
from resolvers.visibility import visible_owners


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEventQuery:
    """The filter of the audit trail (`AuditCriteria`). None lets every event through.

    Attributes:
        actor: The subject of the caller who did it.
        action: The name of the mutation.
        outcome: How it ended.
        occurred_after: The moment after which it happened, with an offset.
        occurred_before: The moment before which it happened, with an offset.

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


async def list_audit_events(request: Request, page: PageArguments, query: AuditEventQuery) -> Connection[AuditEvent]:
    """A page of the events that the query lets through, newest first, of the groups that the caller may AUDIT.

    Raises:
        auth.errors.UnauthenticatedError, auth.errors.ForbiddenError
        BadInputError: A cursor of another list.
    """
    groups = visible_owners(request, Permission.AUDIT)
    wanted = AuditCriteria(
        groups=groups,
        actor=query.actor,
        action=query.action,
        outcome=query.outcome,
        occurred_after=query.occurred_after,
        occurred_before=query.occurred_before,
    )
    cursors = CursorCodec(("Query.auditEvents", None if groups is None else tuple(sorted(groups)), query))
    after = cursors.decode_record(page.after)
    async with request.services.database.reading() as connection:
        result = await audit.page(connection, wanted, page.first, after)
        total = await audit.count(connection, wanted)
    return page_of_records(result, cursors, page.after, total)
