"""Registrations that the caller may see, by id and in lists."""

from dataclasses import dataclass
from typing import Final

from auth.errors import ForbiddenError
from registry import registrations
from registry.records import Registration
from registry.registrations import RegistrationOrderField
from registry.storable_text import is_storable
from resolvers.errors import BadInputError
from resolvers.lists.connections import Connection, PageArguments
from resolvers.lists.cursors import CursorCodec
from resolvers.lists.filters import Direction
from resolvers.lists.pages import page_of_records
from resolvers.nodes import registry_node
from resolvers.request import Request
from resolvers.visibility import is_visible, visible_owners


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationQuery:
    """The filter of a list of registrations. None lets every registration through.

    Attributes:
        group: The group that owns them.
        name_contains: A part of the display name or the model's name, without regard to case.

    Raises:
        BadInputError: A part that no database keeps.
    """

    group: str | None = None
    name_contains: str | None = None

    def __post_init__(self) -> None:
        if self.name_contains is not None and not is_storable(self.name_contains):
            raise BadInputError(
                "`filter.nameContains` holds a NUL or half of a surrogate pair, and no name does; leave it out."
            )


@dataclass(frozen=True, slots=True)
class RegistrationOrder:
    """The order of a list of registrations; the newest imported first unless said otherwise.

    Attributes:
        by: The moment or name to order by.
        direction: Ascending or descending.
    """

    by: RegistrationOrderField = RegistrationOrderField.IMPORTED
    direction: Direction = Direction.DESC


LAST_IMPORTED_FIRST: Final = RegistrationOrder()


async def list_registrations(
    request: Request, page: PageArguments, query: RegistrationQuery, order: RegistrationOrder = LAST_IMPORTED_FIRST
) -> Connection[Registration]:
    """A page of the registrations that the query lets through and the caller may see, in an order.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see none at all, or not those of the group that is asked for.
        BadInputError: A cursor of another list.
    """
    groups = visible_owners(request)
    if query.group is not None:
        if not is_visible(query.group, groups):
            raise ForbiddenError(f"None of your groups may READ the registrations of the group `{query.group}`.")
        groups = frozenset({query.group})
    cursors = CursorCodec(("Query.registrations", None if groups is None else tuple(sorted(groups)), query, order))
    by_text = order.by is RegistrationOrderField.DISPLAY_NAME
    after, services = cursors.decode_record(page.after, by_text=by_text), request.services
    ordered = registrations.ordered_by(order.by, ascending=order.direction is Direction.ASC)
    wanted = registrations.RegistrationCriteria(groups, query.name_contains)
    async with services.database.reading() as connection:
        result = await registrations.page(connection, wanted, services.required_assets, page.first, after, ordered)
        total = await registrations.count(connection, wanted)
    return page_of_records(result, cursors, page.after, total)


async def get_registration(request: Request, registration_id: str) -> Registration | None:
    """The registration of an id; None if there is none that the caller may see.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see no registrations at all.
        BadInputError: No id of a registration.
    """
    registration: Registration | None = await registry_node(request, registration_id, "Registration")
    return registration
