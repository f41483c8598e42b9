"""Protocol of readers of an inventory, or of another source of resources."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from aws.alarms import Alarm
from aws.client.errors import AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.job_facts import JobFactReader
from aws.inventory.known_pages import KnownPages, PageQuestion
from aws.inventory.link_queries import LinkedQuery, LinkedRows
from aws.inventory.list_views import WholeList
from aws.inventory.projections import Projection
from aws.inventory.scans import Scan
from aws.inventory.search import ArtifactQuery
from aws.inventory.tag_cache import TagsResult
from aws.invocations import InvocationTarget
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import LinkType
from aws.kinds.kind import Kind
from aws.kinds.models import Artifact
from aws.metrics import MetricKey, MetricSeries, MetricWindow
from aws.scaling import VariantKey, VariantScaling
from aws.schedules import MonitoringExecution, MonitoringSchedule

ResourceT = TypeVar("ResourceT", bound=AnyResource)
Value = TypeVar("Value")


class ReaderProtocol(Protocol):
    """The reads that a walk from one resource to others needs; see aws.inventory.reader.Reader."""

    @property
    def fresh_since(self) -> datetime:
        """The oldest reads that are used without a call."""

    @property
    def job_facts(self) -> JobFactReader:
        """The facts about jobs beyond their descriptions."""

    async def describe(self, kind: Kind, names: Iterable[str]) -> Mapping[str, Described]:
        """Describe each name: the resource with its detail, None if it is gone, or the error."""

    async def describe_rows(self, rows: Iterable[AnyResource]) -> Mapping[str, Described]:
        """Describe rows of one kind that have no detail yet."""

    def derived(self, resource: ResourceT, derive: Callable[[ResourceT], Value]) -> Value:
        """Give the value that `derive`, a pure function, computes from a described resource."""

    def projection(self, selection: Hashable) -> Projection | None:
        """Give the cached plain data that a selection makes of described values; None if the source keeps none."""

    async def list_all(self, kind: Kind) -> WholeList:
        """Read the whole list of a kind. Raises AWSError."""

    async def scan(self, kind: Kind) -> Scan:
        """Describe every resource of a kind, newest first. Raises AWSError."""

    async def linked(self, query: LinkedQuery) -> LinkedRows:
        """Give the linked rows of a query, newest first, as far as its pages need them. Raises AWSError."""

    async def known_pages(self, question: PageQuestion, parents: Sequence[Hashable]) -> KnownPages | None:
        """Give the page of each parent, if no page needs a call. Raises AWSError if a list could not be read."""

    def are_authoritative(self, rows: Iterable[AnyResource]) -> bool:
        """Tell whether the links of all these rows were described within the authority age."""

    def link_counts(self, kind: Kind, type: LinkType) -> Mapping[str, int]:
        """Give the number of known rows of a kind under each key of a `type` of link."""

    def listed(self, kind: Kind, names: Iterable[str]) -> Mapping[str, AnyResource]:
        """Give the known rows that have these names, by name."""

    async def training_jobs(self, marks: ArtifactQuery) -> Scan:
        """Give the training jobs that left any of these marks, described, newest first, and perhaps others.

        Raises:
            AWSError: They could not be read.
        """

    async def tags(self, arns: Iterable[str]) -> Mapping[str, TagsResult]:
        """Give the tags of each resource by ARN; None if the resource is gone."""

    async def packages(self, names: Iterable[str]) -> Mapping[str, tuple[Artifact, ...] | AWSError | None]:
        """Give the artifacts of each model package, by its name or ARN; None if it is gone."""

    async def schedules(self) -> Sequence[MonitoringSchedule]:
        """List every monitoring schedule. Raises AWSError."""

    async def executions(self, names: Iterable[str]) -> Mapping[str, str | AWSError | None]:
        """Give the status of each monitoring schedule's last run by name: empty before the first, None if gone."""

    async def past_executions(
        self, name: str, most: int, before: datetime | None
    ) -> Sequence[MonitoringExecution] | AWSError:
        """Give the last runs of the monitoring schedule `name` before a moment, at most `most`; or the error."""

    async def alarms(self) -> Sequence[Alarm]:
        """List every alarm that watches an endpoint. Raises AWSError."""

    async def scaling(self) -> Mapping[VariantKey, VariantScaling]:
        """Give the scaling of every registered variant. Raises AWSError."""

    async def last_invocations(
        self, targets: Sequence[InvocationTarget], window: MetricWindow
    ) -> Mapping[InvocationTarget, datetime]:
        """Give the end of the last period of the window in which each target was invoked. Raises AWSError."""

    async def metrics(self, wanted: Sequence[MetricKey], window: MetricWindow) -> Mapping[MetricKey, MetricSeries]:
        """Give the points of each wanted series in the window. Raises AWSError."""


def unlisted(reader: ReaderProtocol, kind: Kind, names: Collection[str]) -> Sequence[str]:
    """Give the names that no row known to the reader has."""
    listed = reader.listed(kind, names)
    return [name for name in names if name not in listed]
