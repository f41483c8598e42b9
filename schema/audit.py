"""Audit events: types and filter."""

from datetime import datetime
from typing import Final

import strawberry

from registry import records
from registry.enums import AuditOutcome
from resolvers.audit import AuditEventQuery
from schema.connections import RecordConnection
from schema.enums import register_enum
from schema.fields import attribute, represents
from schema.inputs import optional
from schema.interfaces import Node

register_enum(
    AuditOutcome,
    "AuditOutcome",
    "The outcome of an audited action",
    {
        "SUCCEEDED": "It was done",
        "REFUSED": "It was not allowed, by the gateway or by AWS",
        "FAILED": "It was allowed, and failed; see detail",
    },
)


WORKFLOW_ACTIONS: Final = (
    *("deployment.verify", "deployment.rehearse", "deployment.compare", "deployment.approve", "deployment.launch"),
    *("deployment.settle", "deployment.cancel", "deployment.stop", "deployment.delete", "import.fail"),
)
"""The actions that the gateway does in somebody's name after the mutation that asked for them."""


@represents(records.AuditEvent)
@strawberry.type(description="An action through this gateway, done or attempted; takes AUDIT")
class AuditEvent(Node):
    """See registry.records.AuditEvent."""

    at: datetime = attribute("The time of the event")
    actor: str = attribute("The caller's name")
    group: str | None = attribute("The group that they acted for; null if they acted for none")
    role_arn: str | None = attribute("The AWS role that was assumed for it, if any")
    action: str = attribute(
        f"The action: a mutation's name in this schema, or {', '.join(WORKFLOW_ACTIONS)}, or `deployment.` with the "
        "state in which one failed"
    )
    target: str | None = attribute("The target of the action: a kind and a name or id")
    outcome: AuditOutcome = attribute("The outcome")
    detail: str | None = attribute("Further facts, such as the reason of a refusal")
    request_id: str | None = attribute("The id of the request that asked for it, as its errors carry it")
    aws_request_ids: list[str] = attribute("AWS's ids of the calls that changed something")


AuditEventConnection = RecordConnection[AuditEvent]


@strawberry.input(description="Filter of the audit trail")
class AuditFilter:
    """See resolvers.audit.AuditEventQuery."""

    actor: str | None = optional("The caller's exact name")
    action: str | None = optional("The exact action, as `AuditEvent.action` has it")
    outcome: AuditOutcome | None = optional("The outcome")
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
