"""Inputs: filters and orders, each of which reads as a value of the layers below."""

from datetime import datetime
from typing import Any, TypeVar

import strawberry

from resolvers import filters
from schema.enums import Direction, JobStatus, JobType, OrderField, RuntimeStatus
from schema.input_fields import optional, required

ItemT = TypeVar("ItemT")


@strawberry.input(description="A tag that must be there")
class TagFilter:
    """See resolvers.filters.TagFilter."""

    key: str = required("The tag's key")
    values: list[str] | None = optional("Any of these values; none given: the key is there")

    def value(self) -> filters.TagFilter:
        """The filter's value."""
        return filters.TagFilter(self.key, tuple_or_none(self.values))


@strawberry.input
class ResourceFilterFields:
    name_contains: str | None = optional("A part of the name, as it is spelled; upper and lower case differ")
    created_after: datetime | None = optional("Created after this moment")
    created_before: datetime | None = optional("Created before this moment")
    tags: list[TagFilter] | None = optional(
        "Tags that must all be there; each costs a call for each resource looked at"
    )

    def shared_fields(self) -> dict[str, Any]:
        """What all filters have."""
        return {
            "name_contains": self.name_contains,
            "created_after": self.created_after,
            "created_before": self.created_before,
            "tags": tuple_or_none([tag.value() for tag in self.tags]) if self.tags else None,
        }


@strawberry.input(description="Which models to list")
class ModelFilter(ResourceFilterFields):
    """See resolvers.filters.ModelFilter."""

    imported: bool | None = optional("Whether the acting group has a registration of the model")

    def value(self) -> filters.ModelFilter:
        """The filter's value."""
        return filters.ModelFilter(**self.shared_fields(), imported=self.imported)


@strawberry.input(description="Which snapshots to list")
class SnapshotFilter(ResourceFilterFields):
    """See resolvers.filters.SnapshotFilter."""

    model_name: str | None = optional("A model that any variant or instance pool names")

    def value(self) -> filters.SnapshotFilter:
        """The filter's value."""
        return filters.SnapshotFilter(**self.shared_fields(), model_name=self.model_name)


@strawberry.input(description="Which runtimes to list")
class RuntimeFilter(ResourceFilterFields):
    """See resolvers.filters.RuntimeFilter."""

    status: list[RuntimeStatus] | None = optional("Any of these statuses")
    snapshot_name: str | None = optional("The snapshot that it runs")
    model_name: str | None = optional("A model that its snapshot names")

    def value(self) -> filters.RuntimeFilter:
        """The filter's value."""
        return filters.RuntimeFilter(
            **self.shared_fields(),
            status=tuple_or_none(self.status),
            snapshot_name=self.snapshot_name,
            model_name=self.model_name,
        )


@strawberry.input(description="Which jobs to list")
class JobFilter(ResourceFilterFields):
    """See resolvers.filters.JobFilter."""

    type: JobType | None = optional("The kind of job")
    status: list[JobStatus] | None = optional("Any of these statuses")
    model_name: str | None = optional("The model that the job made or uses")

    def value(self) -> filters.JobFilter:
        """The filter's value."""
        return filters.JobFilter(
            **self.shared_fields(), type=self.type, status=tuple_or_none(self.status), model_name=self.model_name
        )


@strawberry.input(description="The order of a list")
class ResourceOrder:
    """See resolvers.filters.ResourceOrder."""

    by: OrderField | None = optional("What to order by", OrderField.CREATION_TIME)
    direction: Direction | None = optional("Which end comes first", Direction.DESC)

    def value(self) -> filters.ResourceOrder:
        """The order's value; null means the default, as leaving it out does."""
        return filters.ResourceOrder(self.by or OrderField.CREATION_TIME, self.direction or Direction.DESC)


def tuple_or_none(values: list[ItemT] | None) -> tuple[ItemT, ...] | None:
    return None if values is None else tuple(values)
