"""Rows of a list cache: a base listing, overlaid with newer rows, own writes and tombstones."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aws.inventory.listings import Listing, creation_key
from aws.inventory.sorted_sequence import SortedSequence
from aws.kinds.catalog import AnyResource

# A listing that began within this time after a write of ours may lack a resource that we have made, and may still
# have one that we have deleted.
CONSISTENCY_LAG = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ListRows:
    """Rows at a moment.

    Attributes:
        rows: The rows, newest first.
        complete_as_of: When a listing that went to the end began; None where the rows are only a part.
        as_of: When SageMaker was last asked for newer rows.
        version: Another one whenever anything has changed.
        disordered: Whether the pages came out of order, so that rows may have come that belong before known ones.
    """

    rows: SortedSequence[AnyResource]
    complete_as_of: datetime | None
    as_of: datetime | None
    version: Hashable
    disordered: bool = False


@dataclass(frozen=True, slots=True)
class _Tombstone:
    """Of something that is gone: when it had been made, if that is known, and when it went."""

    creation_time: datetime | None
    at: datetime

    def hides(self, row: AnyResource) -> bool:
        """Tell whether a row tells of the same thing, and not of a new one under its name."""
        if self.creation_time is not None:
            return row.creation_time == self.creation_time
        return row.creation_time is None or row.creation_time <= self.at


NO_ROWS: SortedSequence[AnyResource] = SortedSequence(creation_key)


class RowStore:
    """Rows of one kind. `base` is the listing that they rest on, `as_of` when what is newer was last asked for.

    Args:
        on_change: Called with the name of each row that came, went or changed, once `rows` is asked for.
    """

    def __init__(self, on_change: Callable[[str], None]) -> None:
        self._on_change = on_change
        self._version = 0
        self._shown: dict[str, AnyResource] = {}
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
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
        """Refresh rows by the pages of the next base that have been read, so that to rebase costs little in the end."""
        if self._staging is not listing:
            self._unsettled |= self._staged.keys()
            self._staging, self._staged, self._staged_count = listing, {}, 0
        # Rows of a list out of order change their places as its last page is read.
        added = listing.rows[0 if listing.disordered else self._staged_count :]
        self._staged.update((row.name, row) for row in added)
        self._staged_count = len(listing.rows)
        self._unsettled.update(row.name for row in added)
        self._version += 1

    def rebase(self, listing: Listing, begun: datetime) -> None:
        """Replace the base listing; rows read, written or removed since it began stay."""
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
        """Adds or refreshes rows; never removes any. What is known to be gone does not come back by this."""
        for row in rows:
            gone = self._tombstones.get(row.name)
            if gone is not None and gone.hides(row):
                continue
            self._tombstones.pop(row.name, None)
            self._newer[row.name] = row
            self._note(row.name)

    def record_write(self, resource: AnyResource) -> None:
        """Note a resource that we have just made or changed: listings may not show it for a while."""
        self._tombstones.pop(resource.name, None)
        self._written[resource.name] = resource
        self._note(resource.name)

    def tombstone(self, name: str, at: datetime) -> None:
        """Note that a resource is gone: deleted here, or absent when described."""
        known = self.by_name().get(name)
        self._newer.pop(name, None)
        self._written.pop(name, None)
        self._tombstones[name] = _Tombstone(known.creation_time if known else None, at)
        self._note(name)

    def rows(self) -> ListRows:
        """The rows as they stand; the very same value until anything changes."""
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
        """The rows as they stand, by name."""
        self.rows()
        return self._shown

    def _note(self, name: str) -> None:
        self._unsettled.add(name)
        self._version += 1

    def _take_pages(self, base: Listing) -> None:
        """Take the rows that the base has read since: a page costs itself, not the whole list."""
        if base.disordered:
            self._listed_count = 0
        added = base.rows[self._listed_count :]
        self._listed.update((row.name, row) for row in added)
        self._unsettled.update(row.name for row in added)
        self._listed_count, self._listed_pages = len(base.rows), base.pages
        self._end = _end_of(base)
        # Those behind the former end were not shown: nobody had read what lies between.
        self._unsettled |= self._newer.keys() | self._written.keys()

    def _settle(self) -> None:
        """Bring the rows of the names that anything was learnt of up to date."""
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
        """The row of this name: the newest that is known of what is not gone."""
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
            # Beyond the base's end there are rows that nobody has read; one that is known alone would look like all.
            return None
        return row

    def _is_tombstoned(self, row: AnyResource) -> bool:
        gone = self._tombstones.get(row.name)
        return gone is not None and gone.hides(row)


def _end_of(base: Listing) -> tuple[datetime, str] | None:
    """The place behind which nothing of a base has been read; None if there is nothing more."""
    return creation_key(base.rows[-1]) if base.rows and not base.complete else None
