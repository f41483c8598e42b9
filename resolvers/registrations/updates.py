"""Registration mutations: update and remove."""

from dataclasses import dataclass
from typing import Any

from registry import registrations
from registry.custom_metadata import merge_patched
from registry.ids import key_of
from registry.records import Registration
from resolvers.errors import UserError, UserErrorCode, user_fault
from resolvers.mutations.context import GroupWriteAccess, MutationContext, not_found
from resolvers.mutations.validation import MAX_DESCRIPTION_LENGTH, InputChecks, checked_display_name, checked_text


class Unchanged:
    """The value of a field that an input leaves out, so that the registration's is kept; null clears it."""


UNCHANGED = Unchanged()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRegistration:
    """A change of a registration (`UpdateRegistrationInput`). None clears a field, UNCHANGED keeps it.

    Attributes:
        id: The registration's id.
        display_name: Its name for people.
        description: Its description.
        custom_metadata: A merge patch (RFC 7396) of its metadata.
    """

    id: str
    display_name: str | Unchanged | None = UNCHANGED
    description: str | Unchanged | None = UNCHANGED
    custom_metadata: Any = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationResult:
    """The result of a change of a registration.

    Attributes:
        registration: The registration as it stands after the change; None if the input is at fault.
        user_errors: The faults of the input.
    """

    registration: Registration | None = None
    user_errors: tuple[UserError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRegistrationResult:
    """The result of `removeRegistration`.

    Attributes:
        removed_registration_id: The id of the registration that is gone; None if the input is at fault.
        user_errors: The faults of the input.
    """

    removed_registration_id: str | None = None
    user_errors: tuple[UserError, ...] = ()


async def require_registration(context: MutationContext, registration_id: str, field: str = "id") -> Registration:
    """The registration of an id in the input, if the caller may do this action on it.

    Args:
        context: The mutation's context, whose target the registration becomes.
        registration_id: The id.
        field: The input's field that holds it, for the error.

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


async def require_owner_access(
    context: MutationContext, registration: Registration, field: str = "id"
) -> GroupWriteAccess:
    """The power to act as the group that owns a registration, in its model's account and region.

    Args:
        context: The mutation's context.
        registration: The registration.
        field: The input's field that names it, for the error.

    Raises:
        UserFaultError: The group's role is in another account by now.
        auth.errors.ForbiddenError, auth.errors.UnknownRegionError, auth.errors.CredentialsError
    """
    access = await context.write_access_for_owner(registration.group, registration.region)
    if access.view.account_id != registration.account_id:
        raise user_fault(
            f"The role of the group `{registration.group}` is in another account now than the model, "
            f"{registration.account_id}; import the model that it has there.",
            UserErrorCode.CONFLICT,
            field,
        )
    return access


async def update_registration(context: MutationContext, input: UpdateRegistration) -> RegistrationResult:
    """Change the display name, description or metadata of the input's registration.

    Raises:
        UserFaultError: It lists every fault of the input.
    """
    registration = await require_registration(context, input.id)
    key, database = str(key_of(registration.id, "Registration")), context.request.services.database
    name, description = input.display_name, input.description
    checks = InputChecks()
    if not isinstance(name, Unchanged):
        name = checks.run(checked_display_name, name)
    if not isinstance(description, Unchanged):
        description = checks.run(checked_text, description, MAX_DESCRIPTION_LENGTH, "description")
    if input.custom_metadata is not UNCHANGED:
        # A patch that is no object, or too large by itself, is at fault with any metadata.
        checks.run(merge_patched, {}, input.custom_metadata)
    checks.raise_if_any()
    async with database.writing() as connection:
        if not isinstance(name, Unchanged):
            await registrations.rename(connection, key, name)
        if not isinstance(description, Unchanged):
            await registrations.describe(connection, key, description)
        if input.custom_metadata is not UNCHANGED:
            # None is handed on, too: a null in the input is a patch, which RFC 7396 would put in the object's place.
            await registrations.patch_metadata(connection, key, input.custom_metadata)
        changed = await registrations.by_key(connection, key, context.request.services.required_assets)
    if changed is None:
        raise not_found("registration", "id")
    return RegistrationResult(registration=changed)


async def remove_registration(context: MutationContext, registration_id: str) -> RemoveRegistrationResult:
    """Forget the registration with this id, its elements and its assets.

    AWS is left as it is, and deployments keep their history. Raises UserFaultError if there is none.
    """
    registration = await require_registration(context, registration_id)
    async with context.request.services.database.writing() as connection:
        if not await registrations.remove(connection, str(key_of(registration.id, "Registration"))):
            raise not_found("registration", "id")
    context.request.services.job_links.forget()
    return RemoveRegistrationResult(removed_registration_id=registration.id)
