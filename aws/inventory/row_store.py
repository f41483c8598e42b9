"""Rows of a list cache: a base listing, overlaid with newer rows, own writes and tombstones."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aws.inventory.listings import Listing, creation_key
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

    rows: Sequence[AnyResource]
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
        """Whether a row tells of the same thing, and not of a new one under its name."""
        if self.creation_time is not None:
            return row.creation_time == self.creation_time
        return row.creation_time is None or row.creation_time <= self.at


class RowStore:
    """Rows of one kind. `base` is the listing that they rest on, `as_of` when what is newer was last asked for."""

    def __init__(self) -> None:
        self._version = 0
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.base: Listing | None = None
        self.as_of: datetime | None = None
        self._newer: dict[str, AnyResource] = {}
        self._written: dict[str, AnyResource] = {}
        self._tombstones: dict[str, _Tombstone] = {}
        self._cached: ListRows | None = None
        self._names: dict[str, AnyResource] | None = None
        self._merged_version = self._merged_count = 0
        self._version += 1

    def rebase(self, listing: Listing, begun: datetime) -> None:
        """Replace the base listing; rows read, written or removed since it began stay."""
        self.base = listing
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
            self._version += 1

    def record_write(self, resource: AnyResource) -> None:
        """Note a resource that we have just made or changed: listings may not show it for a while."""
        self._tombstones.pop(resource.name, None)
        self._written[resource.name] = resource
        self._version += 1

    def tombstone(self, name: str, at: datetime) -> None:
        """Note that this is gone: we have deleted it, or a description has said so."""
        known = self.by_name().get(name)
        self._newer.pop(name, None)
        self._written.pop(name, None)
        self._tombstones[name] = _Tombstone(known.creation_time if known else None, at)
        self._version += 1

    def rows(self) -> ListRows:
        """The rows as they stand; the very same value until anything changes."""
        base = self.base
        version = (self._version, base.pages if base else 0, self.as_of)
        if self._cached is None or self._cached.version != version:
            rows = self._extended() or self._merged()
            self._cached = ListRows(
                rows, base.complete_as_of if base else None, self.as_of, version, base is not None and base.disordered
            )
            self._merged_version, self._merged_count = self._version, len(base.rows) if base else 0
        return self._cached

    def by_name(self) -> Mapping[str, AnyResource]:
        """The rows as they stand, by name."""
        rows = self.rows().rows
        if self._names is None:
            self._names = {row.name: row for row in rows}
        return self._names

    def _extended(self) -> Sequence[AnyResource] | None:
        """The rows of before with those that the base has read since: a page costs itself, not the whole list.

        None if anything else has changed, or the new rows may not simply follow.
        """
        base, cached = self.base, self._cached
        if base is None or cached is None or base.disordered or self._merged_version != self._version:
            return None
        overlay = self._newer.keys() | self._written.keys()
        overlaid = [*self._newer.values(), *self._written.values()]
        end = creation_key(base.rows[self._merged_count - 1]) if self._merged_count else None
        if end is None or any(creation_key(row) < end for row in overlaid):
            return None
        added = [
            row for row in base.rows[self._merged_count :] if row.name not in overlay and not self._is_tombstoned(row)
        ]
        if self._names is not None:
            self._names.update((row.name, row) for row in added)
        return (*cached.rows, *added)

    def _merged(self) -> Sequence[AnyResource]:
        self._names = None
        base = self.base.rows if self.base else []
        if not (self._newer or self._written or self._tombstones):
            return tuple(base)
        rows = {row.name: row for row in base if not self._is_tombstoned(row)} | self._newer
        rows |= {name: row for name, row in self._written.items() if name not in rows or row.as_of > rows[name].as_of}
        if base and self.base is not None and not self.base.complete:
            # Beyond the base's end there are rows that nobody has read; one that is known alone would look like all.
            end = creation_key(base[-1])
            rows = {name: row for name, row in rows.items() if creation_key(row) >= end}
        return tuple(sorted(rows.values(), key=creation_key, reverse=True))

    def _is_tombstoned(self, row: AnyResource) -> bool:
        gone = self._tombstones.get(row.name)
        return gone is not None and gone.hides(row)
