"""The audit trail: who did what, as which role, to what, and what came of it."""

from datetime import datetime

import strawberry

from registry import journal
from resolvers import connections
from schema.fields import attribute, backed_by
from schema.interfaces import Node
from schema.pages import CURSOR_DESCRIPTION, EDGES_DESCRIPTION, NODES_DESCRIPTION, RegistryConnection
from schema.registry_enums import AuditOutcome


@backed_by(journal.AuditEvent)
@strawberry.type(description="Something that somebody did through this gateway, or tried to; seen with AUDIT")
class AuditEvent(Node):
    """See registry.journal.AuditEvent."""

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
