"""Registrations: which ones a caller sees, and what is changed about them without AWS."""

from dataclasses import dataclass
from typing import Any

from auth.errors import ForbiddenError
from registry import registrations
from registry.ids import key_of
from registry.metadata import merge_patched
from registry.records import Registration
from registry.texts import is_storable
from resolvers.acts import MutationContext, not_found
from resolvers.checks import InputChecks
from resolvers.connections import Connection, PageArguments
from resolvers.errors import BadInputError
from resolvers.own_nodes import registry_node
from resolvers.owners import is_visible, visible_owners
from resolvers.record_pages import RecordCursors, page_of_records
from resolvers.request import Request
from resolvers.user_errors import UserError
from resolvers.written_texts import MAX_DESCRIPTION_LENGTH, checked_display_name, checked_text


class Unchanged:
    """Stands for a field that an input leaves out, so that what is there is kept; null clears it."""


UNCHANGED = Unchanged()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRegistration:
    """What is to be changed (`UpdateRegistrationInput`); custom metadata is a JSON Merge Patch."""

    id: str
    display_name: str | Unchanged | None = UNCHANGED
    description: str | Unchanged | None = UNCHANGED
    custom_metadata: Any = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationResult:
    """What a change of a registration answers with."""

    registration: Registration | None = None
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRegistrationResult:
    """What `removeRegistration` answers with."""

    removed_registration_id: str | None = None
    user_errors: tuple[UserError, ...] = ()


async def require_registration(context: MutationContext, registration_id: str, field: str = "id") -> Registration:
    """The registration of an id that a field of the input gives, if the caller may do this with it.

    Raises:
        UserFaultError: There is none that the caller may see.
        auth.errors.ForbiddenError: It may be seen, and this may not be done with it.
    """
    key, services = key_of(registration_id, "Registration"), context.request.services
    registration = None
    if key is not None:
        async with services.database.reading() as connection:
            registration = await registrations.by_key(connection, key, services.required_assets)
    if registration is None:
        raise not_found("registration", field)
    context.target = f"Registration {registration.id}"
    context.require_visible(registration.group, "registration", field)
    return registration


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationQuery:
    """Which registrations (`RegistrationCriteria`): a group's, with a part in their display name or their model's.

    Raises:
        BadInputError: A part that no database keeps.
    """

    group: str | None = None
    name_contains: str | None = None

    def __post_init__(self) -> None:
        if self.name_contains is not None and not is_storable(self.name_contains):
            raise BadInputError("`filter.nameContains` holds a NUL or half of a surrogate pair, which no name does.")


async def list_registrations(
    request: Request, page: PageArguments, query: RegistrationQuery
) -> Connection[Registration]:
    """A page of the registrations that the caller may see, the newest imported first.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see none at all, or not those of the group that is asked for.
        BadInputError: A cursor of another list.
    """
    groups = visible_owners(request)
    if query.group is not None:
        if not is_visible(query.group, groups):
            raise ForbiddenError(f"None of your groups may READ what the group `{query.group}` has registered.")
        groups = frozenset({query.group})
    bound_to = ("Query.registrations", None if groups is None else tuple(sorted(groups)), query)
    cursors = RecordCursors(bound_to)
    after, services = cursors.decode_place(page.after), request.services
    wanted = registrations.RegistrationCriteria(groups, query.name_contains)
    async with services.database.reading() as connection:
        found = await registrations.page(connection, wanted, services.required_assets, page.first, after)
        total = await registrations.count(connection, wanted)
    return page_of_records(found, cursors, page.after, total)


async def get_registration(request: Request, registration_id: str) -> Registration | None:
    """The registration of an id; None where there is none that the caller may see.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see no registrations at all.
        BadInputError: No id of a registration.
    """
    found: Registration | None = await registry_node(request, registration_id, "Registration")
    return found


async def update_registration(context: MutationContext, input: UpdateRegistration) -> RegistrationResult:
    """Changes what people say of a registration."""
    registration = await require_registration(context, input.id)
    key, database = str(key_of(registration.id, "Registration")), context.request.services.database
    name, description = input.display_name, input.description
    checks = InputChecks()
    if not isinstance(name, Unchanged):
        name = checks.run(checked_display_name, name)
    if not isinstance(description, Unchanged):
        description = checks.run(checked_text, description, MAX_DESCRIPTION_LENGTH, "description")
    if input.custom_metadata is not UNCHANGED:
        # Whatever there is, a patch makes no less of it than of nothing.
        checks.run(merge_patched, {}, input.custom_metadata)
    checks.raise_if_any()
    async with database.writing() as connection:
        if not isinstance(name, Unchanged):
            await registrations.rename(connection, key, name)
        if not isinstance(description, Unchanged):
            await registrations.describe(connection, key, description)
        if input.custom_metadata is not UNCHANGED:
            # The contract's null is a patch like any other than an object: RFC 7396 would put it in the object's place.
            await registrations.patch_metadata(connection, key, input.custom_metadata)
        changed = await registrations.by_key(connection, key, context.request.services.required_assets)
    if changed is None:
        raise not_found("registration", "id")
    return RegistrationResult(registration=changed)


async def remove_registration(context: MutationContext, registration_id: str) -> RemoveRegistrationResult:
    """Forgets a registration, its elements and its assets; AWS is left as it is, and deployments keep their history."""
    registration = await require_registration(context, registration_id)
    async with context.request.services.database.writing() as connection:
        if not await registrations.remove(connection, str(key_of(registration.id, "Registration"))):
            raise not_found("registration", "id")
    return RemoveRegistrationResult(removed_registration_id=registration.id)
