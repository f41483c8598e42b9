"""Stable view of a list within one request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aws.client.call_stats import current_call_stats
from aws.client.errors import AccessDeniedError
from aws.inventory.horizon import Horizon
from aws.inventory.list_cache import ListCache
from aws.inventory.listings import Listing, creation_key
from aws.inventory.row_store import ListRows
from aws.kinds.catalog import AnyResource


class ListView(Protocol):
    """The rows of a list, in order, as far as they have been read."""

    @property
    def whole(self) -> bool:
        """Tell whether the view leaves out no row of its kind."""

    @property
    def rows(self) -> Sequence[AnyResource]:
        """The rows so far; they only grow."""

    @property
    def complete_as_of(self) -> datetime | None:
        """The time at which the whole list was seen; None if there are more rows."""

    @property
    def as_of(self) -> datetime | None:
        """The time of the last poll for newer rows; None before the first read."""

    async def ensure(self, count: int) -> None:
        """Read on until there are `count` rows, or the list is complete. Raises AWSError."""


@dataclass(frozen=True, slots=True)
class WholeList:
    """Every row of a list.

    Attributes:
        rows: The rows, newest first.
        complete_as_of: The time at which the whole list was seen.
    """

    rows: Sequence[AnyResource]
    complete_as_of: datetime


class FilteredListView:
    """A listing that SageMaker filters, for one request.

    Args:
        listing: The listing.
        started: The time at which the request began.
        on_denied: Called if the listing is refused.
    """

    whole = False

    def __init__(self, listing: Listing, started: datetime, on_denied: Callable[[], None]) -> None:
        self._listing = listing
        self._started = started
        self._on_denied = on_denied
        self.rows: list[AnyResource] = []
        self.complete_as_of: datetime | None = None
        self._names: set[str] = set()

    @property
    def as_of(self) -> datetime | None:
        """The time at which the listing began."""
        return self._listing.begun

    async def ensure(self, count: int) -> None:
        """Read on until there are `count` rows, or the list is complete. Raises AWSError."""
        try:
            await self._listing.ensure(count, self._started)
        except AccessDeniedError:
            self._on_denied()
            raise
        listed = self._listing.rows
        # In a list out of order, rows have moved; otherwise new rows follow the known ones.
        new = listed if self._listing.disordered else listed[len(self.rows) :]
        self.rows += [row for row in new if row.name not in self._names]
        self._names.update(row.name for row in new)
        self.complete_as_of = self._listing.complete_as_of


class CachedListView:
    """One request's view of a kind's list: rows that are created while it reads do not shift those it has seen.

    The rows are one published version of the list, without a copy; only a request that reads on while others change the
    list has rows of its own. A row that AWS lists out of order is not lost: it comes after those that the request has
    seen.

    Args:
        list_cache: The list cache of the kind.
        horizon: The oldest reads that are fresh enough.
    """

    whole = True

    def __init__(self, list_cache: ListCache, horizon: Horizon) -> None:
        self._list_cache = list_cache
        self._horizon = horizon
        self.rows: Sequence[AnyResource] = ()
        self.complete_as_of: datetime | None = None
        self.as_of: datetime | None = None
        self._own: list[AnyResource] = []
        self._names: set[str] = set()

    async def ensure(self, count: int) -> None:
        """Read on until there are `count` rows, or the list is complete. Raises AWSError."""
        while len(self.rows) < count and self.complete_as_of is None:
            before = len(self.rows)
            current = await self._list_cache.ensure(self._horizon, before + 1)
            self._add(current)
            self.complete_as_of = current.complete_as_of
            self.as_of = current.as_of
            if current.as_of is not None and (stats := current_call_stats.get()) is not None:
                stats.note_read_at(current.as_of)
            if len(self.rows) == before and self.complete_as_of is None:
                # The new rows came in front, so more must be read behind.
                await self._list_cache.ensure(self._horizon, len(current.rows) + 1)

    def _add(self, current: ListRows) -> None:
        if not self._names and (not self.rows or current.rows.starts_with(self.rows)):
            self.rows = current.rows
            return
        end = creation_key(self.rows[-1])
        behind = list(current.rows) if current.disordered else list(current.rows.behind(end))
        self._own = self._own or list(self.rows)
        self._names = self._names or {row.name for row in self._own}
        added = [row for row in behind if row.name not in self._names]
        self._own += added
        self._names.update(row.name for row in added)
        self.rows = self._own


class OldestFirstView:
    """A cached list in the opposite order, for which every row must be known.

    Args:
        view: The list, newest first.
    """

    whole = True

    def __init__(self, view: CachedListView) -> None:
        self._view = view
        self.rows: Sequence[AnyResource] = ()
        self.complete_as_of: datetime | None = None

    @property
    def as_of(self) -> datetime | None:
        """The time of the last poll for newer rows."""
        return self._view.as_of

    async def ensure(self, count: int) -> None:
        """Read all rows, whatever `count` is. Raises AWSError."""
        if self.complete_as_of is None:
            while self._view.complete_as_of is None:
                await self._view.ensure(len(self._view.rows) + 1)
            self.rows = sorted(self._view.rows, key=creation_key)
            self.complete_as_of = self._view.complete_as_of
