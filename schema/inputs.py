"""Inputs: filters and orders, each of which reads as a value of the layers below."""

from datetime import datetime
from typing import Any, TypeVar

import strawberry

from resolvers import filters
from schema.enums import Direction, JobStatus, JobType, OrderField, RuntimeStatus

Value = TypeVar("Value")


def _input(description: str) -> Any:
    return strawberry.field(description=description, default=None)


@strawberry.input(description="A tag that must be there")
class TagFilter:
    """See resolvers.filters.TagFilter."""

    key: str = strawberry.field(description="The tag's key")
    values: list[str] | None = _input("Any of these values; none given: the key is there")

    def value(self) -> filters.TagFilter:
        """The filter's value."""
        return filters.TagFilter(self.key, _tuple(self.values))


@strawberry.input
class _ResourceFilter:
    name_contains: str | None = _input("A part of the name, as it is spelled; upper and lower case differ")
    created_after: datetime | None = _input("Created after this moment")
    created_before: datetime | None = _input("Created before this moment")
    tags: list[TagFilter] | None = _input("Tags that must all be there; each costs a call for each resource looked at")

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

    imported: bool | None = _input("Whether the acting group has a registration of the model")

    def value(self) -> filters.ModelFilter:
        """The filter's value."""
        return filters.ModelFilter(**self.common(), imported=self.imported)


@strawberry.input(description="Which snapshots to list")
class SnapshotFilter(_ResourceFilter):
    """See resolvers.filters.SnapshotFilter."""

    model_name: str | None = _input("A model that any variant or instance pool names")

    def value(self) -> filters.SnapshotFilter:
        """The filter's value."""
        return filters.SnapshotFilter(**self.common(), model_name=self.model_name)


@strawberry.input(description="Which runtimes to list")
class RuntimeFilter(_ResourceFilter):
    """See resolvers.filters.RuntimeFilter."""

    status: list[RuntimeStatus] | None = _input("Any of these statuses")
    snapshot_name: str | None = _input("The snapshot that it runs")
    model_name: str | None = _input("A model that its snapshot names")

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

    type: JobType | None = _input("The kind of job")
    status: list[JobStatus] | None = _input("Any of these statuses")
    model_name: str | None = _input("The model that the job made or uses")

    def value(self) -> filters.JobFilter:
        """The filter's value."""
        return filters.JobFilter(
            **self.common(), type=self.type, status=_tuple(self.status), model_name=self.model_name
        )


@strawberry.input(description="The order of a list")
class ResourceOrder:
    """See resolvers.filters.ResourceOrder."""

    by: OrderField | None = strawberry.field(description="What to order by", default=OrderField.CREATION_TIME)
    direction: Direction | None = strawberry.field(description="Which end comes first", default=Direction.DESC)

    def value(self) -> filters.ResourceOrder:
        """The order's value; null means the default, as leaving it out does."""
        return filters.ResourceOrder(self.by or OrderField.CREATION_TIME, self.direction or Direction.DESC)


def _tuple(values: list[Value] | None) -> tuple[Value, ...] | None:
    return None if values is None else tuple(values)
