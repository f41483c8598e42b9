"""Filter fields and order that every resource list shares."""

from datetime import datetime
from typing import Annotated, Any, TypeVar

import strawberry

from resolvers.lists import filters
from resolvers.lists.filters import Direction, OrderField
from resolvers.lists.merged_list import ListScope
from schema.enums import register_enum
from schema.inputs import optional, required

register_enum(
    OrderField,
    "ResourceOrderField",
    "The field that resources are ordered by",
    {"NAME": "By name", "CREATION_TIME": "By time of creation, then by name"},
)
register_enum(
    Direction,
    "OrderDirection",
    "The direction of an order",
    {"ASC": "The smallest or oldest first", "DESC": "The largest or newest first"},
)

register_enum(
    ListScope,
    "ListScope",
    "The groups and regions that a list covers",
    {
        "ACTING": "One group and region: `group` and `region`, or the acting group and its role's default region",
        "MINE": (
            "Each group and region of the caller that has a role, merged in one order; `group` "
            "and `region` narrow it. An ARN is listed once, for the first of `me.roles` that "
            "lists it. If a group and region cannot be read, `scopes` has the reason, "
            "`totalCount` and `completeAsOf` are null, and the others are listed. The cost of the "
            "field is multiplied by the number of groups and regions"
        ),
    },
)
Scope = Annotated[ListScope | None, strawberry.argument(description="The groups and regions that the list covers")]

ItemT = TypeVar("ItemT")


@strawberry.input(description="A tag that the resource must have")
class TagFilter:
    """See resolvers.lists.filters.TagFilter."""

    key: str = required("The tag's key")
    values: list[str] | None = optional("Any of these values; empty or left out: any value")

    def value(self) -> filters.TagFilter:
        """The filter's value."""
        return filters.TagFilter(self.key, tuple_or_none(self.values))


@strawberry.input
class ResourceFilterFields:
    """Fields that every filter of AWS resources has."""

    name_contains: str | None = optional("A part of the name; case is ignored")
    created_after: datetime | None = optional("Created after this moment")
    created_before: datetime | None = optional("Created before this moment")
    tags: list[TagFilter] | None = optional(
        "Tags that the resource must all have. Tags that are not known cost a call for each "
        "checked resource, or for a hundred if the role may call tag:GetResources"
    )

    def shared_fields(self) -> dict[str, Any]:
        """The fields that all filters share."""
        return {
            "name_contains": self.name_contains,
            "created_after": self.created_after,
            "created_before": self.created_before,
            "tags": tuple_or_none([tag.value() for tag in self.tags]) if self.tags else None,
        }


@strawberry.input(description="The order of a list of resources")
class ResourceOrder:
    """See resolvers.lists.filters.ResourceOrder."""

    by: OrderField | None = optional("The field that determines the order", OrderField.CREATION_TIME)
    direction: Direction | None = optional("The direction of the order", Direction.DESC)

    def value(self) -> filters.ResourceOrder:
        """The order's value; null means the default, as leaving it out does."""
        return filters.ResourceOrder(self.by or OrderField.CREATION_TIME, self.direction or Direction.DESC)


def tuple_or_none(values: list[ItemT] | None) -> tuple[ItemT, ...] | None:
    """Freeze the values of a list argument; null stays null."""
    return None if values is None else tuple(values)
