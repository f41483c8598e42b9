"""Registrations and imported elements: types and filter."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from registry import records
from resolvers.deployments.pages import deployments_of_registrations
from resolvers.lists import connections
from resolvers.registrations import elements, model_relations
from resolvers.registrations.queries import RegistrationQuery
from schema.assets.types import Asset, AssetRequirement
from schema.connections import (
    CURSOR_DESCRIPTION,
    EDGES_DESCRIPTION,
    NODES_DESCRIPTION,
    RegistryConnection,
    registry_connection,
)
from schema.deployments.types import DeploymentConnection
from schema.enums import MatchReason
from schema.fields import After, First, Info, attribute, backed_by, computed, page_arguments
from schema.inputs import optional
from schema.interfaces import LazyModelByName, Node, Resource
from schema.registry_enums import ElementKind
from schema.scalars import JSON


@strawberry.input(description="Which registrations to list")
class RegistrationFilter:
    """See resolvers.registrations.queries.RegistrationQuery."""

    group: str | None = optional("The group that owns them")
    name_contains: str | None = optional("A part of the display name, or of the model's; upper and lower case differ")

    def value(self) -> RegistrationQuery:
        """The filter's value."""
        return RegistrationQuery(group=self.group, name_contains=self.name_contains)


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


KindsArgument = Annotated[list[ElementKind] | None, strawberry.argument(description="Of these kinds; left out: of any")]
VanishedArgument = Annotated[
    bool | None,
    strawberry.argument(description="True: only what has vanished; false: only what has not; left out: both"),
]


def _elements(
    root: records.Registration,
    info: Info,
    first: First = 50,
    after: After = None,
    kinds: KindsArgument = None,
    vanished: VanishedArgument = None,
) -> Any:
    request = info.context
    page = page_arguments(request, first, after, 50)
    which = elements.ElementQuery(None if kinds is None else tuple(kinds), vanished)
    return request.batcher.load(elements.element_pages, request, root, page, which)


def _model(root: records.Registration, info: Info) -> Any:
    return info.context.batcher.load(model_relations.models_of_registrations, info.context, root)


@backed_by(records.Registration)
@strawberry.type(description="A SageMaker model that a group has imported (ModelOp's stored model)")
class Registration(Node):
    """See registry.records.Registration."""

    display_name: str = attribute("The name that people know it by; the model's own where they gave none")
    description: str | None = attribute("What it is, in people's words")
    group: str = attribute(
        "The group that owns the import; unique per group, model ARN and creation time: a name reused is a new model"
    )
    model: LazyModelByName = computed(
        _model, "The model, read as the group that owns the import; null where it is gone, or was made anew"
    )
    model_name: str = attribute("The model's name")
    model_arn: str = attribute("The model's ARN")
    account_id: str = attribute("The model's AWS account")
    region: str = attribute("The model's AWS region")
    deployments: DeploymentConnection | None = registry_connection(
        deployments_of_registrations, "The deployments of its snapshots, newest first"
    )
    imported_by: str = attribute("Who imported it")
    imported_at: datetime = attribute("When it was imported")
    last_synced_at: datetime = attribute("When AWS was last looked at for it")
    custom_metadata: JSON = attribute("What people keep with it, as a JSON object")
    assets: list[Asset] = attribute("Its assets")
    required_assets: list[AssetRequirement] = attribute(
        "The assets that a deployment asks for, and whether each is there"
    )
    elements: ImportedElementConnection | None = computed(
        _elements,
        "One row for each SageMaker resource that an import or sync saw; vanished ones keep what was last read",
    )


@backed_by(connections.Edge)
@strawberry.type(description="A registration and its place in a list")
class RegistrationEdge:
    """An edge."""

    cursor: str = attribute(CURSOR_DESCRIPTION)
    node: Registration = attribute("The registration")


@backed_by(connections.Connection)
@strawberry.type(description="A page of registrations")
class RegistrationConnection(RegistryConnection):
    """A connection."""

    edges: list[RegistrationEdge] = attribute(EDGES_DESCRIPTION)
    nodes: list[Registration] = attribute(NODES_DESCRIPTION)
