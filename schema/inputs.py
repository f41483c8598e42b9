"""Inputs: filters and orders, each of which reads as a value of the layers below."""

from datetime import datetime
from typing import Any, TypeVar

import strawberry

from resolvers import filters
from schema.enums import Direction, JobStatus, JobType, OrderField, RuntimeStatus
from schema.input_fields import left_out, needed

Value = TypeVar("Value")


@strawberry.input(description="A tag that must be there")
class TagFilter:
    """See resolvers.filters.TagFilter."""

    key: str = needed("The tag's key")
    values: list[str] | None = left_out("Any of these values; none given: the key is there")

    def value(self) -> filters.TagFilter:
        """The filter's value."""
        return filters.TagFilter(self.key, _tuple(self.values))


@strawberry.input
class _ResourceFilter:
    name_contains: str | None = left_out("A part of the name, as it is spelled; upper and lower case differ")
    created_after: datetime | None = left_out("Created after this moment")
    created_before: datetime | None = left_out("Created before this moment")
    tags: list[TagFilter] | None = left_out(
        "Tags that must all be there; each costs a call for each resource looked at"
    )

    def common(self) -> dict[str, Any]:
        """What all filters have."""
        return {
            "name_contains": self.name_contains,
            "created_after": self.created_after,
            "created_before": self.created_before,
            "tags": _tuple([tag.value() for tag in self.tags]) if self.tags else None,
        }


@strawberry.input(description="Which models to list")
class ModelFilter(_ResourceFilter):
    """See resolvers.filters.ModelFilter."""

    imported: bool | None = left_out("Whether the acting group has a registration of the model")

    def value(self) -> filters.ModelFilter:
        """The filter's value."""
        return filters.ModelFilter(**self.common(), imported=self.imported)


@strawberry.input(description="Which snapshots to list")
class SnapshotFilter(_ResourceFilter):
    """See resolvers.filters.SnapshotFilter."""

    model_name: str | None = left_out("A model that any variant or instance pool names")

    def value(self) -> filters.SnapshotFilter:
        """The filter's value."""
        return filters.SnapshotFilter(**self.common(), model_name=self.model_name)


@strawberry.input(description="Which runtimes to list")
class RuntimeFilter(_ResourceFilter):
    """See resolvers.filters.RuntimeFilter."""

    status: list[RuntimeStatus] | None = left_out("Any of these statuses")
    snapshot_name: str | None = left_out("The snapshot that it runs")
    model_name: str | None = left_out("A model that its snapshot names")

    def value(self) -> filters.RuntimeFilter:
        """The filter's value."""
        return filters.RuntimeFilter(
            **self.common(),
            status=_tuple(self.status),
            snapshot_name=self.snapshot_name,
            model_name=self.model_name,
        )


@strawberry.input(description="Which jobs to list")
class JobFilter(_ResourceFilter):
    """See resolvers.filters.JobFilter."""

    type: JobType | None = left_out("The kind of job")
    status: list[JobStatus] | None = left_out("Any of these statuses")
    model_name: str | None = left_out("The model that the job made or uses")

    def value(self) -> filters.JobFilter:
        """The filter's value."""
        return filters.JobFilter(
            **self.common(), type=self.type, status=_tuple(self.status), model_name=self.model_name
        )


@strawberry.input(description="The order of a list")
class ResourceOrder:
    """See resolvers.filters.ResourceOrder."""

    by: OrderField | None = left_out("What to order by", OrderField.CREATION_TIME)
    direction: Direction | None = left_out("Which end comes first", Direction.DESC)

    def value(self) -> filters.ResourceOrder:
        """The order's value; null means the default, as leaving it out does."""
        return filters.ResourceOrder(self.by or OrderField.CREATION_TIME, self.direction or Direction.DESC)


def _tuple(values: list[Value] | None) -> tuple[Value, ...] | None:
    return None if values is None else tuple(values)
