"""Filters of what the gateway remembers, each of which reads as a value of the layers below."""

from datetime import datetime

import strawberry

from resolvers.audit_events import WhichEvents
from resolvers.registrations import WhichRegistrations
from schema.input_fields import left_out
from schema.registry_enums import AuditOutcome


@strawberry.input(description="Which registrations to list")
class RegistrationFilter:
    """See resolvers.registrations.WhichRegistrations."""

    group: str | None = left_out("The group that owns them")
    name_contains: str | None = left_out("A part of the display name, or of the model's; upper and lower case differ")

    def value(self) -> WhichRegistrations:
        """The filter's value."""
        return WhichRegistrations(group=self.group, name_contains=self.name_contains)


@strawberry.input(description="Which events of the audit trail to list")
class AuditFilter:
    """See resolvers.audit_events.WhichEvents."""

    actor: str | None = left_out("Who did it, exactly")
    action: str | None = left_out("What they did, exactly: a mutation's name")
    outcome: AuditOutcome | None = left_out("What it came to")
    occurred_after: datetime | None = left_out("After this moment")
    occurred_before: datetime | None = left_out("Before this moment")

    def value(self) -> WhichEvents:
        """The filter's value."""
        return WhichEvents(
            actor=self.actor,
            action=self.action,
            outcome=self.outcome,
            occurred_after=self.occurred_after,
            occurred_before=self.occurred_before,
        )
