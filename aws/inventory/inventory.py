"""What is known of one scope's SageMaker, for as long as the scope lives."""

from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws.access import AccessCheck, check_access
from aws.calls import Calls
from aws.errors import AWSError, NotFoundError
from aws.inventory.ages import Ages
from aws.inventory.facts import Facts
from aws.inventory.flights import Flights
from aws.inventory.labels import TagBook
from aws.inventory.listings import Listing, Query
from aws.inventory.rolls import Means, Roll
from aws.inventory.searches import Marks, Searches
from aws.inventory.shelves import Shelf
from aws.kinds import SPELLING, Kind
from aws.metrics import MetricSeries, Series, Window, read_metrics
from aws.readings.models import package_artifacts
from aws.readings.origin import Origin
from aws.readings.table import READERS
from aws.resources import AnyResource, Artifact
from aws.schedules import MonitoringSchedule, last_execution_status, list_schedules
from aws.tally import current_tally, has_changed
from aws.urgency import Urgency

# Listings with filters of their own are kept only until they are no longer fresh, and only so many.
MOST_LISTINGS = 100


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Which scope an inventory is of: its key, which every resource read through it carries, account and region."""

    scope: str
    account_id: str
    region: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How an inventory works.

    Attributes:
        ages: How old what is known may be.
        scan_bound: The most rows of one kind that are listed and described to answer a question (`limits.scan`).
        search: Whether Search may be used.
        as_gateway: Makes what is done inside it be signed as the gateway itself: background work.
        now: The time.
    """

    ages: Ages = field(default_factory=Ages)
    scan_bound: int = 20_000
    search: bool = False
    as_gateway: Callable[[], AbstractContextManager[object]] = nullcontext
    now: Callable[[], datetime] = utc_now


class Inventory:
    """Rolls, descriptions and tags of one scope, which a request reads through a `Reader` of its own.

    Args:
        calls: The scope's way to AWS.
        place: Which scope it is.
        rules: How it works.
    """

    def __init__(self, calls: Calls, place: Place, rules: Rules) -> None:
        self.rules = rules
        self.flights = Flights()
        self._calls = calls
        self._place = place
        self.rolls = {kind: Roll(kind, self._means(kind)) for kind in Kind}
        self.shelves = {kind: self._shelf(kind) for kind in Kind}
        self.tags = TagBook(calls, self.flights, rules.now)
        self.packages: Facts[tuple[Artifact, ...]] = Facts(self.flights, self._read_package, rules.now)
        self.schedules: Facts[Sequence[MonitoringSchedule]] = Facts(self.flights, self._read_schedules, rules.now)
        self.executions: Facts[str] = Facts(self.flights, partial(last_execution_status, calls), rules.now)
        self.searches = Searches(calls, self.origin, allowed=rules.search)
        self.made_by: dict[Marks, tuple[Sequence[AnyResource], datetime]] = {}
        self._listings: dict[tuple[Kind, Query], Listing] = {}

    def __len__(self) -> int:
        """How many things are known, by which scopes are told from one another when memory runs short."""
        rows = sum(len(roll.rows().rows) for roll in self.rolls.values())
        return rows + sum(len(shelf) for shelf in self.shelves.values()) + len(self.tags)

    def origin(self) -> Origin:
        """Where and when a reading that begins now is made."""
        now = self.rules.now()
        return Origin(self._place.scope, self._place.account_id, self._place.region, now)

    def listing(self, kind: Kind, query: Query, since: datetime) -> Listing:
        """A listing with filters, begun at the earliest then; a new one has read nothing yet."""
        key = (kind, query)
        known = self._listings.pop(key, None)
        if known is None or not (known.begun is None or known.begun_since(since)):
            known = Listing(kind, query, self._calls, self.origin, self.flights)
        self._listings[key] = known
        while len(self._listings) > MOST_LISTINGS:
            del self._listings[next(iter(self._listings))]
        return known

    def wrote(self, resource: AnyResource) -> None:
        """Learns of something that we have just made or changed, as its description says."""
        self.rolls[resource.kind].wrote(resource)
        self.shelves[resource.kind].learn(resource)
        has_changed()

    def deleted(self, kind: Kind, name: str) -> None:
        """Learns of something that we have just deleted."""
        self.rolls[kind].remove(name)
        self.shelves[kind].forget(name)
        has_changed()

    def behind(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Begins work that nobody waits for: signed as the gateway, on nobody's account, after everybody else."""

        def begin() -> None:
            current_tally.set(None)
            self.flights.begin(key, partial(self._as_gateway, start), urgency=Urgency(person_waits=False))

        copy_context().run(begin)

    async def _as_gateway(self, start: Callable[[], Coroutine[Any, Any, object]]) -> None:
        with self.rules.as_gateway():
            await start()

    async def close(self) -> None:
        """Ends what is under way."""
        await self.flights.close()

    def forget(self, kind: Kind) -> None:
        """Drops what was known of a kind, because the role may not see it any more."""
        self.rolls[kind].clear()
        self.shelves[kind].clear()
        self.tags.clear(SPELLING[kind].arn_type + "/")
        self.made_by.clear()
        self._listings = {key: listing for key, listing in self._listings.items() if key[0] is not kind}

    def _means(self, kind: Kind) -> Means:
        return Means(
            calls=self._calls,
            origin=self.origin,
            flights=self.flights,
            behind=self.behind,
            look=partial(self._look, kind),
            denied=partial(self.forget, kind),
        )

    def _shelf(self, kind: Kind) -> Shelf:
        spelling, read = SPELLING[kind], READERS[kind].description

        async def describe(name: str) -> AnyResource:
            origin = self.origin()
            try:
                answer = await self._calls.call(spelling.describe_operation, **{spelling.name_key: name})
            except NotFoundError:
                # A listing may go on showing it for a while, or until it is read again.
                self.rolls[kind].remove(name)
                raise
            return read(answer, origin)

        return Shelf(kind, self.flights, describe, self.rolls[kind], partial(self.forget, kind), self.rules.now)

    async def _look(self, kind: Kind, names: Sequence[str]) -> Mapping[str, AnyResource | AWSError | None]:
        return await self.shelves[kind].look(names)

    async def _read_schedules(self, _everything: str) -> Sequence[MonitoringSchedule]:
        return await list_schedules(self._calls, self._place.scope)

    async def check_access(self, role_arn: str | None) -> AccessCheck:
        """What the scope's role may do; nothing of it is kept. Raises AWSError."""
        return await check_access(self._calls, role_arn)

    async def read_metrics(self, wanted: Sequence[Series], window: Window) -> Mapping[Series, MetricSeries]:
        """The points of each series; nothing of it is kept. Raises AWSError."""
        return await read_metrics(self._calls, wanted, window)

    async def _read_package(self, name: str) -> tuple[Artifact, ...]:
        return package_artifacts(await self._calls.call("DescribeModelPackage", ModelPackageName=name))
