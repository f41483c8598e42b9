"""The caches of one scope: lists, descriptions, tags, and other facts from AWS."""

from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws.access import AccessCheck, check_access
from aws.client.call_stats import current_call_stats, record_change
from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, AWSError, NotFoundError
from aws.inventory.cache_states import Counted
from aws.inventory.derived_values import DerivedValues
from aws.inventory.describe_cache import DescribeCache, Described
from aws.inventory.horizon import CacheAges, DefaultCacheAges, Horizon, horizon_at
from aws.inventory.job_facts import JobFacts
from aws.inventory.known_pages import PageCache
from aws.inventory.link_index import LinkFact, LinkIndex, link_fact
from aws.inventory.list_cache import ListCache, ListCacheDeps
from aws.inventory.listings import Listing, ListQuery
from aws.inventory.projections import Projections
from aws.inventory.runtime_facts import RuntimeFacts
from aws.inventory.search import ArtifactQuery, SearchClient
from aws.inventory.shared_parts import DetailParts, sharing_parts
from aws.inventory.tag_cache import TagCache
from aws.inventory.watches import Watches
from aws.inventory.weights import Weighed, weigh_rows
from aws.kinds.catalog import API_NAMES, KINDS, AnyResource
from aws.kinds.kind import ApiNames, Kind
from aws.kinds.model_packages import ModelPackage
from aws.kinds.resource import Provenance, build_arn
from concurrency.priority import Priority
from concurrency.single_flight import SingleFlight
from concurrency.tracing import current_tracer

# The most listings with filters that are kept; each is used only while it is fresh.
MAX_LISTINGS = 100


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ScopeId:
    """The scope of an inventory.

    Attributes:
        scope: Its key, which every resource of the inventory carries.
        account_id: The AWS account.
        region: The AWS region.
    """

    scope: str
    account_id: str
    region: str


@dataclass(frozen=True, slots=True)
class InventoryConfig:
    """Configuration of an inventory.

    Attributes:
        ages: The ages of cached reads.
        scan_bound: The most rows of one kind that a query may list and describe (`limits.scan`).
        search: True if Search may be used.
        as_gateway: Gives a context in which calls are signed as the gateway itself, for background work.
        now: Gives the time.
        on_described: Called with each described resource; never with one from Search.
    """

    ages: CacheAges = field(default_factory=DefaultCacheAges)
    scan_bound: int = 20_000
    search: bool = False
    as_gateway: Callable[[], AbstractContextManager[object]] = nullcontext
    now: Callable[[], datetime] = utc_now
    on_described: Callable[[AnyResource], None] = lambda _resource: None


class Inventory:
    """Lists, descriptions and tags of one scope, which each request reads through its own `Reader`.

    Args:
        calls: The client of the scope.
        scope_id: The scope.
        config: The configuration.
    """

    def __init__(self, calls: AwsClient, scope_id: ScopeId, config: InventoryConfig) -> None:
        self.config = config
        self.single_flight = SingleFlight(counter=current_call_stats.get)
        self._calls = calls
        self.scope_id = scope_id
        self.lists = {kind: ListCache(kind, self._list_cache_deps(kind)) for kind in Kind}
        self.links = {kind: LinkIndex(rows.rows, rows.rows_by_name) for kind, rows in self.lists.items()}
        self.descriptions = {kind: self._describe_cache(kind) for kind in Kind}
        self.pages = PageCache(self.descriptions, self.lists)
        self.derived = DerivedValues()
        self.projections = Projections()
        self.tags = TagCache(calls, self.single_flight, config.now)
        self.runtime_facts = RuntimeFacts(calls, scope_id.scope, self.single_flight, config.now)
        self.job_facts = JobFacts(calls, self.provenance, self.single_flight, config.now)
        self.search = SearchClient(calls, self.provenance, allowed=config.search)
        self.jobs_by_artifact: dict[ArtifactQuery, tuple[Sequence[AnyResource], datetime]] = {}
        self._listings: dict[tuple[Kind, ListQuery], Listing] = {}
        self.watches = Watches(self, config.ages.fresh_seconds)

    @property
    def bytes(self) -> int:
        """The memory of all caches, by which scopes are evicted; see weights."""
        caches: list[Weighed] = [*self.lists.values(), *self.descriptions.values(), *self.links.values()]
        caches += [self.pages, self.derived, self.projections, self.tags, self.runtime_facts, self.job_facts]
        rows: list[Sequence[AnyResource]] = [listing.rows for listing in self._listings.values()]
        rows += [jobs for jobs, _ in self.jobs_by_artifact.values()]
        return sum(cache.bytes for cache in caches) + sum(map(weigh_rows, rows))

    def caches(self) -> Mapping[str, Sequence[Counted]]:
        """The caches by their names in metrics; `bytes` covers further ones."""
        return {
            "lists": list(self.lists.values()),
            "descriptions": list(self.descriptions.values()),
            "tags": [self.tags],
            **self.runtime_facts.caches(),
            **self.job_facts.caches(),
        }

    def __len__(self) -> int:
        """The number of entries kept."""
        rows = sum(len(cache.rows().rows) for cache in self.lists.values())
        return rows + sum(len(cache) for cache in self.descriptions.values()) + len(self.tags)

    def provenance(self) -> Provenance:
        """The provenance of a read that begins now."""
        now = self.config.now()
        return Provenance(self.scope_id.scope, self.scope_id.account_id, self.scope_id.region, now)

    def listing(self, kind: Kind, query: ListQuery, since: datetime) -> Listing:
        """Give the listing of a query that began at `since` or later; a new one has read no page yet."""
        key = (kind, query)
        known = self._listings.pop(key, None)
        if known is None or not (known.begun is None or known.begun_since(since)):
            known = Listing(kind, query, self._calls, self.provenance, self.single_flight)
        self._listings[key] = known
        while len(self._listings) > MAX_LISTINGS:
            del self._listings[next(iter(self._listings))]
        return known

    def record_write(self, resource: AnyResource) -> None:
        """Record a resource that this gateway has just created or changed, as described."""
        self.lists[resource.kind].record_write(resource)
        self.descriptions[resource.kind].put(resource)
        record_change()

    def record_package(self, package: ModelPackage, arn: str) -> None:
        """Record a model package that was just changed; one of another account or region is kept by its ARN only."""
        if (package.account_id, package.region) == (self.scope_id.account_id, self.scope_id.region):
            self.record_write(package)
        else:
            self.descriptions[Kind.MODEL_PACKAGE].put(package, arn)
            record_change()

    def record_delete(self, kind: Kind, name: str) -> None:
        """Record that this gateway has just deleted the resource of this kind and name."""
        self.lists[kind].tombstone(name)
        self.descriptions[kind].mark_deleted(name)
        record_change()

    def start_in_background(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Start background work, one at a time for each `key`: signed as the gateway, with the lowest priority."""

        def begin() -> None:
            current_call_stats.set(None)
            current_tracer.set(None)
            self.single_flight.start(key, partial(self.run_as_gateway, start), priority=Priority(interactive=False))

        copy_context().run(begin)

    async def run_as_gateway(self, work: Callable[[], Awaitable[object]]) -> None:
        """Run background work, signed as the gateway."""
        with self.config.as_gateway():
            await work()

    def watch_horizon(self) -> Horizon:
        """The horizon of a look at watched resources: new states, and details until a state differs."""
        now = self.config.now()
        horizon = horizon_at(self.config.ages, now)
        return replace(horizon, fresh=now, runtime=horizon.authority)

    async def close(self) -> None:
        """Cancel every call under way."""
        await self.watches.close()
        await self.single_flight.close()

    def hydrate(self, kind: Kind, facts: Iterable[LinkFact]) -> None:
        """Load links that an earlier process has kept; it should precede the first list of the kind."""
        self.links[kind].hydrate(facts)

    def forget(self, kind: Kind) -> None:
        """Drop everything about a kind, because the role may no longer read it."""
        self.links[kind].clear()
        self._forget_shown(kind)

    def _on_describe_denied(self, kind: Kind) -> None:
        """Drop the descriptions of a kind: the role's permissions have changed.

        Links stay for reading, and each is shown only once its resource has been described again.
        """
        self.links[kind].distrust(self.config.now())
        self._forget_shown(kind)

    def _forget_shown(self, kind: Kind) -> None:
        self.lists[kind].clear()
        self.descriptions[kind].clear()
        self.projections.clear()
        self.tags.clear(API_NAMES[kind].arn_type + "/")
        self.jobs_by_artifact.clear()
        self._listings = {key: listing for key, listing in self._listings.items() if key[0] is not kind}

    def _list_cache_deps(self, kind: Kind) -> ListCacheDeps:
        return ListCacheDeps(
            calls=self._calls,
            provenance=self.provenance,
            single_flight=self.single_flight,
            in_background=self.start_in_background,
            refetch=partial(self._refetch, kind),
            on_denied=partial(self.forget, kind),
            on_row_change=partial(self._note_row_change, kind),
            on_page=partial(self._fold_links, kind),
        )

    def _describe_cache(self, kind: Kind) -> DescribeCache:
        spelling, read, parts = API_NAMES[kind], KINDS[kind].parse_description, DetailParts()

        async def describe(name: str) -> AnyResource:
            origin = self.provenance()
            try:
                answer = await self._calls.call(spelling.describe_operation, **self._describe_request(spelling, name))
            except NotFoundError:
                # A list may show it until the next read.
                self.lists[kind].tombstone(name)
                raise
            described: AnyResource = parts.sharing(read(answer, origin))
            described = sharing_parts(described, self.lists[kind].rows_by_name().get(name))
            self.config.on_described(described)
            return described

        return DescribeCache(
            kind,
            self.single_flight,
            describe,
            self.lists[kind],
            partial(self._on_describe_denied, kind),
            self.config.now,
            partial(self._note_result, kind),
        )

    def _describe_request(self, spelling: ApiNames, name: str) -> Mapping[str, str]:
        """The parameters that describe a resource by its name, or one of another account by its ARN."""
        asked = name
        if spelling.described_by_arn and not name.startswith("arn:"):
            asked = build_arn(spelling, self.scope_id.region, self.scope_id.account_id, name)
        return {spelling.describe_key or spelling.name_key: asked, **dict(spelling.describe_parameters)}

    def _fold_links(self, kind: Kind) -> None:
        self.links[kind].current()

    def _note_row_change(self, kind: Kind, name: str) -> None:
        self.links[kind].row_changed(name)
        self.watches.note(kind, name)

    def _note_result(self, kind: Kind, name: str, result: Described, at: datetime) -> None:
        _note_result(self.links[kind], name, result, at)
        self.watches.note(kind, name)

    async def _refetch(self, kind: Kind, names: Sequence[str]) -> Mapping[str, AnyResource | AWSError | None]:
        return await self.descriptions[kind].refetch(names)

    async def check_access(self, role_arn: str | None) -> AccessCheck:
        """Check the permissions of the scope's role; nothing is kept. See aws/access.py.

        Raises:
            AWSError: AWS could not be asked.
        """
        return await check_access(self._calls, role_arn)


def _note_result(index: LinkIndex, name: str, result: Described, at: datetime) -> None:
    if result is None:
        index.remove(name)
    elif isinstance(result, AccessDeniedError):
        index.refuse(name, at)
    elif not isinstance(result, AWSError):
        index.learn(link_fact(result, at))
