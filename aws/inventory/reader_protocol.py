"""Protocol of a reader: the inventory, or another source that answers the same questions."""

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
    """The questions that walking from one resource to others asks; see aws.inventory.reader.Reader."""

    @property
    def fresh_since(self) -> datetime:
        """Since when something must have been read to cost nothing now."""

    @property
    def job_facts(self) -> JobFactReader:
        """The facts about jobs that no description tells."""

    async def describe(self, kind: Kind, names: Iterable[str]) -> Mapping[str, Described]:
        """Describe each name: the resource with its detail, None if it is gone, or the error."""

    async def describe_rows(self, rows: Iterable[AnyResource]) -> Mapping[str, Described]:
        """Describe rows of one kind that have no detail yet."""

    def derived(self, resource: ResourceT, derive: Callable[[ResourceT], Value]) -> Value:
        """What a function of nothing but a described resource gives; worked out once, where descriptions are kept."""

    def projection(self, selection: Hashable) -> Projection | None:
        """The plain data that a selection shows of described values, as far as it is kept; None if none is."""

    async def list_all(self, kind: Kind) -> WholeList:
        """Everything of a kind as its listing tells. Raises AWSError."""

    async def scan(self, kind: Kind) -> Scan:
        """Everything of a kind, described, newest first. Raises AWSError."""

    async def linked(self, query: LinkedQuery) -> LinkedRows:
        """The rows that have a link, newest first, as far as the pages need them. Raises AWSError."""

    async def known_pages(self, question: PageQuestion, parents: Sequence[Hashable]) -> KnownPages | None:
        """The page of each parent, if no page takes a call. Raises AWSError if a list could not be read."""

    def are_authoritative(self, rows: Iterable[AnyResource]) -> bool:
        """Tell whether the links of all these rows were described within the authority age."""

    def link_counts(self, kind: Kind, type: LinkType) -> Mapping[str, int]:
        """The number of rows of a kind under each key of a type of link, as far as they are known."""

    def listed(self, kind: Kind, names: Iterable[str]) -> Mapping[str, AnyResource]:
        """The rows that have these names, as far as the kind's list is known."""

    async def training_jobs(self, marks: ArtifactQuery) -> Scan:
        """The training jobs that left any of these marks, described, newest first, and perhaps others.

        Raises:
            AWSError
        """

    async def tags(self, arns: Iterable[str]) -> Mapping[str, TagsResult]:
        """The tags of each resource by ARN; None where the resource is gone."""

    async def packages(self, names: Iterable[str]) -> Mapping[str, tuple[Artifact, ...] | AWSError | None]:
        """The artifacts that each model package (by name or ARN) is made of; None where it is gone."""

    async def schedules(self) -> Sequence[MonitoringSchedule]:
        """Every monitoring schedule. Raises AWSError."""

    async def executions(self, names: Iterable[str]) -> Mapping[str, str | AWSError | None]:
        """The status of each monitoring schedule's last run; empty if it never ran, None if it is gone."""

    async def past_executions(
        self, name: str, most: int, before: datetime | None
    ) -> Sequence[MonitoringExecution] | AWSError:
        """The last runs of a monitoring schedule, so many at most, those before a moment; or why they are unknown."""

    async def alarms(self) -> Sequence[Alarm]:
        """Every alarm that watches an endpoint. Raises AWSError."""

    async def scaling(self) -> Mapping[VariantKey, VariantScaling]:
        """The scaling of every variant that is registered. Raises AWSError."""

    async def last_invocations(
        self, targets: Sequence[InvocationTarget], window: MetricWindow
    ) -> Mapping[InvocationTarget, datetime]:
        """The end of the last period of the window in which each target was invoked; none without. Raises AWSError."""

    async def metrics(self, wanted: Sequence[MetricKey], window: MetricWindow) -> Mapping[MetricKey, MetricSeries]:
        """The points of each series. Raises AWSError."""


def unlisted(reader: ReaderProtocol, kind: Kind, names: Collection[str]) -> Sequence[str]:
    """The names that no known row has."""
    listed = reader.listed(kind, names)
    return [name for name in names if name not in listed]
