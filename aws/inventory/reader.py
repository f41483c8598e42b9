"""Reads of an inventory for one request: each is as new as the request needs, and no call is repeated."""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from aws.access import AccessCheck
from aws.client.call_stats import changes_so_far, current_call_stats
from aws.client.errors import TRANSIENT_ERRORS, AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described, differs
from aws.inventory.horizon import Horizon, horizon_at
from aws.inventory.inventory import MAX_LISTINGS, Inventory
from aws.inventory.job_facts import LiveJobFacts
from aws.inventory.known_lists import KnownList, read_until
from aws.inventory.known_pages import KnownPages, PageQuestion
from aws.inventory.link_queries import LinkedQuery, LinkedRows
from aws.inventory.link_reader import LinkReader
from aws.inventory.list_views import CachedListView, FilteredListView, ListView, OldestFirstView, WholeList
from aws.inventory.listings import EVERYTHING, PAGE_SIZE, ListQuery, creation_key
from aws.inventory.package_artifacts import artifacts_of_packages
from aws.inventory.projections import Projection
from aws.inventory.reader_protocol import ResourceT, Value
from aws.inventory.runtime_facts import RuntimeFactReader
from aws.inventory.scans import Scan, scan
from aws.inventory.search import ArtifactQuery
from aws.inventory.tag_cache import TagsResult
from aws.kinds.catalog import KINDS, AnyResource, is_settled
from aws.kinds.descriptor import LinkType
from aws.kinds.kind import Kind
from aws.kinds.models import Artifact
from aws.kinds.resource import Tag
from concurrency.priority import Priority

# For so few missing resources, descriptions cost less than a search, and prove more.
_MIN_MISSING_TO_SEARCH = 4
# The assumed lag of Search; AWS documents none.
SEARCH_LAG = timedelta(minutes=5)


class Reader(RuntimeFactReader):
    """Reads an inventory for one request.

    Args:
        inventory: The scope's inventory.
        horizon: The oldest reads that are fresh enough.
        until: The event loop's time at which pending results become LateErrors, so that the others can be shown. None
            waits for all.
    """

    def __init__(self, inventory: Inventory, horizon: Horizon, until: float | None = None) -> None:
        super().__init__(inventory.runtime_facts, horizon)
        self._inventory = inventory
        self._until = until
        self.job_facts = LiveJobFacts(inventory.job_facts, horizon)
        self._views: dict[tuple[Kind, int], CachedListView] = {}
        self._links = LinkReader(inventory, horizon, self.listing, self._describe_for_scan, self._searched)

    @property
    def fresh_since(self) -> datetime:
        """The oldest reads that are used without a call."""
        return self.horizon.fresh

    def fresh(self) -> "Reader":
        """Give a reader of this inventory that uses no earlier read, for answers that must be certain."""
        now = self._inventory.config.now()
        return Reader(self._inventory, horizon_at(self._inventory.config.ages, now, 0), self._until)

    def listing(self, kind: Kind, query: ListQuery = EVERYTHING) -> ListView:
        """Give a list: the cached one if it is whole or `query` has no bounds; else one that SageMaker filters."""
        cached = self._inventory.lists[kind]
        if query == EVERYTHING or cached.is_whole(self.horizon):
            # After its own changes a request gets a new view; changes of others do not shift rows.
            key = kind, changes_so_far()
            if key not in self._views:
                self._views[key] = CachedListView(cached, self.horizon)
            return OldestFirstView(self._views[key]) if query.ascending else self._views[key]
        listing = self._inventory.listing(kind, query, self.horizon.fresh)
        return FilteredListView(listing, self.horizon.started, partial(self._inventory.forget, kind))

    async def describe(self, kind: Kind, names: Iterable[str]) -> Mapping[str, Described]:
        """Describe each name: the resource with its detail, None if it is gone, or the error."""
        return await self._describe(kind, names, self._until)

    async def _describe(self, kind: Kind, names: Iterable[str], until: float | None) -> Mapping[str, Described]:
        described = await self._inventory.descriptions[kind].get_many(names, self.horizon, until)
        if (stats := current_call_stats.get()) is not None:
            results = described.values()
            stats.note_reads_at(one.as_of for one in results if one is not None and not isinstance(one, AWSError))
        return described

    def derived(self, resource: ResourceT, derive: Callable[[ResourceT], Value]) -> Value:
        """Give the value that `derive`, a pure function, computes from a described resource; it is cached."""
        return self._inventory.derived.get(resource, derive)

    def projection(self, selection: Hashable) -> Projection:
        """Give the cached plain data that a GraphQL selection makes of described values."""
        return self._inventory.projections.get(selection)

    async def describe_rows(self, rows: Iterable[AnyResource]) -> Mapping[str, Described]:
        """Describe rows of one kind; transform jobs keep `last_modified_time`, which only rows have."""
        return await self._describe_rows(rows, self._until)

    async def _describe_for_scan(self, rows: Iterable[AnyResource]) -> Mapping[str, Described]:
        """A scan goes on after the request's deadline, for the next request."""
        return await self._describe_rows(rows, None)

    async def _describe_rows(self, rows: Iterable[AnyResource], until: float | None) -> Mapping[str, Described]:
        by_name = {row.name: row for row in rows}
        if not by_name:
            return {}
        kind = next(iter(by_name.values())).kind
        await self._search_missing(kind, by_name)
        described = await self._describe(kind, by_name, until)
        return {name: _with_row(result, by_name[name]) for name, result in described.items()}

    async def _search_missing(self, kind: Kind, rows: Mapping[str, AnyResource]) -> None:
        """Read missing descriptions by Search, if its pages are far fewer than the descriptions."""
        inventory, descriptions = self._inventory, self._inventory.descriptions[kind]
        if len(rows) <= _MIN_MISSING_TO_SEARCH or not inventory.search.is_allowed(kind, self.horizon.deletion):
            return
        missing = len(descriptions.missing(rows, self.horizon))
        pages = math.ceil(len(inventory.lists[kind].rows().rows) / PAGE_SIZE)
        if missing > max(_MIN_MISSING_TO_SEARCH, 4 * pages):
            # A search only saves calls. If it fails, the descriptions are read.
            with suppress(*TRANSIENT_ERRORS):
                await inventory.single_flight.do(("search", kind), partial(self._search, kind, pages))

    async def _search(self, kind: Kind, pages: int) -> None:
        inventory = self._inventory
        for record in await inventory.search.search_kind(kind, pages + 1) or ():
            row = inventory.lists[kind].fresh_rows(self.horizon).get(record.resource.name)
            if row is not None and is_settled(record.resource) and not differs(row, record.resource):
                inventory.descriptions[kind].put(record.resource)
                inventory.tags.put(record.resource.arn, record.tags, record.resource.as_of)

    async def list_all(self, kind: Kind) -> WholeList:
        """Read the whole list of a kind. Raises AWSError."""
        view = self.listing(kind)
        while view.complete_as_of is None:
            await view.ensure(len(view.rows) + 1)
        return WholeList(view.rows, view.complete_as_of)

    async def known_list(self, kind: Kind, bound: int, until: float) -> KnownList:
        """Give the rows of a kind that are known at the time `until`. Raises AWSError; see `read_until`."""
        return await read_until(self._inventory, self.horizon, kind, self.listing(kind), bound, until)

    def known_tags(self, arn: str) -> tuple[Tag, ...]:
        """Give the tags of the resource `arn` that need no call; none if they are not known."""
        return self._inventory.tags.known(arn, self.horizon)

    async def scan(self, kind: Kind) -> Scan:
        """Describe every resource of a kind, newest first. Raises AWSError if a part could not be read."""
        return await self._inventory.single_flight.do(self._scan_key(kind), partial(self._scan, kind))

    def _scan_key(self, kind: Kind) -> Hashable:
        return "scan", kind, self.horizon

    async def _scan(self, kind: Kind) -> Scan:
        return await scan(self.listing(kind), self._describe_for_scan, self._inventory.config.scan_bound)

    def prefetch(self, kinds: Iterable[Kind], count: int) -> None:
        """Start to describe the newest `count` rows of kinds whose links a nested field will need."""
        for kind in kinds:
            if self._links.knows(kind, count):
                continue
            key = "prefetch", kind, self.horizon.started
            behind = Priority(interactive=False)
            self._inventory.single_flight.start(key, partial(self._prefetch, kind, count), priority=behind)

    async def _prefetch(self, kind: Kind, count: int) -> None:
        view = self.listing(kind)
        await view.ensure(1)
        if kind is Kind.TRAINING_JOB and view.complete_as_of is None and self._may_search_jobs():
            return
        await self._links.learn(kind, count)

    def _may_search_jobs(self) -> bool:
        return self._inventory.search.is_allowed(Kind.TRAINING_JOB, self.horizon.deletion)

    async def training_jobs(self, marks: ArtifactQuery) -> Scan:
        """Give the training jobs that left any of these marks, described, newest first, and perhaps others.

        If Search may be used, and their list has more pages than the marks take searches, Search finds them; jobs that
        are too new for it are described as well. Otherwise every job is listed and described: that may take twice as
        many calls once, but then only one call for each poll, while searches would be repeated.

        Raises:
            AWSError: They could not be read.
        """
        if await self._prepare_training_jobs(self._inventory.search.count_searches(marks)):
            return await self.scan(Kind.TRAINING_JOB)
        known = await self._jobs_by_artifact(marks)
        return await self.scan(Kind.TRAINING_JOB) if known is None else await self._with_recent(*known)

    async def _jobs_by_artifact(self, marks: ArtifactQuery) -> tuple[Sequence[AnyResource], datetime] | None:
        """The jobs with these marks by a new search, or the last one if Search is down; None if it is refused."""
        inventory = self._inventory
        if (known := inventory.jobs_by_artifact.get(marks)) is not None and known[1] >= self.horizon.fresh:
            return known
        try:
            await inventory.single_flight.do(("made by", marks), partial(self._search_by_artifact, marks))
        except TRANSIENT_ERRORS:
            known = inventory.jobs_by_artifact.get(marks)
            if known is None or known[1] < self.horizon.last_known:
                raise
            if (stats := current_call_stats.get()) is not None:
                stats.stale = True
        return inventory.jobs_by_artifact.get(marks)

    async def _prepare_training_jobs(self, pages: int = 1) -> bool:
        """Start a scan of all training jobs if their list has at most these pages, or Search may not be used."""
        view = self.listing(Kind.TRAINING_JOB)
        await view.ensure(PAGE_SIZE * (pages - 1) + 1)
        if view.complete_as_of is None and self._may_search_jobs():
            return False
        self._inventory.single_flight.start(self._scan_key(Kind.TRAINING_JOB), partial(self._scan, Kind.TRAINING_JOB))
        return True

    async def _search_by_artifact(self, marks: ArtifactQuery) -> None:
        inventory, begun = self._inventory, self._inventory.config.now()
        records = await inventory.search.by_artifact(marks)
        if records is None:
            inventory.jobs_by_artifact.pop(marks, None)
            return
        inventory.jobs_by_artifact[marks] = [record.resource for record in records], begun
        while len(inventory.jobs_by_artifact) > MAX_LISTINGS:
            del inventory.jobs_by_artifact[next(iter(inventory.jobs_by_artifact))]

    async def _with_recent(self, listed: Sequence[AnyResource], as_of: datetime) -> Scan:
        """Describe the newest rows, and jobs that Search shows as running, because Search lags behind."""
        rows = self.listing(Kind.TRAINING_JOB).rows
        recent = {row.name for row in rows if creation_key(row)[0] > as_of - SEARCH_LAG}
        doubtful = recent | {job.name for job in listed if not is_settled(job)}
        described = await self.describe(Kind.TRAINING_JOB, sorted(doubtful))
        for item in described.values():
            if isinstance(item, AWSError) and not isinstance(item, AccessDeniedError):
                raise item
        jobs = {job.name: job for job in listed if job.name not in doubtful}
        jobs |= {name: item for name, item in described.items() if item is not None and not isinstance(item, AWSError)}
        refused = {name: item for name, item in described.items() if isinstance(item, AWSError)}
        ordered = tuple(sorted(jobs.values(), key=creation_key, reverse=True))
        return Scan(ordered, tuple(refused), as_of, None, next(iter(refused.values()), None))

    async def linked(self, query: LinkedQuery) -> LinkedRows:
        """Give the linked rows of a query, as far as its pages need them. Raises AWSError; see LinkWalk."""
        return await self._links.read(query)

    async def known_pages(self, question: PageQuestion, parents: Sequence[Hashable]) -> KnownPages | None:
        """Give the page of each parent, if no page needs a call. Raises AWSError if a list could not be read."""
        return await self._links.known(question, parents)

    def are_authoritative(self, rows: Iterable[AnyResource]) -> bool:
        """Tell whether the links of all these rows were described within the authority age."""
        return self._links.are_authoritative(rows)

    def link_counts(self, kind: Kind, type: LinkType) -> Mapping[str, int]:
        """Give the number of known rows of a kind under each key of a `type` of link."""
        return self._links.counts(kind, type)

    def listed(self, kind: Kind, names: Iterable[str]) -> Mapping[str, AnyResource]:
        """Give the known rows that have these names, by name."""
        rows = self._inventory.lists[kind].rows_by_name()
        return {name: row for name in names if (row := rows.get(name)) is not None}

    async def _searched(self, marks: ArtifactQuery) -> Scan | None:
        """The training jobs with these marks by Search; None if their list has fewer pages, or Search is refused."""
        if not self._may_search_jobs():
            return None
        view = self.listing(Kind.TRAINING_JOB)
        await view.ensure(PAGE_SIZE * (self._inventory.search.count_searches(marks) - 1) + 1)
        if view.complete_as_of is not None:
            return None
        known = await self._jobs_by_artifact(marks)
        return None if known is None else await self._with_recent(*known)

    async def tags(self, arns: Iterable[str]) -> Mapping[str, TagsResult]:
        """Give the tags of each resource by ARN; None if the resource is gone."""
        return await self._inventory.tags.get_many(arns, self.horizon)

    async def packages(self, names: Iterable[str]) -> Mapping[str, tuple[Artifact, ...] | AWSError | None]:
        """Give the artifacts of each model package, by its name or ARN; None if it is gone."""
        return await artifacts_of_packages(self._inventory, self.horizon, names, self._until)

    async def compare_search(self, kind: Kind, count: int) -> tuple[int, int]:
        """Describe up to `count` results of Search; give their number, and that of those the role may not describe."""
        records = await self._inventory.search.search_kind(kind, 1) or ()
        described = await self.describe(kind, [record.resource.name for record in records[:count]])
        return len(described), sum(isinstance(one, AccessDeniedError) for one in described.values())

    async def check_access(self, role_arn: str | None) -> AccessCheck:
        """Check the permissions of the scope's role; see aws/access.py. Raises AWSError."""
        check = partial(self._inventory.check_access, role_arn)
        return await self._inventory.single_flight.do(("access", self.horizon.started), check)


def _with_row(result: Described, row: AnyResource) -> Described:
    return result if result is None or isinstance(result, AWSError) else KINDS[row.kind].complete(result, row)
