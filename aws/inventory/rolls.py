"""The roll of one kind: the rows that listings have shown, kept up to date for as little as that costs."""

import math
from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from aws.calls import Calls
from aws.errors import AccessDeniedError, AWSError, ThrottledError, UnavailableError
from aws.inventory.ages import Horizon
from aws.inventory.flights import Flights
from aws.inventory.listings import EVERYTHING, PAGE_SIZE, Listing, Query, position
from aws.kinds import Kind
from aws.readings.origin import Origin
from aws.resources import AnyResource, TrainingJob, TransformJob
from aws.statuses import JobStatus
from aws.tally import current_tally

# Listings are eventually consistent, and clocks differ: what is newer is asked for with this much to spare.
OVERLAP = timedelta(minutes=2)
# What we have just made may be missing from a listing that began within this time after, and what we have just
# deleted may still be in it.
SETTLING = timedelta(minutes=1)
_UNSETTLED = frozenset({JobStatus.IN_PROGRESS, JobStatus.STOPPING, JobStatus.DELETING, JobStatus.UNKNOWN})
EVERY_ROW = 10**9


class Behind(Protocol):
    """Begins a flight that nobody waits for."""

    def __call__(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, object]], /) -> None:
        """Begins it, unless it is under way."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a roll works with.

    Attributes:
        calls: The scope's way to AWS.
        origin: Tells where and when a reading is made.
        flights: Where what is under way is shared.
        behind: Begins a flight that nobody waits for.
        look: Describes names anew, whatever is known of them.
        denied: Told when the role may not list the kind.
    """

    calls: Calls
    origin: Callable[[], Origin]
    flights: Flights
    behind: Behind
    look: Callable[[Sequence[str]], Coroutine[Any, Any, Mapping[str, AnyResource | AWSError | None]]]
    denied: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Rows:
    """A roll as it stands.

    Attributes:
        rows: The rows, newest first.
        complete_as_of: When a listing that went to the end began; None where the roll is only a part.
        as_of: When SageMaker was last asked for what is newer.
        version: Another one whenever anything has changed.
    """

    rows: Sequence[AnyResource]
    complete_as_of: datetime | None
    as_of: datetime | None
    version: Hashable


class Roll:
    """The rows of one kind in one scope.

    A reading of the list (`Listing`) is the ground: from the newest as far back as anybody has needed. Until the
    deletion age has passed, only what is newer is asked for. Then the ground is laid again: half-way there in the
    background, and once it has come to that, before the answer.
    """

    def __init__(self, kind: Kind, means: Means) -> None:
        self.kind = kind
        self._means = means
        self._changes = 0
        self.clear()

    def clear(self) -> None:
        """Forgets everything: the role may not see it any more."""
        self._ground: Listing | None = None
        self._next: Listing | None = None
        self._later: dict[str, AnyResource] = {}
        self._removed: dict[str, _Removed] = {}
        self._written: dict[str, AnyResource] = {}
        self._as_of: datetime | None = None
        self._sorted: Rows | None = None
        self._changes += 1

    def is_whole(self, horizon: Horizon) -> bool:
        """Whether the roll has every row, by a listing that is not older than the deletion age."""
        return self._ground is not None and self._ground.complete and self._ground.begun_since(horizon.deletion)

    def row(self, name: str, horizon: Horizon) -> AnyResource | None:
        """The row of this name, if the roll is fresh; None where it has none, or is not."""
        if self._as_of is None or self._as_of < horizon.fresh:
            return None
        return self._by_name().get(name)

    def lacks(self, name: str, horizon: Horizon) -> bool:
        """Whether the roll is fresh and whole and has no such row."""
        fresh = self._as_of is not None and self._as_of >= horizon.fresh
        return fresh and self.is_whole(horizon) and name not in self._by_name()

    async def reach(self, horizon: Horizon, count: int) -> Rows:
        """The roll with at least this many rows, or all there are.

        While AWS is down or turns calls away, the last known rows are given, up to the authority age.

        Raises:
            AWSError: The list could not be read, and nothing that is known will do.
        """
        try:
            await self._refresh(horizon, count)
        except AccessDeniedError:
            self._means.denied()
            raise
        except (ThrottledError, UnavailableError):
            if not self._will_do(horizon, count):
                raise
            if (tally := current_tally.get()) is not None:
                tally.stale = True
        return self.rows()

    async def _refresh(self, horizon: Horizon, count: int) -> None:
        join, kind = self._means.flights.join, self.kind
        while self._ground is None or not self._ground.begun_since(horizon.deletion):
            await join(("renew", kind), partial(self._renew, count))
        while self._as_of is None or self._as_of < horizon.fresh:
            if self._is_small(self._ground):
                await join(("renew", kind), partial(self._renew, max(count, len(self._ground.rows))))
            else:
                await join(("catch-up", kind), self._catch_up)
        if self._ground is not None:
            self._renew_in_time(horizon)
            await self._ground.reach(count, horizon.started)

    def _is_small(self, ground: Listing | None) -> bool:
        """Whether reading it all again costs no more than asking for what is newer, and tells of deletions besides.

        Of runtimes any may have changed, and filters by modification time make SageMaker page through all of them
        (aws/aws-sdk issue 486), so that they are always read again.
        """
        return ground is None or self.kind is Kind.RUNTIME or len(ground.rows) <= PAGE_SIZE

    def _will_do(self, horizon: Horizon, count: int) -> bool:
        if self._ground is None or self._as_of is None or self._as_of < horizon.authority:
            return False
        return self._ground.complete or len(self._ground.rows) >= count

    def _listing(self, query: Query = EVERYTHING) -> Listing:
        means = self._means
        return Listing(self.kind, query, means.calls, means.origin, means.flights)

    async def _renew(self, count: int) -> None:
        listing = self._listing()
        await listing.reach(count)
        self._lay(listing)

    def _renew_in_time(self, horizon: Horizon) -> None:
        """Half-way to the deletion age, the next ground is laid beside the present one."""
        half_way = horizon.deletion + (horizon.started - horizon.deletion) / 2
        if self._ground is not None and not self._ground.begun_since(half_way):
            self._means.behind(("renew behind", self.kind), self._renew_behind)

    async def _renew_behind(self) -> None:
        """Lays the next ground as far as the present one goes; one that was cut short is gone on with."""
        if self._ground is None:
            return
        count = EVERY_ROW if self._ground.complete else len(self._ground.rows)
        if self._next is None or not self._next.begun_since(self._ground.begun or self._means.origin().as_of):
            self._next = self._listing()
        listing = self._next
        await listing.reach(count)
        self._next = None
        self._lay(listing)

    def _lay(self, listing: Listing) -> None:
        """Puts a new ground in place of the present one; what was read, written or removed since it began stays."""
        begun = listing.begun or self._means.origin().as_of
        self._ground = listing
        self._later = {name: row for name, row in self._later.items() if row.as_of >= begun}
        self._written = {name: row for name, row in self._written.items() if row.as_of + SETTLING > begun}
        self._removed = {name: gone for name, gone in self._removed.items() if gone.at + SETTLING > begun}
        self._as_of = begun if self._as_of is None else max(self._as_of, begun)
        self._changes += 1

    async def _catch_up(self) -> None:
        """Asks for what is newer than the last reading, and again for jobs that had not ended then."""
        begun = self._means.origin().as_of
        since = (self._as_of or begun) - OVERLAP
        since, unsettled = self._with_unsettled(since)
        listing = self._listing(Query(created_after=since))
        await listing.reach(EVERY_ROW)
        self.learn(listing.rows)
        if unsettled:
            found = await self._means.look(unsettled)
            self.learn([what for what in found.values() if what is not None and not isinstance(what, AWSError)])
            for name in (name for name, what in found.items() if what is None):
                self.remove(name)
        self._as_of = begun

    def _with_unsettled(self, since: datetime) -> tuple[datetime, Sequence[str]]:
        """How far back to list so that unsettled jobs are in it, or which of them to describe, whichever costs less."""
        rows = self.rows().rows
        unsettled = [row for row in rows if _is_unsettled(row) and position(row)[0] < since]
        if not unsettled:
            return since, ()
        oldest = position(unsettled[-1])[0]
        pages = math.ceil(sum(position(row)[0] >= oldest for row in rows) / PAGE_SIZE)
        if pages <= 1 + len(unsettled):
            return oldest - timedelta(seconds=1), ()
        return since, [row.name for row in unsettled]

    def learn(self, rows: Sequence[AnyResource]) -> None:
        """Adds or refreshes rows; never removes any. What we have deleted ourselves does not come back by this."""
        for row in rows:
            gone = self._removed.get(row.name)
            if gone is not None and row.creation_time == gone.creation_time:
                continue
            self._removed.pop(row.name, None)
            self._later[row.name] = row
            self._changes += 1

    def wrote(self, resource: AnyResource) -> None:
        """Notes what we have just made or changed: listings may not show it for a while."""
        self._removed.pop(resource.name, None)
        self._written[resource.name] = resource
        self._changes += 1

    def remove(self, name: str) -> None:
        """Notes that this is gone: we have deleted it, or a description has said so."""
        known = self._by_name().get(name)
        self._later.pop(name, None)
        self._written.pop(name, None)
        self._removed[name] = _Removed(known.creation_time if known else None, self._means.origin().as_of)
        self._changes += 1

    def rows(self) -> Rows:
        """The roll as it stands, whatever its age."""
        ground = self._ground
        version = (self._changes, id(ground), ground.pages if ground else 0, self._as_of)
        if self._sorted is None or self._sorted.version != version:
            complete = ground.complete_as_of if ground else None
            self._sorted = Rows(self._merged(ground), complete, self._as_of, version)
        return self._sorted

    def _merged(self, ground: Listing | None) -> Sequence[AnyResource]:
        base = ground.rows if ground else []
        if not (self._later or self._written or self._removed):
            return tuple(base)
        rows = {row.name: row for row in base if not self._is_removed(row)} | self._later
        rows |= {name: row for name, row in self._written.items() if name not in rows or row.as_of > rows[name].as_of}
        if ground is not None and not ground.complete and base:
            # Beyond the ground's end there are rows that nobody has read; one that is known alone would look like all.
            end = position(base[-1])
            rows = {name: row for name, row in rows.items() if position(row) >= end}
        return tuple(sorted(rows.values(), key=position, reverse=True))

    def _is_removed(self, row: AnyResource) -> bool:
        gone = self._removed.get(row.name)
        return gone is not None and gone.creation_time in {None, row.creation_time}

    def _by_name(self) -> Mapping[str, AnyResource]:
        rows = self.rows()
        if self._names is None or self._names[0] != rows.version:
            self._names = rows.version, {row.name: row for row in rows.rows}
        return self._names[1]

    _names: tuple[Hashable, Mapping[str, AnyResource]] | None = None


@dataclass(frozen=True, slots=True)
class _Removed:
    """Of something that is gone: when it had been made, and when it went."""

    creation_time: datetime | None
    at: datetime


def _is_unsettled(row: AnyResource) -> bool:
    return isinstance(row, TrainingJob | TransformJob) and row.status in _UNSETTLED
