"""Cache of one kind's list: polled for newer rows, relisted before the deletion age."""

from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from aws.client.call_stats import current_call_stats
from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, AWSError, ThrottledError, UnavailableError
from aws.inventory.horizon import Horizon
from aws.inventory.listings import EVERYTHING, PAGE_SIZE, Listing, ListQuery
from aws.inventory.row_store import ListRows, RowStore
from aws.inventory.unsettled_jobs import with_unsettled
from aws.inventory.weights import weigh_alike
from aws.kinds.catalog import KINDS, AnyResource
from aws.kinds.kind import Kind
from aws.kinds.resource import Provenance
from concurrency.single_flight import SingleFlight

# Lists are eventually consistent, and clocks differ: a poll for newer rows overlaps the last one by this much.
OVERLAP = timedelta(minutes=2)

EVERY_ROW = 10**9


class StartInBackground(Protocol):
    """Starts a call that nobody waits for."""

    def __call__(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, object]], /) -> None:
        """Start a call under `key` unless one is under way."""


@dataclass(frozen=True, slots=True)
class ListCacheDeps:
    """Dependencies of a list cache.

    Attributes:
        calls: The client of the scope.
        provenance: Gives the provenance of a read that begins now.
        single_flight: Shares calls under way.
        in_background: Starts a call that nobody waits for.
        refetch: Describes names by new calls.
        on_denied: Called when the role may not list the kind.
        on_row_change: Called with the name of each row that was added, removed or changed.
        on_page: Called after each page of a relist.
    """

    calls: AwsClient
    provenance: Callable[[], Provenance]
    single_flight: SingleFlight
    in_background: StartInBackground
    refetch: Callable[[Sequence[str]], Coroutine[Any, Any, Mapping[str, AnyResource | AWSError | None]]]
    on_denied: Callable[[], None]
    on_row_change: Callable[[str], None]
    on_page: Callable[[], None]


class ListCache:
    """The rows of one kind in one scope.

    One read of the list (`Listing`) is the base: from the newest row as far back as any request has needed. Until the
    deletion age has passed, only newer rows are polled. Then the list is read anew (rebased): in the background once
    half of that age has passed, and before the answer once all of it has.

    Args:
        kind: The kind.
        deps: The calls and callbacks.

    Attributes:
        hits: The number of reads that needed no call.
        misses: The number of calls for rows.
    """

    def __init__(self, kind: Kind, deps: ListCacheDeps) -> None:
        self.kind = kind
        self._deps = deps
        self._store = RowStore(deps.on_row_change)
        self._next_listing: Listing | None = None
        self._failure: tuple[AWSError, datetime] | None = None
        self._last_denial: AWSError | None = None
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """The number of rows kept."""
        return len(self._store.by_name())

    def clear(self) -> None:
        """Drop everything, because the role may no longer list the kind."""
        self._store.clear()
        self._next_listing = None

    def rows(self) -> ListRows:
        """Give the present rows, of any age."""
        return self._store.rows()

    def rows_by_name(self) -> Mapping[str, AnyResource]:
        """Give the present rows by name."""
        return self._store.by_name()

    @property
    def bytes(self) -> int:
        """The memory of the rows."""
        return weigh_alike(self._store.by_name())

    def is_whole(self, horizon: Horizon) -> bool:
        """Tell whether every row is known, from a read within the deletion age of `horizon`."""
        base = self._store.base
        return base is not None and base.complete and base.begun_since(horizon.deletion)

    def fresh_rows(self, horizon: Horizon) -> Mapping[str, AnyResource]:
        """Give the rows by name; none if the list is not fresh at the horizon."""
        return self._store.by_name() if self.is_fresh(horizon) else {}

    def lacks(self, name: str, horizon: Horizon) -> bool:
        """Tell whether the list is fresh and complete at the horizon, and has no row of `name`."""
        return self.is_fresh(horizon) and self.is_whole(horizon) and name not in self._store.by_name()

    def record_write(self, resource: AnyResource) -> None:
        """Record a resource that was just created or changed; SageMaker may not list it for a while."""
        self._store.record_write(resource)

    def tombstone(self, name: str) -> None:
        """Record that the resource `name` is gone: deleted here, or absent when described."""
        self._store.tombstone(name, self._deps.provenance().as_of)

    def is_fresh(self, horizon: Horizon) -> bool:
        """Tell whether newer rows were polled within the fresh age of `horizon`."""
        return self._store.as_of is not None and self._store.as_of >= horizon.fresh

    async def ensure(self, horizon: Horizon, count: int) -> ListRows:
        """Return at least `count` rows, or all of a shorter list.

        While AWS does not answer or throttles, the last known rows are given, up to the age `horizon.last_known`.

        Raises:
            AWSError: The list could not be read, and the known rows are too old or too few.
        """
        if self._suffices(horizon, count):
            self.hits += 1
            return self.rows()
        misses = self.misses
        try:
            await self._refresh(horizon, count)
            self.hits += self.misses == misses
        except AccessDeniedError as error:
            if error is not self._last_denial:
                self._last_denial = error
                self._deps.on_denied()
            raise
        except (ThrottledError, UnavailableError):
            if not self._stale_rows_suffice(horizon, count):
                raise
            if (stats := current_call_stats.get()) is not None:
                stats.stale = True
        return self.rows()

    def _suffices(self, horizon: Horizon, count: int) -> bool:
        """Tell whether nothing is waited for; the next base may be begun behind."""
        base = self._base()
        is_read = base is not None and base.begun_since(horizon.deletion) and self.is_fresh(horizon)
        if base is None or not is_read or not (base.complete or len(self.rows().rows) >= count):
            return False
        self._relist_before_expiry(base, horizon)
        return True

    async def _refresh(self, horizon: Horizon, count: int) -> None:
        while (base := self._base()) is None or not base.begun_since(horizon.deletion):
            await self._do("renew", partial(self._relist, count), horizon)
        while not self.is_fresh(horizon):
            # A refusal may have cleared everything meanwhile, so the base is read in each round.
            base = self._base()
            if base is None or self._is_small(base):
                known = 0 if base is None else len(base.rows)
                await self._do("renew", partial(self._relist, max(count, known)), horizon)
            else:
                await self._do("catch-up", self._poll_newer, horizon)
        if (base := self._base()) is not None:
            self._relist_before_expiry(base, horizon)
        await self._extend(horizon, count)

    async def _do(self, call_name: str, start: Callable[[], Coroutine[Any, Any, None]], horizon: Horizon) -> None:
        """Join or start a call; a failure since the request began is raised again without a new call."""
        if self._failure is not None and self._failure[1] >= horizon.started:
            raise self._failure[0]
        self.misses += 1
        await self._deps.single_flight.do((call_name, self.kind), partial(self._noting_failure, start))

    async def _noting_failure(self, start: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a call whose failure is recorded before it ends, so that no waiter repeats it."""
        try:
            await start()
        except AWSError as error:
            self._failure = error, self._deps.provenance().as_of
            raise

    async def _extend(self, horizon: Horizon, count: int) -> None:
        """Read further rows. Removed rows do not count, so more may have to be listed than `count`."""
        while (base := self._base()) is not None and not base.complete:
            missing = count - len(self.rows().rows)
            if missing <= 0:
                return
            self.misses += 1
            await base.ensure(len(base.rows) + missing, horizon.started)

    def _base(self) -> Listing | None:
        return self._store.base

    def _is_small(self, base: Listing) -> bool:
        """Tell whether a read of the whole list costs no more than a poll for newer rows; it also shows deletions.

        Any runtime or inference component may have changed, and filters by modification time make SageMaker page
        through all of them (aws/aws-sdk issue 486), so these lists are always read whole.
        """
        descriptor = KINDS[self.kind]
        return descriptor.volatile or descriptor.relisted or len(base.rows) <= PAGE_SIZE

    def _stale_rows_suffice(self, horizon: Horizon, count: int) -> bool:
        store = self._store
        if store.base is None or store.as_of is None or store.as_of < horizon.last_known:
            return False
        return store.base.complete or len(store.rows().rows) >= count

    def _listing(self, query: ListQuery = EVERYTHING) -> Listing:
        means = self._deps
        return Listing(self.kind, query, means.calls, means.provenance, means.single_flight, self._known)

    def _known(self, name: str) -> AnyResource | None:
        return self._store.by_name().get(name)

    def _rebase(self, listing: Listing) -> None:
        self._store.rebase(listing, listing.begun or self._deps.provenance().as_of)

    async def _relist(self, count: int) -> None:
        listing = self._listing()
        await self._read_staged(listing, count)
        self._rebase(listing)

    async def _read_staged(self, listing: Listing, count: int) -> None:
        """Read the next base page by page; each page is stored at once, so that no turn of the loop stores all."""
        while not listing.complete and len(listing.rows) < count:
            await listing.ensure(len(listing.rows) + 1)
            self._store.stage(listing)
            self._deps.on_page()

    def _relist_before_expiry(self, base: Listing, horizon: Horizon) -> None:
        """Relist in the background once half of the deletion age has passed.

        A request that asks for nothing older than a moment (`max_age`) relists for itself, and needs no next base.
        """
        half_way = horizon.deletion + (horizon.started - horizon.deletion) / 2
        if horizon.deletion < horizon.fresh and not base.begun_since(half_way):
            self._deps.in_background(("renew behind", self.kind), partial(self._relist_in_background, base))

    async def _relist_in_background(self, base: Listing) -> None:
        """Read the next base as far as the present one goes; a read that was cut short is continued."""
        count = EVERY_ROW if base.complete else len(base.rows)
        if self._next_listing is None or (base.begun is not None and not self._next_listing.begun_since(base.begun)):
            self._next_listing = self._listing()
        listing = self._next_listing
        await self._read_staged(listing, count)
        self._next_listing = None
        self._rebase(listing)

    async def _poll_newer(self) -> None:
        """Read rows newer than the last read, and again the jobs that had not ended then."""
        begun = self._deps.provenance().as_of
        since, unsettled = with_unsettled(self.rows().rows, (self._store.as_of or begun) - OVERLAP)
        listing = self._listing(ListQuery(created_after=since))
        await listing.ensure(EVERY_ROW)
        self._store.upsert(listing.rows)
        if unsettled:
            results = await self._deps.refetch(unsettled)
            self._store.upsert(
                [result for result in results.values() if result is not None and not isinstance(result, AWSError)]
            )
            for name in (name for name, result in results.items() if result is None):
                self.tombstone(name)
        self._store.as_of = begun
