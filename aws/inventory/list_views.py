"""Stable view of a list within one request."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from aws.client.call_stats import current_call_stats
from aws.client.errors import AccessDeniedError
from aws.inventory.horizon import Horizon
from aws.inventory.list_cache import ListCache
from aws.inventory.listings import Listing, creation_key
from aws.kinds.catalog import AnyResource


class ListView(Protocol):
    """The rows of a list, in order, as far as they have been read."""

    @property
    def whole(self) -> bool:
        """Whether it leaves nothing of its kind out."""

    @property
    def rows(self) -> Sequence[AnyResource]:
        """The rows so far; they only grow."""

    @property
    def complete_as_of(self) -> datetime | None:
        """When the list was seen to its end, or None where it goes on."""

    async def ensure(self, count: int) -> None:
        """Reads on until there are this many rows, or no more. Raises AWSError."""


class FilteredListView:
    """A listing that SageMaker has narrowed down, for one request.

    Args:
        listing: The listing.
        started: When the request began.
        on_denied: Called where the listing is refused.
    """

    whole = False

    def __init__(self, listing: Listing, started: datetime, on_denied: Callable[[], None]) -> None:
        self._listing = listing
        self._started = started
        self._on_denied = on_denied

    @property
    def rows(self) -> Sequence[AnyResource]:
        """The rows so far."""
        return self._listing.rows

    @property
    def complete_as_of(self) -> datetime | None:
        """When the list was seen to its end."""
        return self._listing.complete_as_of

    async def ensure(self, count: int) -> None:
        """Reads on. Raises AWSError."""
        try:
            await self._listing.ensure(count, self._started)
        except AccessDeniedError:
            self._on_denied()
            raise


class CachedListView:
    """A kind's roll as one request sees it: rows that come while it reads do not shift those it has seen.

    Args:
        list_cache: The roll.
        horizon: How new is new enough.
    """

    whole = True

    def __init__(self, list_cache: ListCache, horizon: Horizon) -> None:
        self._list_cache = list_cache
        self._horizon = horizon
        self.rows: list[AnyResource] = []
        self.complete_as_of: datetime | None = None

    async def ensure(self, count: int) -> None:
        """Reads on until there are this many rows, or no more. Raises AWSError."""
        while len(self.rows) < count and self.complete_as_of is None:
            before = len(self.rows)
            found = await self._list_cache.ensure(self._horizon, before + 1)
            end = creation_key(self.rows[-1]) if self.rows else None
            known = {row.name for row in self.rows}
            behind = [row for row in found.rows if (end is None or creation_key(row) < end) and row.name not in known]
            self.rows += behind
            self.complete_as_of = found.complete_as_of
            if found.as_of is not None and (tally := current_call_stats.get()) is not None:
                tally.note_read_at(found.as_of)
            if not behind and len(self.rows) == before and self.complete_as_of is None:
                # The rows that made up the count came in front, and nobody who reads beside us has read on.
                await self._list_cache.ensure(self._horizon, len(found.rows) + 1)
