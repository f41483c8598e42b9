"""Imported elements: each resource that an import or sync of a model has seen."""

from datetime import datetime
from typing import Any

import strawberry

from registry import records
from resolvers import connections, elements
from schema.enums import MatchReason
from schema.fields import Info, computed, shown, shows
from schema.interfaces import Node, Resource
from schema.pages import CURSOR, EDGES, NODES, RegistryPage
from schema.registry_enums import ElementKind


def _resource(root: records.ImportedElement, info: Info) -> Any:
    return info.context.batcher.load(elements.resources, info.context, root)


@shows(records.ImportedElement)
@strawberry.type(description="A SageMaker resource that an import or sync of a model has seen")
class ImportedElement(Node):
    """See registry.records.ImportedElement."""

    kind: ElementKind = shown("The resource's kind")
    name: str = shown("The resource's name")
    arn: str = shown("The resource's ARN")
    match: MatchReason | None = computed(
        elements.match_reason, "Why a job belongs to the model; null for what is no job"
    )
    first_seen_at: datetime = shown("When it was first seen")
    last_seen_at: datetime = shown("When it was last seen")
    vanished_at: datetime | None = shown("When it was first missed; null while it is there")
    resource: Resource = computed(
        _resource, "The resource, read live where it can be, else the stored copy with source REGISTRY"
    )


@shows(connections.Edge)
@strawberry.type(description="An imported element and its place in a list")
class ImportedElementEdge:
    """An edge."""

    cursor: str = shown(CURSOR)
    node: ImportedElement = shown("The element")


@shows(connections.Connection)
@strawberry.type(description="A page of imported elements")
class ImportedElementConnection(RegistryPage):
    """A connection."""

    edges: list[ImportedElementEdge] = shown(EDGES)
    nodes: list[ImportedElement] = shown(NODES)
