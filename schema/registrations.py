"""Registrations: imported models."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from registry import records
from resolvers import connections, elements, imported_models
from resolvers.deployments import of_registrations
from schema.assets import Asset, AssetRequirement
from schema.deployments import DeploymentConnection
from schema.elements import ImportedElementConnection
from schema.fields import After, First, Info, computed, page_arguments, shown, shows
from schema.interfaces import Node
from schema.pages import CURSOR, EDGES, NODES, RegistryPage, registry_page
from schema.parts import NamedModel
from schema.registry_enums import ElementKind
from schema.scalars import JSON

Kinds = Annotated[list[ElementKind] | None, strawberry.argument(description="Of these kinds; left out: of any")]
Vanished = Annotated[
    bool | None,
    strawberry.argument(description="True: only what has vanished; false: only what has not; left out: both"),
]


def _elements(
    root: records.Registration,
    info: Info,
    first: First = 50,
    after: After = None,
    kinds: Kinds = None,
    vanished: Vanished = None,
) -> Any:
    request = info.context
    page = page_arguments(request, first, after, 50)
    which = elements.WhichElements(None if kinds is None else tuple(kinds), vanished)
    return request.batcher.load(elements.pages, request, root, page, which)


def _model(root: records.Registration, info: Info) -> Any:
    return info.context.batcher.load(imported_models.models, info.context, root)


@shows(records.Registration)
@strawberry.type(description="A SageMaker model that a group has imported (ModelOp's stored model)")
class Registration(Node):
    """See registry.records.Registration."""

    display_name: str = shown("The name that people know it by; the model's own where they gave none")
    description: str | None = shown("What it is, in people's words")
    group: str = shown(
        "The group that owns the import; unique per group, model ARN and creation time: a name reused is a new model"
    )
    model: NamedModel = computed(
        _model, "The model, read as the group that owns the import; null where it is gone, or was made anew"
    )
    model_name: str = shown("The model's name")
    model_arn: str = shown("The model's ARN")
    account_id: str = shown("The model's AWS account")
    region: str = shown("The model's AWS region")
    deployments: DeploymentConnection | None = registry_page(
        of_registrations, "The deployments of its snapshots, newest first"
    )
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


@shows(connections.Edge)
@strawberry.type(description="A registration and its place in a list")
class RegistrationEdge:
    """An edge."""

    cursor: str = shown(CURSOR)
    node: Registration = shown("The registration")


@shows(connections.Connection)
@strawberry.type(description="A page of registrations")
class RegistrationConnection(RegistryPage):
    """A connection."""

    edges: list[RegistrationEdge] = shown(EDGES)
    nodes: list[Registration] = shown(NODES)
