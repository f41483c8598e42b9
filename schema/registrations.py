"""Registrations: imported models."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from registry import records
from resolvers import connections, elements, imported_models
from resolvers.deployments import deployments_of_registrations
from schema.assets import Asset, AssetRequirement
from schema.deployments import DeploymentConnection
from schema.elements import ImportedElementConnection
from schema.fields import After, First, Info, attribute, backed_by, computed, page_arguments
from schema.interfaces import Node
from schema.pages import (
    CURSOR_DESCRIPTION,
    EDGES_DESCRIPTION,
    NODES_DESCRIPTION,
    RegistryConnection,
    registry_connection,
)
from schema.parts import LazyModelByName
from schema.registry_enums import ElementKind
from schema.scalars import JSON

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
    return info.context.batcher.load(imported_models.models_of_registrations, info.context, root)


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
