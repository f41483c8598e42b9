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
        "SUCCEEDED": "The action was done",
        "REFUSED": "The action was not allowed, by the gateway or by AWS",
        "FAILED": "The action was allowed, and failed; see `AuditEvent.detail`",
    },
)


WORKFLOW_ACTIONS: Final = (
    *("deployment.verify", "deployment.rehearse", "deployment.compare", "deployment.approve", "deployment.launch"),
    *("deployment.settle", "deployment.cancel", "deployment.stop", "deployment.delete"),
    *("deployment.write-back", "import.fail"),
)
"""The actions that the gateway does in somebody's name after the mutation that asked for them."""


@represents(records.AuditEvent)
@strawberry.type(description="An action through this gateway, done or attempted")
class AuditEvent(Node):
    """See registry.records.AuditEvent."""

    at: datetime = attribute("The time of the action")
    actor: str = attribute("The name of the caller who acted, or for whom the gateway acted")
    group: str | None = attribute("The group that the caller acted for; null for none")
    role_arn: str | None = attribute("The ARN of the AWS role that was assumed for the action; null for none")
    action: str = attribute(
        f"The action: the name of a mutation; for a later step of the gateway {', '.join(WORKFLOW_ACTIONS)}; for a "
        "failed deployment `deployment.` and the state in which it failed, such as deployment.verifying"
    )
    target: str | None = attribute("The kind of the target, with its name or id; null for none")
    outcome: AuditOutcome = attribute("The outcome of the action")
    detail: str | None = attribute("Further facts, such as the reason of a refusal; null for none")
    request_id: str | None = attribute(
        "The id of the request, as errors and the log carry it; null for a later step of the gateway"
    )
    aws_request_ids: list[str] = attribute("AWS's request ids of the calls that changed something")


AuditEventConnection = RecordConnection[AuditEvent]


@strawberry.input(description="Filter of the audit trail; all entries apply")
class AuditFilter:
    """See resolvers.audit.AuditEventQuery."""

    actor: str | None = optional("The exact name of the caller")
    action: str | None = optional("The exact action, as in `AuditEvent.action`")
    outcome: AuditOutcome | None = optional("The outcome of the action")
    occurred_after: datetime | None = optional("Only actions after this moment")
    occurred_before: datetime | None = optional("Only actions before this moment")

    def value(self) -> AuditEventQuery:
        """The filter's value."""
        return AuditEventQuery(
            actor=self.actor,
            action=self.action,
            outcome=self.outcome,
            occurred_after=self.occurred_after,
            occurred_before=self.occurred_before,
        )
