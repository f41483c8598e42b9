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
    "The origin of shown facts",
    {
        "LIVE": "From AWS, for this request",
        "CACHE": "From an earlier reading of AWS by this gateway",
        "REGISTRY": "From the stored copy of an import, because AWS does not show the resource any more",
    },
)

if TYPE_CHECKING:
    from schema.models import Model


LazyModelByName = Annotated["Model", strawberry.lazy("schema.models")] | None


def _source(root: Any, info: Info) -> Any:
    return stored.source_of(info.context, root)


@strawberry.interface(description="A thing with an opaque id, which Query.node reads again")
class Node:
    """Relay's Node."""

    id: strawberry.ID = attribute(
        "The opaque id. A SageMaker resource has one for each group that reads it, so compare resources by `arn`"
    )


@strawberry.interface(
    description="A SageMaker resource. Fields that its list lacks cost a call to describe it, the "
    "answer of which is kept"
)
class Resource(Node):
    """The fields that all kinds share."""

    name: str = attribute("The name, unique per kind, account and region")
    arn: str = attribute("The Amazon Resource Name (ARN)")
    account_id: str = attribute("The AWS account")
    region: str = attribute("The AWS region")
    creation_time: datetime | None = attribute("The time of creation")
    tags: list[Tag] | None = relation(
        lookups.tags,
        "The tags, sorted by key. Tags that are not known cost a call for each resource, or "
        "for a hundred if the role may call tag:GetResources",
    )
    console_url: str | None = attribute(
        "The address of the resource's page in the AWS console; null in a partition without a console"
    )
    as_of: datetime = attribute("The time at which the resource was last read from AWS")
    group: str | None = attribute(
        "The group whose role read the resource; name it in mutations on the resource. Null for a caller without groups"
    )
    source: Source = computed(_source, "The origin of the shown facts")


LazyModels = list[Annotated["Model", strawberry.lazy("schema.models")] | None] | None
