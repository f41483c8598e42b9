"""Imported elements of a registration, and the resource of each."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from aws.kinds.catalog import AnyResource
from aws.links.job_matching import MatchReason
from registry import elements
from registry.database import Connection as Transaction
from registry.elements import ElementCriteria
from registry.enums import ElementKind
from registry.ids import key_of
from registry.records import ImportedElement, Registration
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.pages import page_of_records
from resolvers.request import Request
from resolvers.views.resource_view import Viewed, viewed
from resolvers.views.stored import stored_views


@dataclass(frozen=True, slots=True)
class ElementQuery:
    """The filter of a registration's elements. None lets every element through.

    Attributes:
        kinds: Any of these kinds.
        vanished: True for elements that are gone in AWS, False for the others.
    """

    kinds: tuple[ElementKind, ...] | None = None
    vanished: bool | None = None


def match_reason(root: ImportedElement) -> MatchReason | None:
    """The reason why an imported job belongs to its model, the root; None for other kinds.

    The registry keeps the reason by its name.
    """
    return MatchReason[root.match] if root.match else None


async def element_pages(
    request: Request, registrations: Sequence[Registration], page: PageArguments, query: ElementQuery
) -> Sequence[Connection[ImportedElement] | BadInputError]:
    """A batch function: a page of each registration's elements, the resource that was created last coming first."""
    async with request.services.database.reading() as connection:
        if page.after is not None:
            return [await _page(connection, registration, page, query) for registration in registrations]
        keys = [_key(registration) for registration in registrations]
        pages = await elements.first_pages(connection, keys, page.first, kinds=query.kinds, vanished=query.vanished)
    return [
        page_of_records(pages[key].page, _cursors(registration, query), None, pages[key].total)
        for key, registration in zip(keys, registrations, strict=True)
    ]


def _key(registration: Registration) -> str:
    return str(key_of(registration.id, "Registration"))


def _cursors(registration: Registration, query: ElementQuery) -> CursorCodec:
    return CursorCodec(("Registration.elements", registration.id, query))


async def _page(
    connection: Transaction, registration: Registration, page: PageArguments, query: ElementQuery
) -> Connection[ImportedElement] | BadInputError:
    cursors = _cursors(registration, query)
    try:
        after = cursors.decode_record(page.after)
    except BadInputError as error:
        return error
    wanted = ElementCriteria(_key(registration), query.kinds, query.vanished)
    result = await elements.page(connection, wanted, page.first, after)
    return page_of_records(result, cursors, page.after, await elements.count(connection, wanted))


async def element_resources(
    request: Request, imported_elements: Sequence[ImportedElement]
) -> Sequence[Viewed[AnyResource]]:
    """A batch function: the resource of each of the elements, live if it can be read, else as it was kept."""
    views = await stored_views(request, [element.registration_id for element in imported_elements])
    elements: dict[str, list[ImportedElement]] = defaultdict(list)
    for element in imported_elements:
        elements[element.registration_id].append(element)
    parts = await asyncio.gather(*(views[owner].inventory.resources(elements[owner]) for owner in elements))
    result = {
        element_id: viewed(views[owner], resource)
        for owner, part in zip(elements, parts, strict=True)
        for element_id, resource in part.items()
    }
    return [result[element.id] for element in imported_elements]
