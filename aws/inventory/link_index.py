"""Index of one kind's rows by their links, which follows changes of the rows and descriptions."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aws.inventory.listings import creation_key
from aws.inventory.row_store import NO_ROWS, ListRows
from aws.inventory.sharded_map import ShardedMap
from aws.inventory.sorted_sequence import SortedSequence, SortKey, own_key
from aws.inventory.weights import weigh_alike
from aws.kinds.catalog import KINDS, AnyResource, links
from aws.kinds.descriptor import Link, LinkType, Revision
from aws.s3_uris import parent_folders

Keys = SortedSequence[SortKey]
NO_KEYS: Keys = SortedSequence(own_key)
# Links of these types are few, and many resources share each: one object is kept.
_SHARED_TYPES = frozenset(
    {LinkType.MODEL_NAME, LinkType.SNAPSHOT_NAME, LinkType.MODEL_PACKAGE, LinkType.BASE_COMPONENT}
)


@dataclass(frozen=True, slots=True)
class LinkFact:
    """The links of one resource, from a description.

    They serve to find related resources. The age of the description decides if they may be shown.

    Attributes:
        name: The resource's name.
        creation_time: Its creation time, which tells it from another one of its name.
        revision: Its described state; in another state its links may be others.
        links: Its links; the index leaves out those of folders, which follow from the artifacts.
        at: The time of the description.
    """

    name: str
    creation_time: datetime | None
    revision: Revision
    links: tuple[Link, ...]
    at: datetime

    def is_current(self, row: AnyResource) -> bool:
        """Tell whether the fact holds for a row of a list: the row is older, or has the same state."""
        if row.as_of <= self.at:
            return True
        if row.creation_time != self.creation_time:
            return False
        shown, known = KINDS[row.kind].revision(row), self.revision
        return shown.status == known.status and (
            None in (shown.last_modified_time, known.last_modified_time)
            or shown.last_modified_time == known.last_modified_time
        )


def link_fact(resource: AnyResource, at: datetime) -> LinkFact:
    """Give the links in the description of a resource that was read `at` a moment."""
    revision = KINDS[resource.kind].revision(resource)
    return LinkFact(resource.name, resource.creation_time, revision, links(resource), at)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class IndexVersion:
    """The index at a moment, as an immutable value. Positions of rows are their sort keys.

    Attributes:
        rows: The rows of the list.
        unknown: The positions of rows whose links are not known.
        refused: The positions of rows that the role may not describe.
        links: The positions of the rows with each link; a single one stands alone.
    """

    rows: ListRows
    unknown: Keys
    refused: Keys
    links: ShardedMap[Link, SortKey | Keys]

    def places(self, link: Link) -> Keys:
        """Give the positions of the rows that have `link`, newest first."""
        known = self.links.get(link)
        if known is None:
            return NO_KEYS
        return known if isinstance(known, SortedSequence) else SortedSequence(own_key, ((known,),))


NOTHING = IndexVersion(ListRows(NO_ROWS, None, None, 0), NO_KEYS, NO_KEYS, ShardedMap())
"""The version of an empty index."""


@dataclass(frozen=True, slots=True)
class _IndexedRow:
    """A row in the index: its position, and its links; None if they are not known."""

    place: SortKey
    links: tuple[Link, ...] | None
    refused: bool


@dataclass(frozen=True, slots=True)
class _Change:
    """Positions to remove, and positions to add."""

    sides: tuple[list[SortKey], list[SortKey]] = field(default_factory=lambda: ([], []))


class LinkIndex:
    """The index of one kind in one scope.

    Changes are noted, and applied at the next read, so that a page of descriptions costs one change. This is the
    indexer of an informer (Kubernetes' client-go): `learn`, `refuse` and `row_changed` are its event handlers.

    Args:
        rows: Gives the kind's present rows; it may call `row_changed`.
        by_name: Gives these rows by name.
    """

    def __init__(self, rows: Callable[[], ListRows], by_name: Callable[[], Mapping[str, AnyResource]]) -> None:
        self._rows = rows
        self._by_name = by_name
        self._facts: dict[str, LinkFact] = {}
        self._refusals: dict[str, datetime] = {}
        self._entries: dict[str, _IndexedRow] = {}
        self._shared: dict[Hashable, Any] = {}
        self._folders: dict[str, Link] = {}
        self._stale: set[str] = set()
        self._distrusted: datetime | None = None
        self._current = NOTHING

    def __len__(self) -> int:
        """The number of facts kept."""
        return len(self._facts)

    @property
    def bytes(self) -> int:
        """The memory of the facts and the positions of their rows."""
        return weigh_alike(self._facts)

    def row_changed(self, name: str) -> None:
        """Note that the row of this name was added, removed or changed."""
        self._stale.add(name)

    def learn(self, fact: LinkFact) -> None:
        """Keep a fact, unless a newer one is known."""
        known = self._facts.get(fact.name)
        if known is not None and known.at > fact.at:
            return
        self._facts[fact.name] = self._sharing(fact)
        self._refusals.pop(fact.name, None)
        self._stale.add(fact.name)

    def hydrate(self, facts: Iterable[LinkFact]) -> None:
        """Load facts that an earlier process has kept; facts from descriptions of this process are newer."""
        for fact in facts:
            if fact.name not in self._facts and fact.name not in self._refusals:
                self.learn(fact)

    def refuse(self, name: str, at: datetime) -> None:
        """Note that the role may not describe the resource `name`, since a read `at` a moment, and drop its links."""
        self._facts.pop(name, None)
        # The name moves to the end, so that the first one is the oldest.
        self._refusals.pop(name, None)
        self._refusals[name] = at
        self._stale.add(name)

    def distrust(self, moment: datetime) -> None:
        """Note that the role's permissions changed at a moment: earlier descriptions are no longer authoritative."""
        self._distrusted = moment

    def remove(self, name: str) -> None:
        """Drop the links of the resource `name`, which is gone."""
        self._facts.pop(name, None)
        self._refusals.pop(name, None)
        self._stale.add(name)

    def clear(self) -> None:
        """Drop every fact."""
        self._stale |= self._facts.keys() | self._refusals.keys()
        self._facts, self._refusals, self._shared = {}, {}, {}

    def index_folders(self, links: Iterable[Link]) -> None:
        """Index rows by the folder of their artifact as well, for the folder links among `links`.

        An artifact lies in many folders, and most are never queried: they would take more memory than all other links.
        """
        new = {link.key: link for link in links if link.type is LinkType.FOLDER and link.key not in self._folders}
        if not new:
            return
        self._folders |= new
        for name, fact in self._facts.items():
            if any(not new.keys().isdisjoint(_folders_of(link)) for link in fact.links):
                self._stale.add(name)

    def is_authoritative(self, name: str, since: datetime) -> bool:
        """Tell whether the links of `name` were described since a moment, under the role's present permissions."""
        fact = self._facts.get(name)
        return fact is not None and fact.at >= since and (self._distrusted is None or fact.at >= self._distrusted)

    def expired_refusals(self, version: IndexVersion, since: datetime) -> Iterable[SortKey]:
        """Give the positions of rows that were refused before `since`, newest first."""
        oldest = next(iter(self._refusals.values()), None)
        if oldest is None or oldest >= since:
            return ()
        return (place for place in version.refused if self._refusals.get(place[1], since) < since)

    def current(self) -> IndexVersion:
        """Give the present index; the identical value until something changes."""
        rows = self._rows()
        if self._stale or rows is not self._current.rows:
            self._current = self._folded(rows)
        return self._current

    def _folded(self, rows: ListRows) -> IndexVersion:
        unknown, refused, linked = _Change(), _Change(), defaultdict[Link, _Change](_Change)
        by_name = self._by_name()
        for name in self._stale:
            before, after = self._entries.get(name), self._entry(name, by_name.get(name))
            if before == after:
                continue
            for entry, side in ((before, 0), (after, 1)):
                if entry is None:
                    continue
                for link in entry.links or ():
                    linked[link].sides[side].append(entry.place)
                if entry.links is None:
                    (refused if entry.refused else unknown).sides[side].append(entry.place)
            if after is None:
                del self._entries[name]
            else:
                self._entries[name] = after
        self._stale = set()
        if rows.complete_as_of is not None and len(self._facts) > len(by_name):
            self._facts = {name: fact for name, fact in self._facts.items() if name in by_name}
        current = self._current
        return IndexVersion(
            rows,
            current.unknown.changed(*unknown.sides),
            current.refused.changed(*refused.sides),
            current.links.changed(dict(_changed_links(current, linked))),
        )

    def _entry(self, name: str, row: AnyResource | None) -> _IndexedRow | None:
        if row is None:
            return None
        fact = self._facts.get(name)
        if fact is not None and fact.is_current(row):
            return _IndexedRow(creation_key(row), self._with_folders(fact.links), refused=False)
        return _IndexedRow(creation_key(row), None, refused=name in self._refusals)

    def _with_folders(self, links: tuple[Link, ...]) -> tuple[Link, ...]:
        if not self._folders:
            return links
        keys = (key for link in links for key in _folders_of(link))
        folders = [self._folders[key] for key in keys if key in self._folders]
        return (*links, *folders) if folders else links

    def _sharing(self, fact: LinkFact) -> LinkFact:
        """The fact without folders, and with one object for each part that many facts have."""
        share = self._shared.setdefault
        links: tuple[Link, ...] = tuple(
            share(link, link) if link.type in _SHARED_TYPES else link
            for link in fact.links
            if link.type is not LinkType.FOLDER
        )
        if all(link.type in _SHARED_TYPES for link in links):
            links = share(links, links)
        revision = fact.revision
        if revision.last_modified_time is None:
            revision = share(revision, revision)
        return LinkFact(fact.name, fact.creation_time, revision, links, fact.at)


def _folders_of(link: Link) -> Iterable[str]:
    return parent_folders(link.key) if link.type is LinkType.ARTIFACT else ()


def _changed_links(
    current: IndexVersion, linked: Mapping[Link, _Change]
) -> Iterable[tuple[Link, SortKey | Keys | None]]:
    for link, change in linked.items():
        places = current.places(link).changed(*change.sides)
        if len(places) > 1:
            yield link, places
        else:
            # Most artifacts belong to one job, and a single position takes a third of the memory of a sequence.
            yield link, places[0] if places else None
