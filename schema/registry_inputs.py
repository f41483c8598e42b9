"""Filters of what the gateway remembers, each of which reads as a value of the layers below."""

from datetime import datetime

import strawberry

from resolvers.audit_events import AuditEventQuery
from resolvers.registrations import RegistrationQuery
from schema.input_fields import optional
from schema.registry_enums import AuditOutcome


@strawberry.input(description="Which registrations to list")
class RegistrationFilter:
    """See resolvers.registrations.WhichRegistrations."""

    group: str | None = optional("The group that owns them")
    name_contains: str | None = optional("A part of the display name, or of the model's; upper and lower case differ")

    def value(self) -> RegistrationQuery:
        """The filter's value."""
        return RegistrationQuery(group=self.group, name_contains=self.name_contains)


@strawberry.input(description="Which events of the audit trail to list")
class AuditFilter:
    """See resolvers.audit_events.WhichEvents."""

    actor: str | None = optional("Who did it, exactly")
    action: str | None = optional("What they did, exactly: a mutation's name")
    outcome: AuditOutcome | None = optional("What it came to")
    occurred_after: datetime | None = optional("After this moment")
    occurred_before: datetime | None = optional("Before this moment")

    def value(self) -> AuditEventQuery:
        """The filter's value."""
        return AuditEventQuery(
            actor=self.actor,
            action=self.action,
            outcome=self.outcome,
            occurred_after=self.occurred_after,
            occurred_before=self.occurred_before,
        )
