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
from aws.inventory.books import Book, Rows
from aws.inventory.flights import Flights
from aws.inventory.listings import EVERYTHING, PAGE_SIZE, Listing, Query, position
from aws.kinds import Kind
from aws.readings.origin import Origin
from aws.resources import AnyResource, TrainingJob, TransformJob
from aws.statuses import JobStatus
from aws.tally import current_tally

# Listings are eventually consistent, and clocks differ: what is newer is asked for with this much to spare.
OVERLAP = timedelta(minutes=2)
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


class Roll:
    """The rows of one kind in one scope.

    A reading of the list (`Listing`) is the ground: from the newest as far back as anybody has needed. Until the
    deletion age has passed, only what is newer is asked for. Then the ground is laid again: half-way there in the
    background, and once it has come to that, before the answer.
    """

    def __init__(self, kind: Kind, means: Means) -> None:
        self.kind = kind
        self._means = means
        self._book = Book()
        self._next: Listing | None = None
        self._failure: tuple[AWSError, datetime] | None = None
        self._refusal: AWSError | None = None

    def clear(self) -> None:
        """Forgets everything: the role may not see it any more."""
        self._book.clear()
        self._next = None

    def rows(self) -> Rows:
        """The roll as it stands, whatever its age."""
        return self._book.rows()

    def is_whole(self, horizon: Horizon) -> bool:
        """Whether the roll has every row, by a listing that is not older than the deletion age."""
        ground = self._book.ground
        return ground is not None and ground.complete and ground.begun_since(horizon.deletion)

    def row(self, name: str, horizon: Horizon) -> AnyResource | None:
        """The row of this name, if the roll is fresh; None where it has none, or is not."""
        return self._book.by_name().get(name) if self._is_fresh(horizon) else None

    def lacks(self, name: str, horizon: Horizon) -> bool:
        """Whether the roll is fresh and whole and has no such row."""
        return self._is_fresh(horizon) and self.is_whole(horizon) and name not in self._book.by_name()

    def wrote(self, resource: AnyResource) -> None:
        """Notes what we have just made or changed: listings may not show it for a while."""
        self._book.wrote(resource)

    def remove(self, name: str) -> None:
        """Notes that this is gone: we have deleted it, or a description has said so."""
        self._book.remove(name, self._means.origin().as_of)

    def _is_fresh(self, horizon: Horizon) -> bool:
        return self._book.as_of is not None and self._book.as_of >= horizon.fresh

    async def reach(self, horizon: Horizon, count: int) -> Rows:
        """The roll with at least this many rows, or all there are.

        While AWS is down or turns calls away, the last known rows are given, up to the authority age.

        Raises:
            AWSError: The list could not be read, and nothing that is known will do.
        """
        try:
            await self._refresh(horizon, count)
        except AccessDeniedError as error:
            if error is not self._refusal:
                self._refusal = error
                self._means.denied()
            raise
        except (ThrottledError, UnavailableError):
            if not self._will_do(horizon, count):
                raise
            if (tally := current_tally.get()) is not None:
                tally.stale = True
        return self.rows()

    async def _refresh(self, horizon: Horizon, count: int) -> None:
        while (ground := self._ground()) is None or not ground.begun_since(horizon.deletion):
            await self._join("renew", partial(self._renew, count), horizon)
        while not self._is_fresh(horizon):
            # A refusal may have cleared everything meanwhile, so the ground is looked up anew each time.
            ground = self._ground()
            if ground is None or self._is_small(ground):
                known = 0 if ground is None else len(ground.rows)
                await self._join("renew", partial(self._renew, max(count, known)), horizon)
            else:
                await self._join("catch-up", self._catch_up, horizon)
        if (ground := self._ground()) is not None:
            self._renew_in_time(ground, horizon)
        await self._extend(horizon, count)

    async def _join(self, what: str, start: Callable[[], Coroutine[Any, Any, None]], horizon: Horizon) -> None:
        """Joins a flight, or begins it; what has failed since the request began is not tried again for it."""
        if self._failure is not None and self._failure[1] >= horizon.started:
            raise self._failure[0]
        try:
            await self._means.flights.join((what, self.kind), start)
        except AWSError as error:
            self._failure = error, self._means.origin().as_of
            raise

    async def _extend(self, horizon: Horizon, count: int) -> None:
        """Reads on. What has been removed makes up no count, so that more may have to be listed than are asked for."""
        while (ground := self._ground()) is not None and not ground.complete:
            missing = count - len(self.rows().rows)
            if missing <= 0:
                return
            await ground.reach(len(ground.rows) + missing, horizon.started)

    def _ground(self) -> Listing | None:
        return self._book.ground

    def _is_small(self, ground: Listing) -> bool:
        """Whether reading it all again costs no more than asking for what is newer, and tells of deletions besides.

        Of runtimes any may have changed, and filters by modification time make SageMaker page through all of them
        (aws/aws-sdk issue 486), so that they are always read again.
        """
        return self.kind is Kind.RUNTIME or len(ground.rows) <= PAGE_SIZE

    def _will_do(self, horizon: Horizon, count: int) -> bool:
        book = self._book
        if book.ground is None or book.as_of is None or book.as_of < horizon.last_known:
            return False
        return book.ground.complete or len(book.rows().rows) >= count

    def _listing(self, query: Query = EVERYTHING) -> Listing:
        means = self._means
        return Listing(self.kind, query, means.calls, means.origin, means.flights)

    def _lay(self, listing: Listing) -> None:
        self._book.lay(listing, listing.begun or self._means.origin().as_of)

    async def _renew(self, count: int) -> None:
        listing = self._listing()
        await listing.reach(count)
        self._lay(listing)

    def _renew_in_time(self, ground: Listing, horizon: Horizon) -> None:
        """Half-way to the deletion age, the next ground is laid beside the present one.

        Who wants all of it since one moment has the ground that is laid for them, and needs no next one.
        """
        half_way = horizon.deletion + (horizon.started - horizon.deletion) / 2
        if horizon.deletion < horizon.fresh and not ground.begun_since(half_way):
            self._means.behind(("renew behind", self.kind), partial(self._renew_behind, ground))

    async def _renew_behind(self, ground: Listing) -> None:
        """Lays the next ground as far as the present one goes; one that was cut short is gone on with."""
        count = EVERY_ROW if ground.complete else len(ground.rows)
        if self._next is None or (ground.begun is not None and not self._next.begun_since(ground.begun)):
            self._next = self._listing()
        listing = self._next
        await listing.reach(count)
        self._next = None
        self._lay(listing)

    async def _catch_up(self) -> None:
        """Asks for what is newer than the last reading, and again for jobs that had not ended then."""
        begun = self._means.origin().as_of
        since, unsettled = self._with_unsettled((self._book.as_of or begun) - OVERLAP)
        listing = self._listing(Query(created_after=since))
        await listing.reach(EVERY_ROW)
        self._book.learn(listing.rows)
        if unsettled:
            found = await self._means.look(unsettled)
            self._book.learn([what for what in found.values() if what is not None and not isinstance(what, AWSError)])
            for name in (name for name, what in found.items() if what is None):
                self.remove(name)
        self._book.as_of = begun

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


def _is_unsettled(row: AnyResource) -> bool:
    return isinstance(row, TrainingJob | TransformJob) and row.status in _UNSETTLED
