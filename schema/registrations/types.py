"""Registrations and imported elements: types and filter."""

from collections.abc import Hashable
from datetime import datetime
from typing import Annotated

import strawberry

from registry import records
from registry.enums import ElementKind
from registry.registrations import RegistrationOrderField
from resolvers.deployments.pages import deployments_of_registrations
from resolvers.imports.pages import runs_of_registrations
from resolvers.lists.filters import Direction
from resolvers.registrations import elements, model_relations, queries
from resolvers.registrations.queries import RegistrationQuery
from schema.assets.types import Asset, AssetRequirement
from schema.connections import RecordConnection
from schema.deployments.types import DeploymentConnection
from schema.enums import register_enum
from schema.fields import (
    After,
    First,
    Info,
    attribute,
    computed,
    page_arguments,
    record_connection,
    registry_relation,
    represents,
)
from schema.imports.types import ImportRunConnection
from schema.inputs import optional
from schema.interfaces import LazyModelByName, Node, Resource
from schema.jobs.enums import MatchReason
from schema.scalars import JSON


@strawberry.input(description="Filter of a list of registrations")
class RegistrationFilter:
    """See resolvers.registrations.queries.RegistrationQuery."""

    group: str | None = optional("The group that owns them")
    name_contains: str | None = optional("A part of the display name, or of the model's, in upper or lower case")

    def value(self) -> RegistrationQuery:
        """The filter's value."""
        return RegistrationQuery(group=self.group, name_contains=self.name_contains)


register_enum(
    RegistrationOrderField,
    "RegistrationOrderField",
    "The field that registrations are ordered by",
    {
        "IMPORTED": "By time of import",
        "SYNCED": "By time of the last sync",
        "DISPLAY_NAME": "By display name, in upper or lower case",
    },
)


@strawberry.input(description="The order of a list of registrations")
class RegistrationOrder:
    """See resolvers.registrations.queries.RegistrationOrder."""

    by: RegistrationOrderField | None = optional("The field to order by", RegistrationOrderField.IMPORTED)
    direction: Direction | None = optional("The direction of the order", Direction.DESC)

    def value(self) -> queries.RegistrationOrder:
        """The order's value; null means the default, as leaving it out does."""
        return queries.RegistrationOrder(self.by or RegistrationOrderField.IMPORTED, self.direction or Direction.DESC)


@represents(records.ImportedElement)
@strawberry.type(description="A SageMaker resource that an import or sync of a model has seen")
class ImportedElement(Node):
    """See registry.records.ImportedElement."""

    kind: ElementKind = attribute("The resource's kind")
    name: str = attribute("The resource's name")
    arn: str = attribute("The resource's ARN")
    match: MatchReason | None = computed(
        elements.match_reason, "The reason why a job belongs to the model; null for other kinds"
    )
    first_seen_at: datetime = attribute("The time at which it was first seen")
    last_seen_at: datetime = attribute("The time at which it was last seen")
    vanished_at: datetime | None = attribute("The time at which it was first found missing; null while it is there")
    resource: Resource = registry_relation(
        elements.element_resources, "The resource, read live if possible, else the stored copy with source REGISTRY"
    )


ImportedElementConnection = RecordConnection[ImportedElement]


KindsArgument = Annotated[
    list[ElementKind] | None, strawberry.argument(description="Only these kinds; left out: every kind")
]
VanishedArgument = Annotated[
    bool | None,
    strawberry.argument(description="True: only vanished ones; false: only present ones; left out: both"),
]


def _element_page(
    info: Info,
    first: First = 50,
    after: After = None,
    kinds: KindsArgument = None,
    vanished: VanishedArgument = None,
) -> tuple[Hashable, ...]:
    page = page_arguments(info.context, first, after, 50)
    return page, elements.ElementQuery(None if kinds is None else tuple(kinds), vanished)


@represents(records.Registration)
@strawberry.type(description="A SageMaker model that a group has imported (ModelOp's stored model)")
class Registration(Node):
    """See registry.records.Registration."""

    display_name: str = attribute("The name shown to people; the model's own if none was given")
    description: str | None = attribute("A description for people")
    group: str = attribute(
        "The group that owns the import. A group has one registration for each model ARN and creation "
        "time: a model made anew under an old name is another model"
    )
    model: LazyModelByName = registry_relation(
        model_relations.models_of_registrations,
        ("The model, read with the role of the group that owns the import; null if it is gone, or was made anew"),
    )
    model_name: str = attribute("The model's name")
    model_arn: str = attribute("The model's ARN")
    account_id: str = attribute("The model's AWS account")
    region: str = attribute("The model's AWS region")
    deployments: DeploymentConnection | None = record_connection(
        deployments_of_registrations, "The deployments of its snapshots, newest first"
    )
    imported_by: str = attribute("The caller who imported it")
    imported_at: datetime = attribute("The time at which it was imported")
    last_synced_at: datetime = attribute("The time of its last sync with AWS")
    custom_metadata: JSON = attribute("Custom metadata, as a JSON object")
    assets: list[Asset] = attribute("Its assets")
    required_assets: list[AssetRequirement] = attribute(
        "The assets that a deployment requires, and whether each is there"
    )
    elements: ImportedElementConnection | None = registry_relation(
        elements.element_pages,
        "One row for each SageMaker resource that an import or sync saw; vanished ones keep what was last read",
        _element_page,
    )
    import_runs: ImportRunConnection | None = record_connection(
        runs_of_registrations, "The runs that imported or synced it, newest first"
    )


RegistrationConnection = RecordConnection[Registration]
