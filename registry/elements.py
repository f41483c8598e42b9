"""The elements of registrations: the SageMaker resources that imports and syncs saw, with the last copy of each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, select, true, update

from registry.database import Connection
from registry.enums import LATER_ELEMENT_KINDS, ElementKind
from registry.ids import encode_own_id, new_key
from registry.pages import FirstPage, KeyedLists, KeysetOrder, KeysetPosition, ListKey, Page, first_pages_of, page_of
from registry.queries import rows_in
from registry.records import ImportedElement
from registry.stored_digests import stored_digest
from registry.tables import elements, every_element, later_elements
from registry.upserts import chunks, insert

_COLUMNS = every_element.c
_ORDER = KeysetOrder(_COLUMNS.created_at, _COLUMNS.key)
# Each table of elements; True for the one of kinds that 0.2.0 does not know.
_TABLES: Final = ((elements, False), (later_elements, True))
_CHANGING: Final = ("name", "match", "last_seen_at", "vanished_at", "stored", "digest")
# The identity of an element; a resource made again under its name is another.
_UNIQUE_KEY = ["registration_key", "kind", "arn", "created_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenElement:
    """A resource as it has just been read.

    Attributes:
        kind: The resource's kind.
        name: The resource's name.
        arn: The resource's ARN.
        created_at: The resource's creation time.
        match: The reason for which a job belongs to the model; None for other kinds.
        stored: The copy to keep, as JSON.
    """

    kind: ElementKind
    name: str
    arn: str
    created_at: datetime
    match: str | None = None
    stored: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownElement:
    """The part of an element that a sync compares.

    Attributes:
        key: The key of its row.
        kind: The resource's kind.
        name: The resource's name.
        arn: The resource's ARN.
        created_at: The resource's creation time.
        match: The reason for which a job belongs to the model; None for other kinds.
        digest: The digest of its stored copy; see registry/stored_digests.py.
        vanished: True if it was missing at the last sync.
    """

    key: str
    kind: ElementKind
    name: str
    arn: str
    created_at: datetime
    match: str | None
    digest: str
    vanished: bool


@dataclass(frozen=True, slots=True)
class ElementCriteria:
    """Criteria of elements.

    Attributes:
        registration_key: The key of their registration.
        kinds: Their kinds; None for any.
        vanished: True for those that AWS no longer has, False for the others; None for both.
    """

    registration_key: str
    kinds: Collection[ElementKind] | None = None
    vanished: bool | None = None


async def known_elements(connection: Connection, registration_key: str) -> tuple[KnownElement, ...]:
    """Every element of a registration, without its stored copy."""
    columns = [_COLUMNS[name] for name in ("key", "kind", "name", "arn", "created_at", "match", "digest")]
    statement = select(*columns, _COLUMNS.vanished_at).where(_COLUMNS.registration_key == registration_key)
    return tuple(
        KnownElement(
            key=row.key,
            kind=ElementKind(row.kind),
            name=row.name,
            arn=row.arn,
            created_at=row.created_at,
            match=row.match,
            digest=row.digest,
            vanished=row.vanished_at is not None,
        )
        for row in await connection.execute(statement)
    )


async def upsert(connection: Connection, registration_key: str, seen: Sequence[SeenElement], at: datetime) -> None:
    """Add the `seen` elements, update known ones, and revive vanished ones; a repeated call changes the time only.

    Raises:
        RegistryConflictError: The registration was removed; raised at the end of the transaction at the latest.
    """
    for table, is_later in _TABLES:
        rows = [_row(registration_key, one, at) for one in seen if (one.kind in LATER_ELEMENT_KINDS) is is_later]
        if rows:
            insertion = insert(connection, table)
            written = insertion.on_conflict_do_update(
                index_elements=_UNIQUE_KEY, set_={name: insertion.excluded[name] for name in _CHANGING}
            )
            await connection.execute(written, rows)


async def mark_seen(connection: Connection, registration_key: str, keys: Collection[str], at: datetime) -> None:
    """Record that the elements `keys` were seen unchanged `at` a time; those that had vanished are revived."""
    for part in chunks(list(keys)):
        await _update(connection, registration_key, part, {"last_seen_at": at, "vanished_at": None})


async def mark_vanished(connection: Connection, registration_key: str, keys: Collection[str], at: datetime) -> None:
    """Record that the elements `keys` are missing; the time stays for those that had vanished before."""
    for part in chunks(list(keys)):
        await _update(connection, registration_key, part, {"vanished_at": at}, there=True)


async def _update(
    connection: Connection,
    registration_key: str,
    keys: Sequence[str],
    values: Mapping[str, Any],
    *,
    there: bool = False,
) -> None:
    """Change elements, with `there` only those that have not vanished; the later table if keys are left."""
    left = len(keys)
    for table, _ in _TABLES:
        columns = table.c
        condition = and_(columns.registration_key == registration_key, columns.key.in_(keys))
        missing = [columns.vanished_at.is_(None)] if there else []
        left -= (await connection.execute(update(table).where(condition, *missing).values(values))).rowcount
        if left <= 0:
            return


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, ImportedElement]:
    """The elements with these keys, by key; keys without an element are left out."""
    return {
        row.key: _element_from_row(row) for row in await rows_in(connection, select(every_element), _COLUMNS.key, keys)
    }


async def by_names(
    connection: Connection, registration_key: str, kind: ElementKind, names: Collection[str]
) -> Mapping[str, ImportedElement]:
    """The elements of a registration that have these names, by name; of equal names, the one created last."""
    imported_elements: dict[str, ImportedElement] = {}
    for part in chunks(list(names)):
        condition = and_(_condition(ElementCriteria(registration_key, [kind])), _COLUMNS.name.in_(part))
        for row in await connection.execute(select(every_element).where(condition).order_by(_COLUMNS.created_at)):
            imported_elements[row.name] = _element_from_row(row)
    return imported_elements


async def page(
    connection: Connection, criteria: ElementCriteria, first: int, after: KeysetPosition | None = None
) -> Page[ImportedElement]:
    """A page of a registration's elements, the resource that was created last first."""
    return await page_of(
        connection, select(every_element).where(_condition(criteria)), _ORDER, _element_from_row, first, after
    )


async def first_pages(
    connection: Connection,
    keys: Collection[str],
    first: int,
    *,
    kinds: Collection[ElementKind] | None,
    vanished: bool | None,
) -> Mapping[str, FirstPage[ImportedElement]]:
    """The `first` elements of each registration that an ElementFilter leaves, by the key of the registration.

    Each table is read by its own index, and the pages are merged: a union of both tables could use no index.
    """
    result: dict[str, FirstPage[ImportedElement]] = {}
    for part in chunks(list(dict.fromkeys(keys))):
        pages: list[Mapping[ListKey, FirstPage[ImportedElement]]] = []
        for table, _ in _TABLES:
            columns = table.c
            statement = select(table).where(
                columns.registration_key.in_(part), _kind_condition(columns, kinds, vanished=vanished)
            )
            order = KeysetOrder(columns.created_at, columns.key)
            lists = KeyedLists(select(table), statement, (columns.registration_key,), order)
            pages.append(await first_pages_of(connection, lists, [(key,) for key in part], _element_from_row, first))
        result |= {key: _merged([page[key,] for page in pages], first) for key in part}
    return result


def _merged(parts: Sequence[FirstPage[ImportedElement]], first: int) -> FirstPage[ImportedElement]:
    """Merge pages into one, newest first."""
    whole = [pair for part in parts for pair in zip(part.page.positions, part.page.records, strict=True)]
    whole.sort(key=itemgetter(0), reverse=True)
    shown = whole[:first]
    more = len(whole) > first or any(part.page.has_more for part in parts)
    page = Page(tuple(record for _, record in shown), tuple(position for position, _ in shown), more)
    return FirstPage(page, sum(part.total for part in parts))


async def count(connection: Connection, criteria: ElementCriteria) -> int:
    """Count the elements that match the criteria."""
    counts = [
        select(func.count()).select_from(table).where(_condition(criteria, table.c)).scalar_subquery()
        for table, _ in _TABLES
    ]
    number: int = (await connection.execute(select(counts[0] + counts[1]))).scalar_one()
    return number


def _condition(criteria: ElementCriteria, columns: Any = _COLUMNS) -> ColumnElement[bool]:
    return and_(
        columns.registration_key == criteria.registration_key,
        _kind_condition(columns, criteria.kinds, vanished=criteria.vanished),
    )


def _kind_condition(
    columns: Any, kinds: Collection[ElementKind] | None, *, vanished: bool | None
) -> ColumnElement[bool]:
    return and_(
        true() if kinds is None else columns.kind.in_([kind.value for kind in kinds]),
        true() if vanished is None else columns.vanished_at.is_not(None) == vanished,
    )


def _row(registration_key: str, element: SeenElement, at: datetime) -> dict[str, Any]:
    return {
        "key": new_key(),
        "registration_key": registration_key,
        "kind": element.kind.value,
        "name": element.name,
        "arn": element.arn,
        "created_at": element.created_at,
        "match": element.match,
        "first_seen_at": at,
        "last_seen_at": at,
        "vanished_at": None,
        "stored": element.stored,
        "digest": stored_digest(element.stored),
    }


def _element_from_row(row: Row[Any]) -> ImportedElement:
    return ImportedElement(
        id=encode_own_id("ImportedElement", row.key),
        registration_id=encode_own_id("Registration", row.registration_key),
        kind=ElementKind(row.kind),
        name=row.name,
        arn=row.arn,
        created_at=row.created_at,
        match=row.match,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        vanished_at=row.vanished_at,
        stored=row.stored,
    )
