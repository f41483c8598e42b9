"""Imported elements: each resource that an import or sync of a model has seen."""

from datetime import datetime
from typing import Any

import strawberry

from registry import records
from resolvers import connections, elements
from schema.enums import MatchReason
from schema.fields import Info, attribute, backed_by, computed
from schema.interfaces import Node, Resource
from schema.pages import CURSOR_DESCRIPTION, EDGES_DESCRIPTION, NODES_DESCRIPTION, RegistryConnection
from schema.registry_enums import ElementKind


def _resource(root: records.ImportedElement, info: Info) -> Any:
    return info.context.batcher.load(elements.element_resources, info.context, root)


@backed_by(records.ImportedElement)
@strawberry.type(description="A SageMaker resource that an import or sync of a model has seen")
class ImportedElement(Node):
    """See registry.records.ImportedElement."""

    kind: ElementKind = attribute("The resource's kind")
    name: str = attribute("The resource's name")
    arn: str = attribute("The resource's ARN")
    match: MatchReason | None = computed(
        elements.match_reason, "Why a job belongs to the model; null for what is no job"
    )
    first_seen_at: datetime = attribute("When it was first seen")
    last_seen_at: datetime = attribute("When it was last seen")
    vanished_at: datetime | None = attribute("When it was first missed; null while it is there")
    resource: Resource = computed(
        _resource, "The resource, read live where it can be, else the stored copy with source REGISTRY"
    )


@backed_by(connections.Edge)
@strawberry.type(description="An imported element and its place in a list")
class ImportedElementEdge:
    """An edge."""

    cursor: str = attribute(CURSOR_DESCRIPTION)
    node: ImportedElement = attribute("The element")


@backed_by(connections.Connection)
@strawberry.type(description="A page of imported elements")
class ImportedElementConnection(RegistryConnection):
    """A connection."""

    edges: list[ImportedElementEdge] = attribute(EDGES_DESCRIPTION)
    nodes: list[ImportedElement] = attribute(NODES_DESCRIPTION)
