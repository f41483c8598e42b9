"""Rows of a list cache: a base listing, overlaid with newer rows, own writes and tombstones."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aws.inventory.listings import Listing, creation_key
from aws.inventory.sorted_sequence import SortedSequence
from aws.kinds.catalog import AnyResource

# A list that was read within this time after a write of ours may lack a resource that we have created, and may still
# have one that we have deleted.
CONSISTENCY_LAG = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ListRows:
    """Rows at a moment.

    Attributes:
        rows: The rows, newest first.
        complete_as_of: The time of the listing, if it went to the end; None if the rows are only a part.
        as_of: The time of the last poll for newer rows; None before the first read.
        version: A value that differs after each change.
        disordered: True if the pages came out of order, so that new rows may belong before known ones.
    """

    rows: SortedSequence[AnyResource]
    complete_as_of: datetime | None
    as_of: datetime | None
    version: Hashable
    disordered: bool = False


@dataclass(frozen=True, slots=True)
class _Tombstone:
    """A deleted resource: its creation time, if that is known, and the time of its deletion."""

    creation_time: datetime | None
    at: datetime

    def hides(self, row: AnyResource) -> bool:
        """Tell whether a row shows the deleted resource, and not a new one of its name."""
        if self.creation_time is not None:
            return row.creation_time == self.creation_time
        return row.creation_time is None or row.creation_time <= self.at


NO_ROWS: SortedSequence[AnyResource] = SortedSequence(creation_key)
"""No rows, in creation order."""


class RowStore:
    """The rows of one kind.

    Args:
        on_change: Called with the name of each row that was added, removed or changed, at the next read of `rows`.

    Attributes:
        base: The listing that the rows rest on; None before the first one.
        as_of: The time of the last poll for newer rows.
    """

    def __init__(self, on_change: Callable[[str], None]) -> None:
        self._on_change = on_change
        self._version = 0
        self._shown: dict[str, AnyResource] = {}
        self.clear()

    def clear(self) -> None:
        """Drop everything."""
        self.base: Listing | None = None
        self.as_of: datetime | None = None
        self._newer: dict[str, AnyResource] = {}
        self._written: dict[str, AnyResource] = {}
        self._tombstones: dict[str, _Tombstone] = {}
        self._listed: dict[str, AnyResource] = {}
        self._listed_count = self._listed_pages = 0
        self._end: tuple[datetime, str] | None = None
        self._staging: Listing | None = None
        self._staged: dict[str, AnyResource] = {}
        self._staged_count = 0
        self._unsettled: set[str] = set()
        self._rows = NO_ROWS
        self._cached: ListRows | None = None
        self._version += 1
        gone, self._shown = self._shown, {}
        for name in gone:
            self._on_change(name)

    def stage(self, listing: Listing) -> None:
        """Refresh rows by the pages of the next base so far, so that the final rebase is cheap."""
        if self._staging is not listing:
            self._unsettled |= self._staged.keys()
            self._staging, self._staged, self._staged_count = listing, {}, 0
        # Rows of a list out of order move when its last page is read.
        added = listing.rows[0 if listing.disordered else self._staged_count :]
        self._staged.update((row.name, row) for row in added)
        self._staged_count = len(listing.rows)
        self._unsettled.update(row.name for row in added)
        self._version += 1

    def rebase(self, listing: Listing, begun: datetime) -> None:
        """Replace the base listing; rows that were read, written or removed after `begun` stay."""
        self.stage(listing)
        self._unsettled |= self._listed.keys() - self._staged.keys()
        self._unsettled |= self._newer.keys() | self._written.keys() | self._tombstones.keys()
        self.base = listing
        self._listed, self._listed_count, self._listed_pages = self._staged, len(listing.rows), listing.pages
        self._end = _end_of(listing)
        self._staging, self._staged = None, {}
        self._newer = {name: row for name, row in self._newer.items() if row.as_of >= begun}
        self._written = {name: row for name, row in self._written.items() if row.as_of + CONSISTENCY_LAG > begun}
        self._tombstones = {name: gone for name, gone in self._tombstones.items() if gone.at + CONSISTENCY_LAG > begun}
        self.as_of = begun if self.as_of is None else max(self.as_of, begun)
        self._version += 1

    def upsert(self, rows: Sequence[AnyResource]) -> None:
        """Add or refresh rows, and remove none. Rows of deleted resources do not come back by this."""
        for row in rows:
            gone = self._tombstones.get(row.name)
            if gone is not None and gone.hides(row):
                continue
            self._tombstones.pop(row.name, None)
            self._newer[row.name] = row
            self._note(row.name)

    def record_write(self, resource: AnyResource) -> None:
        """Record a resource that we have just created or changed; SageMaker may not list it for a while."""
        self._tombstones.pop(resource.name, None)
        self._written[resource.name] = resource
        self._note(resource.name)

    def tombstone(self, name: str, at: datetime) -> None:
        """Record that the resource `name` is gone: deleted here, or absent when described."""
        known = self.by_name().get(name)
        self._newer.pop(name, None)
        self._written.pop(name, None)
        self._tombstones[name] = _Tombstone(known.creation_time if known else None, at)
        self._note(name)

    def rows(self) -> ListRows:
        """Give the present rows; the identical value until something changes."""
        base = self.base
        version = (self._version, base.pages if base else 0, self.as_of)
        if self._cached is None or self._cached.version != version:
            if base is not None and base.pages != self._listed_pages:
                self._take_pages(base)
            self._settle()
            self._cached = ListRows(
                self._rows,
                base.complete_as_of if base else None,
                self.as_of,
                version,
                base is not None and base.disordered,
            )
        return self._cached

    def by_name(self) -> Mapping[str, AnyResource]:
        """Give the present rows by name."""
        self.rows()
        return self._shown

    def _note(self, name: str) -> None:
        self._unsettled.add(name)
        self._version += 1

    def _take_pages(self, base: Listing) -> None:
        """Take the rows that the base has read since: a page costs its own rows, not the whole list."""
        if base.disordered:
            self._listed_count = 0
        added = base.rows[self._listed_count :]
        self._listed.update((row.name, row) for row in added)
        self._unsettled.update(row.name for row in added)
        self._listed_count, self._listed_pages = len(base.rows), base.pages
        self._end = _end_of(base)
        # Rows behind the former end were not shown, because rows before them were not read yet.
        self._unsettled |= self._newer.keys() | self._written.keys()

    def _settle(self) -> None:
        """Update the rows of the names that have changed."""
        removed: list[tuple[datetime, str]] = []
        added: list[AnyResource] = []
        for name in self._unsettled:
            before, after = self._shown.get(name), self._effective(name)
            if before is after:
                continue
            if after is not None:
                added.append(after)
                self._shown[name] = after
            if before is not None and (after is None or before.creation_time != after.creation_time):
                removed.append(creation_key(before))
            if after is None:
                del self._shown[name]
            self._on_change(name)
        self._unsettled = set()
        self._rows = self._rows.changed(removed, added)

    def _effective(self, name: str) -> AnyResource | None:
        """The row of this name: the newest one of a resource that is not gone."""
        row = self._staged.get(name) or self._listed.get(name)
        if row is not None and self._is_tombstoned(row):
            row = None
        newer = self._newer.get(name)
        if newer is not None and (row is None or name not in self._staged or newer.as_of >= row.as_of):
            row = newer
        written = self._written.get(name)
        if written is not None and (row is None or written.as_of > row.as_of):
            row = written
        if row is not None and self._end is not None and creation_key(row) < self._end:
            # Behind the base's end there are unread rows; a single known one would look like the only one.
            return None
        return row

    def _is_tombstoned(self, row: AnyResource) -> bool:
        gone = self._tombstones.get(row.name)
        return gone is not None and gone.hides(row)


def _end_of(base: Listing) -> tuple[datetime, str] | None:
    """The position behind which no row of a base was read; None if there are no more rows."""
    return creation_key(base.rows[-1]) if base.rows and not base.complete else None
