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


@strawberry.input(description="Filter of a list of registrations; all entries apply")
class RegistrationFilter:
    """See resolvers.registrations.queries.RegistrationQuery."""

    group: str | None = optional("The group that owns the registration")
    name_contains: str | None = optional("A part of the display name or of the model's name; case is ignored")

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
        "DISPLAY_NAME": "By display name; case is ignored",
    },
)


@strawberry.input(description="The order of a list of registrations")
class RegistrationOrder:
    """See resolvers.registrations.queries.RegistrationOrder."""

    by: RegistrationOrderField | None = optional("The field that determines the order", RegistrationOrderField.IMPORTED)
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
        elements.match_reason, "The reason for which a job belongs to the model; null for other kinds"
    )
    first_seen_at: datetime = attribute("The time at which it was first seen")
    last_seen_at: datetime = attribute("The time at which it was last seen")
    vanished_at: datetime | None = attribute("The time at which a sync first missed it; null if it is there")
    resource: Resource = registry_relation(
        elements.element_resources, "The resource, read live if possible, else the stored copy with the source REGISTRY"
    )


ImportedElementConnection = RecordConnection[ImportedElement]


KindsArgument = Annotated[
    list[ElementKind] | None, strawberry.argument(description="Only these kinds; left out: every kind")
]
VanishedArgument = Annotated[
    bool | None,
    strawberry.argument(description="True for vanished elements only, false for present ones only; left out: both"),
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
@strawberry.type(
    description="A SageMaker model that a group has imported, with its assets and resources (a stored model of ModelOp)"
)
class Registration(Node):
    """See registry.records.Registration."""

    display_name: str = attribute("The name shown to people; the model's own name if none was given")
    description: str | None = attribute("A description for people; null for none")
    group: str = attribute(
        "The group that owns the registration. A group has one for each model ARN and "
        "creation time, so a model that was recreated under the same name is another one"
    )
    model: LazyModelByName = registry_relation(
        model_relations.models_of_registrations,
        ("The model, read with the AWS role of the owning group; null if it is gone, or was recreated"),
    )
    model_name: str = attribute("The model's name")
    model_arn: str = attribute("The ARN of the model")
    account_id: str = attribute("The AWS account of the model")
    region: str = attribute("The AWS region of the model")
    deployments: DeploymentConnection | None = record_connection(
        deployments_of_registrations, "The deployments of the model's snapshots, newest first"
    )
    imported_by: str = attribute("The caller who imported the model")
    imported_at: datetime = attribute("The time of the import")
    last_synced_at: datetime = attribute("The time of the last sync with AWS")
    custom_metadata: JSON = attribute("The custom metadata of the registration, a JSON object")
    assets: list[Asset] = attribute("The assets, by role and name")
    required_assets: list[AssetRequirement] = attribute(
        "The assets that a deployment requires, each with whether it is present"
    )
    elements: ImportedElementConnection | None = registry_relation(
        elements.element_pages,
        "The SageMaker resources that an import or sync has seen, one row each; a vanished "
        "one shows its last known state",
        _element_page,
    )
    import_runs: ImportRunConnection | None = record_connection(
        runs_of_registrations, "The import and sync runs of the model, newest first"
    )


RegistrationConnection = RecordConnection[Registration]
