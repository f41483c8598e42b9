"""Interfaces Node and Resource."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from resolvers import lookups
from resolvers.views import stored
from resolvers.views.stored import Source
from schema.enums import register_enum
from schema.fields import Info, attribute, computed, relation
from schema.value_types import Tag

register_enum(
    Source,
    "Source",
    "The origin of a reading",
    {
        "LIVE": "From AWS, for this request",
        "CACHE": "From an earlier reading of AWS by this gateway",
        "REGISTRY": "From the stored copy of an import, because AWS does not show it any more",
    },
)

if TYPE_CHECKING:
    from schema.models import Model


LazyModelByName = Annotated["Model", strawberry.lazy("schema.models")] | None


def _source(root: Any, info: Info) -> Any:
    return stored.source_of(info.context, root)


@strawberry.interface(description="Anything with an id")
class Node:
    """Relay's Node."""

    id: strawberry.ID = attribute(
        "The opaque id; for a SageMaker resource one for each group that reads it, so compare resources by `arn`"
    )


@strawberry.interface(description="A SageMaker resource")
class Resource(Node):
    """The fields that all kinds share."""

    name: str = attribute("The name, unique per kind, account and region")
    arn: str = attribute("The Amazon Resource Name")
    account_id: str = attribute("The AWS account")
    region: str = attribute("The AWS region")
    creation_time: datetime | None = attribute("The time at which it was created")
    tags: list[Tag] | None = relation(lookups.tags, "The tags, sorted by key")
    console_url: str | None = attribute(
        "The resource's page in the AWS console of its own partition; null if that partition has none"
    )
    as_of: datetime = attribute("The time at which this was last read from AWS")
    group: str | None = attribute(
        "The group whose role read this; mutations on it name this group. Null for a caller without groups"
    )
    source: Source = computed(_source, "The origin of this reading")


LazyModels = list[Annotated["Model", strawberry.lazy("schema.models")] | None] | None
