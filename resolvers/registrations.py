"""Registrations: which ones a caller sees, and what is changed about them without AWS."""

from dataclasses import dataclass
from typing import Any

from auth.errors import ForbiddenError
from registry import registrations
from registry.ids import key_of
from registry.metadata import patched
from registry.records import Registration
from registry.texts import is_storable
from resolvers.acts import Act, absent
from resolvers.checks import Checks
from resolvers.connections import Connection, PageArguments
from resolvers.errors import BadInputError
from resolvers.own_nodes import own_node
from resolvers.owners import is_among, visible_owners
from resolvers.record_pages import RecordCursors, record_page
from resolvers.request import Request
from resolvers.user_errors import UserError
from resolvers.written_texts import LONGEST_DESCRIPTION, checked_display_name, checked_text


class Keep:
    """Stands for a field that an input leaves out, so that what is there is kept; null clears it."""


KEEP = Keep()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRegistration:
    """What is to be changed (`UpdateRegistrationInput`); custom metadata is a JSON Merge Patch."""

    id: str
    display_name: str | Keep | None = KEEP
    description: str | Keep | None = KEEP
    custom_metadata: Any = KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPayload:
    """What a change of a registration answers with."""

    registration: Registration | None = None
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalPayload:
    """What `removeRegistration` answers with."""

    removed_registration_id: str | None = None
    user_errors: tuple[UserError, ...] = ()


async def owned(act: Act, registration_id: str, field: str = "id") -> Registration:
    """The registration of an id that a field of the input gives, if the caller may do this with it.

    Raises:
        UserFaultError: There is none that the caller may see.
        auth.errors.ForbiddenError: It may be seen, and this may not be done with it.
    """
    key, services = key_of(registration_id, "Registration"), act.request.services
    registration = None
    if key is not None:
        async with services.database.reading() as connection:
            registration = await registrations.by_key(connection, key, services.required_assets)
    if registration is None:
        raise absent("registration", field)
    act.target = f"Registration {registration.id}"
    act.require_visible(registration.group, "registration", field)
    return registration


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichRegistrations:
    """Which registrations (`RegistrationFilter`): a group's, with a part in their display name or their model's.

    Raises:
        BadInputError: A part that no database keeps.
    """

    group: str | None = None
    name_contains: str | None = None

    def __post_init__(self) -> None:
        if self.name_contains is not None and not is_storable(self.name_contains):
            raise BadInputError("`filter.nameContains` holds a NUL or half of a surrogate pair, which no name does.")


async def page(request: Request, asked: PageArguments, which: WhichRegistrations) -> Connection[Registration]:
    """A page of the registrations that the caller may see, the newest imported first.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see none at all, or not those of the group that is asked for.
        BadInputError: A cursor of another list.
    """
    groups = visible_owners(request)
    if which.group is not None:
        if not is_among(which.group, groups):
            raise ForbiddenError(f"None of your groups may READ what the group `{which.group}` has registered.")
        groups = frozenset({which.group})
    bound_to = ("Query.registrations", None if groups is None else tuple(sorted(groups)), which)
    cursors = RecordCursors(bound_to)
    after, services = cursors.place(asked.after), request.services
    wanted = registrations.RegistrationFilter(groups, which.name_contains)
    async with services.database.reading() as connection:
        found = await registrations.page(connection, wanted, services.required_assets, asked.first, after)
        total = await registrations.count(connection, wanted)
    return record_page(found, cursors, asked.after, total)


async def by_id(request: Request, registration_id: str) -> Registration | None:
    """The registration of an id; None where there is none that the caller may see.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see no registrations at all.
        BadInputError: No id of a registration.
    """
    found: Registration | None = await own_node(request, registration_id, "Registration")
    return found


async def update(act: Act, given: UpdateRegistration) -> RegistrationPayload:
    """Changes what people say of a registration."""
    registration = await owned(act, given.id)
    key, database = str(key_of(registration.id, "Registration")), act.request.services.database
    name, description = given.display_name, given.description
    checks = Checks()
    if not isinstance(name, Keep):
        name = checks.make(checked_display_name, name)
    if not isinstance(description, Keep):
        description = checks.make(checked_text, description, LONGEST_DESCRIPTION, "description")
    if given.custom_metadata is not KEEP:
        # Whatever there is, a patch makes no less of it than of nothing.
        checks.make(patched, {}, given.custom_metadata)
    checks.end()
    async with database.writing() as connection:
        if not isinstance(name, Keep):
            await registrations.rename(connection, key, name)
        if not isinstance(description, Keep):
            await registrations.describe(connection, key, description)
        if given.custom_metadata is not KEEP:
            # The contract's null is a patch like any other than an object: RFC 7396 would put it in the object's place.
            await registrations.patch_metadata(connection, key, given.custom_metadata)
        changed = await registrations.by_key(connection, key, act.request.services.required_assets)
    if changed is None:
        raise absent("registration", "id")
    return RegistrationPayload(registration=changed)


async def remove(act: Act, registration_id: str) -> RemovalPayload:
    """Forgets a registration, its elements and its assets; AWS is left as it is, and deployments keep their history."""
    registration = await owned(act, registration_id)
    async with act.request.services.database.writing() as connection:
        if not await registrations.remove(connection, str(key_of(registration.id, "Registration"))):
            raise absent("registration", "id")
    return RemovalPayload(removed_registration_id=registration.id)
