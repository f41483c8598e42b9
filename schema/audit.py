"""Audit events: types and filter."""

from datetime import datetime

import strawberry

from registry import records
from resolvers.audit import AuditEventQuery
from resolvers.lists import connections
from schema.connections import CURSOR_DESCRIPTION, EDGES_DESCRIPTION, NODES_DESCRIPTION, RegistryConnection
from schema.fields import attribute, backed_by
from schema.inputs import optional
from schema.interfaces import Node
from schema.registry_enums import AuditOutcome


@backed_by(records.AuditEvent)
@strawberry.type(description="Something that somebody did through this gateway, or tried to; seen with AUDIT")
class AuditEvent(Node):
    """See registry.records.AuditEvent."""

    at: datetime = attribute("When")
    actor: str = attribute("Who")
    group: str | None = attribute("The group that they acted for; null where they acted for none")
    role_arn: str | None = attribute("The AWS role that was taken for it, if any")
    action: str = attribute("What they did: a mutation's name in this schema")
    target: str | None = attribute("What they did it to: a kind and a name or id")
    outcome: AuditOutcome = attribute("What it came to")
    detail: str | None = attribute("What else there is to say, such as why it was refused")
    request_id: str | None = attribute("The id of the request that asked for it, as its errors carry it")
    aws_request_ids: list[str] = attribute("AWS's ids of the calls that changed something")


@backed_by(connections.Edge)
@strawberry.type(description="An event of the audit trail and its place in a list")
class AuditEventEdge:
    """An edge."""

    cursor: str = attribute(CURSOR_DESCRIPTION)
    node: AuditEvent = attribute("The event")


@backed_by(connections.Connection)
@strawberry.type(description="A page of the audit trail")
class AuditEventConnection(RegistryConnection):
    """A connection."""

    edges: list[AuditEventEdge] = attribute(EDGES_DESCRIPTION)
    nodes: list[AuditEvent] = attribute(NODES_DESCRIPTION)


@strawberry.input(description="Which events of the audit trail to list")
class AuditFilter:
    """See resolvers.audit.AuditEventQuery."""

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
