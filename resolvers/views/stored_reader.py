"""Reader that asks AWS first and falls back to stored copies."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from auth.errors import AuthError, ForbiddenError, RoleRefusedError
from aws.alarms import Alarm
from aws.client.errors import AccessDeniedError, AWSError, UnavailableError
from aws.inventory.describe_cache import Described
from aws.inventory.job_facts import JobFactReader, UnreadableJobFacts
from aws.inventory.known_pages import KnownPages, PageQuestion
from aws.inventory.link_queries import LinkedQuery, LinkedRows
from aws.inventory.link_sources import KnownLinks
from aws.inventory.link_walk import LinkWalk
from aws.inventory.list_views import WholeList
from aws.inventory.reader_protocol import ReaderProtocol
from aws.inventory.scans import Scan
from aws.inventory.search import ArtifactQuery
from aws.inventory.tag_cache import TagsResult
from aws.invocations import InvocationTarget
from aws.kinds.catalog import API_NAMES, AnyResource
from aws.kinds.descriptor import LinkType
from aws.kinds.kind import Kind
from aws.kinds.models import Artifact
from aws.metrics import MetricKey, MetricSeries, MetricWindow
from aws.scaling import VariantKey, VariantScaling
from aws.schedules import MonitoringExecution, MonitoringSchedule
from registry import elements
from registry.database import Database
from registry.elements import ElementCriteria
from registry.enums import ElementKind
from registry.records import ImportedElement
from resolvers.views.identity_map import IdentityMap
from resolvers.views.stored_copies import element_resource, element_tags, unreadable_copy

Result = TypeVar("Result")
ResourceT = TypeVar("ResourceT", bound=AnyResource)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScope:
    """The registration whose copies a reader reads.

    Attributes:
        key: The key of the stored view, which its copies carry as their scope.
        registration_key: The registration's key in the registry.
        view_key: The key of the owning group's live view, or a name for it if there is none.
        database: The registry.
        identity_map: The versions of resources that this request has shown.
        bound: The most elements that one answer may look through.
    """

    key: str
    registration_key: str
    view_key: str
    database: Database
    identity_map: IdentityMap
    bound: int


class StoredReader:
    """See aws.inventory.reader_protocol.ReaderProtocol. If AWS does not answer, the copies of an import do.

    Lists that are made of copies are never called complete.

    Args:
        stored_scope: The registration whose copies are read.
        live: The reader that asks AWS as the group that owns the registration; or the reason why nobody can.
    """

    def __init__(self, stored_scope: StoredScope, live: ReaderProtocol | AuthError) -> None:
        self._stored_scope = stored_scope
        self._live = live
        self._labels: dict[str, TagsResult] = {}

    @property
    def fresh_since(self) -> datetime:
        """As for the live reader; without one, now."""
        return datetime.now(UTC) if isinstance(self._live, AuthError) else self._live.fresh_since

    @property
    def job_facts(self) -> JobFactReader:
        """The facts about jobs, from AWS."""
        error = self._live
        return UnreadableJobFacts(partial(_as_aws_error, error)) if isinstance(error, AuthError) else error.job_facts

    async def resources(self, wanted: Sequence[ImportedElement]) -> Mapping[str, AnyResource]:
        """The resource of each wanted element by the element's id: live if it can be read, else the copy."""
        by_kind: dict[ElementKind, list[ImportedElement]] = defaultdict(list)
        for element in wanted:
            by_kind[element.kind].append(element)
        result = await asyncio.gather(
            *(
                self._ask_for(Kind[kind.name], [imported_element.name for imported_element in elements])
                for kind, elements in by_kind.items()
            )
        )
        live = dict(zip(by_kind, result, strict=True))
        return {element.id: self._choose(element, live[element.kind][element.name]) for element in wanted}

    async def describe(self, kind: Kind, names: Iterable[str]) -> Mapping[str, Described]:
        """Describe each name: from AWS, else from the stored copy, else the error."""
        asked = await self._ask_for(kind, list(dict.fromkeys(names)))
        resources = {name: self._first_shown(resource) for name, resource in asked.items()}
        failed = [name for name, described in resources.items() if isinstance(described, AWSError)]
        if failed:
            keeping = self._stored_scope
            async with keeping.database.reading() as connection:
                imported_elements = await elements.by_names(
                    connection, keeping.registration_key, ElementKind[kind.name], failed
                )
            resources |= {name: self._choose(element, resources[name]) for name, element in imported_elements.items()}
        return resources

    async def describe_rows(self, rows: Iterable[AnyResource]) -> Mapping[str, Described]:
        """Describe rows that AWS has listed; a copy without detail has none, for everything readable has been read."""
        wanted = list(rows)
        listed = [row for row in wanted if row.scope != self._stored_scope.key]
        resources: dict[str, Described] = {row.name: unreadable_copy(row.kind, row.name) for row in wanted}
        if listed:
            resources |= await self._ask(
                API_NAMES[listed[0].kind].describe_operation, lambda live: live.describe_rows(listed)
            )
        return resources

    def derived(self, resource: ResourceT, derive: Callable[[ResourceT], Result]) -> Result:
        """The value that a function derives from a described resource; nothing is kept of copies."""
        return derive(resource)

    def projection(self, _selection: Hashable) -> None:
        """Nothing is kept of copies."""

    async def list_all(self, kind: Kind) -> WholeList:
        """Everything of a kind as AWS lists it. Raises AWSError."""
        return await self._ask(API_NAMES[kind].list_operation, lambda live: live.list_all(kind))

    async def scan(self, kind: Kind) -> Scan:
        """Every resource of a kind from AWS, or else the stored copies that have not vanished."""
        return await self._scan(kind, lambda live: live.scan(kind))

    async def linked(self, query: LinkedQuery) -> LinkedRows:
        """The rows that a query of links matches: from AWS, or else from the stored copies that have not vanished."""
        try:
            return await self._ask("List", lambda live: live.linked(query))
        except AWSError as error:
            links = [KnownLinks(kind, await self._kept(kind, error)) for kind in query.kinds]
            walk = LinkWalk(links, self._stored_scope.bound, query.passes)
            return LinkedRows(await walk.find(query.pages), walk.coverage())

    async def known_pages(self, _question: PageQuestion, _parents: Sequence[Hashable]) -> KnownPages | None:
        """None for every question: AWS is asked for each resource once more."""
        return None

    def are_authoritative(self, rows: Iterable[AnyResource]) -> bool:
        """Tell whether AWS has described the links of all these rows within the authority age."""
        return not isinstance(self._live, AuthError) and self._live.are_authoritative(rows)

    def link_counts(self, kind: Kind, type: LinkType) -> Mapping[str, int]:
        """The number of rows of a kind under each key of links of a type, as far as AWS has described them."""
        return {} if isinstance(self._live, AuthError) else self._live.link_counts(kind, type)

    def listed(self, kind: Kind, names: Iterable[str]) -> Mapping[str, AnyResource]:
        """The rows that have these names, as far as AWS has listed them."""
        return {} if isinstance(self._live, AuthError) else self._live.listed(kind, names)

    async def training_jobs(self, marks: ArtifactQuery) -> Scan:
        """The training jobs with these marks, from AWS, else every one that was kept and had not vanished."""
        return await self._scan(Kind.TRAINING_JOB, lambda live: live.training_jobs(marks))

    async def tags(self, arns: Iterable[str]) -> Mapping[str, TagsResult]:
        """The tags of each resource by its ARN, one of `arns`: those of a copy as kept, all others from AWS."""
        wanted = list(dict.fromkeys(arns))
        rest = [arn for arn in wanted if arn not in self._labels]
        result: dict[str, TagsResult] = {arn: self._labels[arn] for arn in wanted if arn in self._labels}
        if rest:
            try:
                result |= await self._ask("ListTags", lambda live: live.tags(rest))
            except AWSError as error:
                result |= dict.fromkeys(rest, error)
        return result

    async def packages(self, names: Iterable[str]) -> Mapping[str, tuple[Artifact, ...] | AWSError | None]:
        """The artifacts of the model package of each name; None if AWS does not tell them, for they are not kept."""
        wanted = list(names)
        try:
            artifacts = await self._ask("DescribeModelPackage", lambda live: live.packages(wanted))
        except AWSError:
            return dict.fromkeys(wanted)
        return {name: None if isinstance(described, AWSError) else described for name, described in artifacts.items()}

    async def schedules(self) -> Sequence[MonitoringSchedule]:
        """Every monitoring schedule, from AWS. Raises AWSError."""
        return await self._ask("ListMonitoringSchedules", lambda live: live.schedules())

    async def executions(self, names: Iterable[str]) -> Mapping[str, str | AWSError | None]:
        """The outcome of the last run of the monitoring schedule of each name, from AWS. Raises AWSError."""
        return await self._ask("DescribeMonitoringSchedule", lambda live: live.executions(names))

    async def past_executions(
        self, name: str, most: int, before: datetime | None
    ) -> Sequence[MonitoringExecution] | AWSError:
        """The last runs, `most` at most and before a moment, of a monitoring schedule, from AWS. Raises AWSError."""
        return await self._ask("ListMonitoringExecutions", lambda live: live.past_executions(name, most, before))

    async def alarms(self) -> Sequence[Alarm]:
        """Every alarm that watches an endpoint, from AWS. Raises AWSError."""
        return await self._ask("DescribeAlarms", lambda live: live.alarms())

    async def scaling(self) -> Mapping[VariantKey, VariantScaling]:
        """The scaling of every variant that is registered, from AWS. Raises AWSError."""
        return await self._ask("DescribeScalableTargets", lambda live: live.scaling())

    async def last_invocations(
        self, targets: Sequence[InvocationTarget], window: MetricWindow
    ) -> Mapping[InvocationTarget, datetime]:
        """The end of the last period in which each target was invoked, from AWS. Raises AWSError."""
        return await self._ask("GetMetricData", lambda live: live.last_invocations(targets, window))

    async def metrics(self, wanted: Sequence[MetricKey], window: MetricWindow) -> Mapping[MetricKey, MetricSeries]:
        """The points of each wanted series within the window, from AWS. Raises AWSError."""
        return await self._ask("GetMetricData", lambda live: live.metrics(wanted, window))

    async def _scan(self, kind: Kind, ask: Callable[[ReaderProtocol], Awaitable[Scan]]) -> Scan:
        try:
            return await self._ask(API_NAMES[kind].list_operation, ask)
        except AWSError as error:
            return await self._kept(kind, error)

    async def _kept(self, kind: Kind, error: AWSError) -> Scan:
        keeping = self._stored_scope
        wanted = ElementCriteria(keeping.registration_key, [ElementKind[kind.name]], vanished=False)
        async with keeping.database.reading() as connection:
            page = await elements.page(connection, wanted, keeping.bound)
        return Scan(tuple(self._choose(element, error) for element in page.records), (), None, None)

    async def _ask_for(self, kind: Kind, names: Sequence[str]) -> Mapping[str, Described]:
        try:
            return await self._ask(API_NAMES[kind].describe_operation, lambda live: live.describe(kind, names))
        except AWSError as error:
            return dict.fromkeys(names, error)

    async def _ask(self, operation: str, ask: Callable[[ReaderProtocol], Awaitable[Result]]) -> Result:
        """AWS's answer. Raises AWSError, also if the group's role cannot be taken."""
        if isinstance(self._live, AuthError):
            raise _as_aws_error(self._live, operation)
        try:
            return await ask(self._live)
        except AuthError as error:
            raise _as_aws_error(error, operation) from error

    def _first_shown(self, described: Described) -> Described:
        """The version that has been shown before, if one has."""
        if described is None or isinstance(described, AWSError):
            return described
        keeping = self._stored_scope
        return (
            keeping.identity_map.stored_copy(keeping.view_key, described.kind, described.name, described.creation_time)
            or described
        )

    def _choose(self, element: ImportedElement, described: Described) -> AnyResource:
        """Choose the version of an element's resource, once AWS has been asked for its name."""
        keeping, kind = self._stored_scope, Kind[element.kind.name]
        shown = keeping.identity_map.stored_copy(keeping.view_key, kind, element.name, element.created_at)
        if shown is not None:
            return shown
        if described is None or isinstance(described, AWSError) or not _is_same(element, described):
            return keeping.identity_map.first_shown(keeping.view_key, self._copy(element), element.created_at)
        keeping.identity_map.first_shown(keeping.view_key, described, element.created_at)
        return described

    def _copy(self, element: ImportedElement) -> AnyResource:
        self._labels.setdefault(element.arn, element_tags(element))
        return element_resource(element, self._stored_scope.key)


def _is_same(element: ImportedElement, resource: AnyResource) -> bool:
    """True if AWS describes the imported resource, and not one made again under its name."""
    return resource.creation_time is None or resource.creation_time == element.created_at


def _as_aws_error(error: AuthError, operation: str) -> AWSError:
    """The reason why AWS was not asked, as the error of a failed call."""
    refused = isinstance(error, ForbiddenError | RoleRefusedError)
    kind = AccessDeniedError if refused else UnavailableError
    return kind(f"What is kept in the registry is shown, because AWS cannot be asked: {error}", operation=operation)
