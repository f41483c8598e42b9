"""Filters and orders of lists, and the part of a filter that a row answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from aws.ids import NAME_PART_PATTERN
from aws.kinds.catalog import AnyResource
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import DEFAULT_JOB_KINDS, JOB_KINDS, Kind
from aws.kinds.model_packages import ModelPackage
from aws.kinds.statuses import (
    InferenceComponentStatus,
    JobStatus,
    JobType,
    ModelPackageApproval,
    PipelineExecutionStatus,
    RuntimeStatus,
)
from resolvers.errors import BadInputError


@dataclass(frozen=True, slots=True)
class TagFilter:
    """A tag that must be there.

    Attributes:
        key: The tag's key.
        values: Any of these values; None for any value at all.
    """

    key: str
    values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFilter:
    """The filter that every list takes. None lets every resource through.

    Attributes:
        name_contains: A part of the name, without regard to case.
        created_after: The moment after which it was created, with an offset.
        created_before: The moment before which it was created, with an offset.
        tags: The tags that must all be there.
    """

    name_contains: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    tags: tuple[TagFilter, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFilter(ResourceFilter):
    """The filter of models.

    Attributes:
        imported: True for models of which the group has a registration, False for the others.
        is_served: True for models that a runtime or component serves, False for the others.
    """

    imported: bool | None = None
    is_served: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFilter(ResourceFilter):
    """The filter of snapshots.

    Attributes:
        model_name: The name of a model in any variant.
    """

    model_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeFilter(ResourceFilter):
    """The filter of runtimes.

    Attributes:
        status: Any of these statuses.
        snapshot_name: The name of the snapshot that they run.
        model_name: The name of a model that they serve.
        idle_for_hours: The number of hours that have passed without a request, up to `MOST_HOURS`.
    """

    status: tuple[RuntimeStatus, ...] | None = None
    snapshot_name: str | None = None
    model_name: str | None = None
    idle_for_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter(ResourceFilter):
    """The filter of jobs. `type` and `types` exclude each other.

    Attributes:
        type: This type of job.
        types: Any of these types, at least one.
        status: Any of these statuses.
        model_name: The name of the model that they belong to.
    """

    type: JobType | None = None
    types: tuple[JobType, ...] | None = None
    status: tuple[JobStatus, ...] | None = None
    model_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceComponentFilter(ResourceFilter):
    """The filter of inference components.

    Attributes:
        status: Any of these statuses.
        runtime_name: The name of the runtime that hosts them.
        model_name: The name of a model that they serve.
    """

    status: tuple[InferenceComponentStatus, ...] | None = None
    runtime_name: str | None = None
    model_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPackageFilter(ResourceFilter):
    """The filter of model packages.

    Attributes:
        group_name: The name of their model package group.
        approval_status: Any of these decisions about them.
    """

    group_name: str | None = None
    approval_status: tuple[ModelPackageApproval, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineExecutionFilter(ResourceFilter):
    """The filter of the executions of one pipeline.

    Attributes:
        pipeline_name: The pipeline's name, by which SageMaker lists them.
        status: Any of these statuses.
    """

    pipeline_name: str = ""
    status: tuple[PipelineExecutionStatus, ...] | None = None


class OrderField(Enum):
    """The field that a list is ordered by."""

    NAME = "Name"
    CREATION_TIME = "CreationTime"


class Direction(Enum):
    """The direction of an order."""

    ASC = "Ascending"
    DESC = "Descending"


@dataclass(frozen=True, slots=True)
class ResourceOrder:
    """The order of a list; newest first unless said otherwise.

    Attributes:
        by: The field to order by.
        direction: Ascending or descending.
    """

    by: OrderField = OrderField.CREATION_TIME
    direction: Direction = Direction.DESC

    @property
    def ascending(self) -> bool:
        """True if the smallest comes first."""
        return self.direction is Direction.ASC


# CloudWatch keeps periods of an hour for 455 days.
MOST_HOURS = 455 * 24
NEWEST_FIRST = ResourceOrder()


def check_hours(hours: int) -> None:
    """Check a number of hours to look back. Raises BadInputError for none, or more than CloudWatch keeps metrics of."""
    if not 1 <= hours <= MOST_HOURS:
        raise BadInputError(
            f"The hours to look back must be from 1 to {MOST_HOURS:,}: CloudWatch keeps metrics that long."
        )


def check_filter(filter: ResourceFilter) -> None:
    """Check a filter. Raises BadInputError for values that SageMaker refuses or that match nothing."""
    if filter.name_contains is not None and not NAME_PART_PATTERN.fullmatch(filter.name_contains):
        raise BadInputError("`filter.nameContains` takes 1 to 63 letters, digits and hyphens: names hold nothing else.")
    if isinstance(filter, RuntimeFilter) and filter.idle_for_hours is not None:
        check_hours(filter.idle_for_hours)
    if isinstance(filter, JobFilter) and filter.types is not None:
        _check_types(filter)
    for name, moment in (("createdAfter", filter.created_after), ("createdBefore", filter.created_before)):
        if moment is not None and moment.tzinfo is None:
            raise BadInputError(f"`filter.{name}` needs an offset, such as 2026-01-31T12:00:00Z.")


def _check_types(filter: JobFilter) -> None:
    if filter.type is not None:
        raise BadInputError("`filter` takes `type` or `types`, not both.")
    if not filter.types:
        raise BadInputError("`filter.types` names no type; leave it out for training and transform jobs.")


def job_kinds(filter: JobFilter) -> tuple[Kind, ...]:
    """The kinds of job that a filter lets through; those that cost lists of their own only if it names them."""
    named = filter.types if filter.type is None else (filter.type,)
    return DEFAULT_JOB_KINDS if not named else kinds_of_types(named)


def kinds_of_types(types: Collection[JobType]) -> tuple[Kind, ...]:
    """The kinds of these types of job, each once, in one order."""
    return tuple(kind for kind in JOB_KINDS if any(kind is Kind[f"{type.name}_JOB"] for type in types))


_WITH_STATUS = RuntimeFilter | JobFilter | InferenceComponentFilter | PipelineExecutionFilter


def row_matches(filter: ResourceFilter, row: AnyResource) -> bool:
    """True if a listing's row passes every part of the filter that the row can answer."""
    made = row.creation_time or datetime.min.replace(tzinfo=UTC)
    if filter.name_contains is not None and filter.name_contains.lower() not in row.name.lower():
        return False
    if filter.created_after is not None and made <= filter.created_after:
        return False
    if filter.created_before is not None and made >= filter.created_before:
        return False
    if isinstance(filter, InferenceComponentFilter) and filter.runtime_name is not None and not _is_on(row, filter):
        return False
    if isinstance(filter, _WITH_STATUS) and filter.status is not None:
        return getattr(row, "status", None) in filter.status
    return not isinstance(filter, ModelPackageFilter) or _package_matches(filter, row)


def _package_matches(filter: ModelPackageFilter, row: AnyResource) -> bool:
    if not isinstance(row, ModelPackage):
        return False
    is_in_group = filter.group_name is None or row.package_group_name == filter.group_name
    return is_in_group and (filter.approval_status is None or row.approval_status in filter.approval_status)


def _is_on(row: AnyResource, filter: InferenceComponentFilter) -> bool:
    return isinstance(row, InferenceComponent) and row.runtime_name == filter.runtime_name
