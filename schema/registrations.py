"""Registrations: imported models, and each resource that an import has seen."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from registry import records
from resolvers import connections
from resolvers.registry import match_reason, nothing_yet
from schema.assets import Asset, AssetRequirement
from schema.deployments import DeploymentConnection
from schema.enums import MatchReason
from schema.fields import After, First, Info, computed, page_arguments, shown, shows
from schema.interfaces import Node, Resource
from schema.pages import CURSOR, EDGES, NODES, RegistryPage, registry_page
from schema.parts import NamedModel
from schema.registry_enums import ElementKind
from schema.scalars import JSON

Kinds = Annotated[list[ElementKind] | None, strawberry.argument(description="Of these kinds; left out: of any")]
Vanished = Annotated[
    bool | None,
    strawberry.argument(description="True: only what has vanished; false: only what has not; left out: both"),
]


@shows(records.ImportedElement)
@strawberry.type(description="A SageMaker resource that an import or sync of a model has seen")
class ImportedElement(Node):
    """See registry.records.ImportedElement."""

    kind: ElementKind = shown("The resource's kind")
    name: str = shown("The resource's name")
    arn: str = shown("The resource's ARN")
    match: MatchReason | None = computed(match_reason, "Why a job belongs to the model; null for what is no job")
    first_seen_at: datetime = shown("When it was first seen")
    last_seen_at: datetime = shown("When it was last seen")
    vanished_at: datetime | None = shown("When it was first missed; null while it is there")
    resource: Resource = computed(
        nothing_yet, "The resource, read live where it can be, else the stored copy with source REGISTRY"
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


def _elements(
    info: Info, first: First = 50, after: After = None, kinds: Kinds = None, vanished: Vanished = None
) -> Any:
    page_arguments(info.context, first, after, 50)
    return nothing_yet()


@shows(records.Registration)
@strawberry.type(description="A SageMaker model that a group has imported (ModelOp's stored model)")
class Registration(Node):
    """See registry.records.Registration."""

    display_name: str = shown("The name that people know it by; the model's own where they gave none")
    description: str | None = shown("What it is, in people's words")
    group: str = shown(
        "The group that owns the import; unique per group, model ARN and creation time: a name reused is a new model"
    )
    model: NamedModel = computed(nothing_yet, "The model; null where it is gone")
    model_name: str = shown("The model's name")
    model_arn: str = shown("The model's ARN")
    account_id: str = shown("The model's AWS account")
    region: str = shown("The model's AWS region")
    deployments: DeploymentConnection | None = registry_page("The deployments of its snapshots, newest first")
    imported_by: str = shown("Who imported it")
    imported_at: datetime = shown("When it was imported")
    last_synced_at: datetime = shown("When AWS was last looked at for it")
    custom_metadata: JSON = shown("What people keep with it, as a JSON object")
    assets: list[Asset] = shown("Its assets")
    required_assets: list[AssetRequirement] = shown("The assets that a deployment asks for, and whether each is there")
    elements: ImportedElementConnection | None = computed(
        _elements,
        "One row for each SageMaker resource that an import or sync saw; vanished ones keep what was last read",
    )
