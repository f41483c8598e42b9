"""The audit trail: who did what, as which role, to what, and what came of it."""

from datetime import datetime

import strawberry

from registry import journal
from resolvers import connections
from schema.fields import shown, shows
from schema.interfaces import Node
from schema.pages import CURSOR, EDGES, NODES, RegistryPage
from schema.registry_enums import AuditOutcome


@shows(journal.AuditEvent)
@strawberry.type(description="Something that somebody did through this gateway, or tried to; seen with AUDIT")
class AuditEvent(Node):
    """See registry.journal.AuditEvent."""

    at: datetime = shown("When")
    actor: str = shown("Who")
    group: str | None = shown("The group that they acted for; null where they acted for none")
    role_arn: str | None = shown("The AWS role that was taken for it, if any")
    action: str = shown("What they did: a mutation's name in this schema")
    target: str | None = shown("What they did it to: a kind and a name or id")
    outcome: AuditOutcome = shown("What it came to")
    detail: str | None = shown("What else there is to say, such as why it was refused")
    request_id: str | None = shown("The id of the request that asked for it, as its errors carry it")
    aws_request_ids: list[str] = shown("AWS's ids of the calls that changed something")


@shows(connections.Edge)
@strawberry.type(description="An event of the audit trail and its place in a list")
class AuditEventEdge:
    """An edge."""

    cursor: str = shown(CURSOR)
    node: AuditEvent = shown("The event")


@shows(connections.Connection)
@strawberry.type(description="A page of the audit trail")
class AuditEventConnection(RegistryPage):
    """A connection."""

    edges: list[AuditEventEdge] = shown(EDGES)
    nodes: list[AuditEvent] = shown(NODES)
