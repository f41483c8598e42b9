"""Stored view of a registration, and the source of a shown resource."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from auth.errors import AuthError, CredentialsUnavailableError, ForbiddenError
from aws.kinds.catalog import AnyResource
from registry import registrations
from registry.errors import RegistryError
from registry.ids import key_of
from registry.records import Registration
from resolvers.request import Request
from resolvers.services import Services
from resolvers.views.identity_map import IdentityMap
from resolvers.views.resource_view import LiveView, ResourceView, Viewed
from resolvers.views.stored_reader import StoredReader, StoredScope


class Source(Enum):
    """The origin of a reading."""

    LIVE = "Live"
    CACHE = "Cache"
    REGISTRY = "Registry"


def source_of(request: Request, resource: Viewed[AnyResource]) -> Source:
    """LIVE if AWS was asked during this request, CACHE if it was known before, REGISTRY for a stored copy."""
    if is_stored_copy(resource):
        return Source.REGISTRY
    return Source.LIVE if resource.value.as_of >= request.started else Source.CACHE


def is_stored_copy(resource: Viewed[AnyResource]) -> bool:
    """Tell whether a resource is the stored copy of an import."""
    return isinstance(resource.view, StoredView)


# The share of the rest of a request's time that a role is waited for before the copies are shown.
_ROLE_WAIT_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StoredView:
    """See resolvers.views.resource_view.ResourceView. Secrets are not kept, so none are seen.

    Attributes:
        key: The scope of its copies: the registration's id.
        group: The group that owns the registration; None if the registration is gone.
        account_id: The account of its model.
        region: The region of its model.
        services: The services beside AWS.
        inventory: The reader that falls back to stored copies.
        live: The group's live view; None if its role cannot be had.
        identity_map: The versions of resources that the request has shown.
    """

    key: str
    group: str | None
    account_id: str
    region: str
    services: Services
    inventory: StoredReader
    live: LiveView | None
    identity_map: IdentityMap

    @property
    def sees_secrets(self) -> bool:
        """Always False."""
        return False

    def view_of(self, resource: AnyResource) -> ResourceView:
        """The view of the registration that a copy is of, which may be another one's that the response has shown
        first; the group's live view for a resource that was read from AWS.
        """
        return self.identity_map.stored_views.get(resource.scope) or self.live or self


async def owner_view(request: Request, registration: Registration) -> LiveView:
    """The view of the group that owns a registration, in its model's account and region.

    Raises:
        auth.errors.ForbiddenError: The group has no role, or one that is in another account by now.
        auth.errors.UnknownRegionError, auth.errors.CredentialsError
    """
    view = await request.view_for(registration.group, registration.region)
    if view.account_id != registration.account_id:
        raise ForbiddenError(
            f"The role of the group `{registration.group}` is in account {view.account_id} now; the model was imported "
            f"from account {registration.account_id}."
        )
    return view


async def stored_views(request: Request, registration_ids: Collection[str]) -> Mapping[str, StoredView]:
    """The view of each registration by its id, each made once for a request; never an error."""
    known = request.identity_map.stored_views
    missing = [registration_id for registration_id in dict.fromkeys(registration_ids) if registration_id not in known]
    registrations = await _registrations(request, missing) if missing else {}
    for view in await asyncio.gather(*(_stored_view(request, one, registrations.get(one)) for one in missing)):
        known.setdefault(view.key, view)
    views = ((registration_id, known[registration_id]) for registration_id in registration_ids)
    return {registration_id: view for registration_id, view in views if isinstance(view, StoredView)}


async def _registrations(request: Request, ids: Collection[str]) -> Mapping[str, Registration]:
    """The registrations by id; none while the registry does not answer: elements in hand can do without."""
    keys = {key: item for item in ids if (key := key_of(item, "Registration"))}
    try:
        async with request.services.database.reading() as connection:
            result = await registrations.by_keys(connection, keys, ())
    except RegistryError:
        return {}
    return {keys[key]: registration for key, registration in result.items()}


async def _stored_view(request: Request, registration_id: str, registration: Registration | None) -> StoredView:
    live = await _live_or_error(request, registration)
    group, account_id, region = (
        (None, "", "") if registration is None else (registration.group, registration.account_id, registration.region)
    )
    keeping = StoredScope(
        key=registration_id,
        registration_key=str(key_of(registration_id, "Registration")),
        view_key=live.key if isinstance(live, LiveView) else f"{group} {account_id} {region}",
        database=request.services.database,
        identity_map=request.identity_map,
        bound=request.limits.scan,
    )
    reader = StoredReader(keeping, live.inventory if isinstance(live, LiveView) else live)
    return StoredView(
        key=registration_id,
        group=group,
        account_id=account_id,
        region=region,
        services=request.services,
        inventory=reader,
        live=live if isinstance(live, LiveView) else None,
        identity_map=request.identity_map,
    )


async def _live_or_error(request: Request, registration: Registration | None) -> LiveView | AuthError:
    if registration is None:
        return CredentialsUnavailableError("The registration could not be read from the gateway's database; try again.")
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout_at(loop.time() + _ROLE_WAIT_SHARE * (request.deadline - loop.time())):
            return await owner_view(request, registration)
    except AuthError as error:
        return error
    except TimeoutError:
        return CredentialsUnavailableError(f"STS did not give the role of the group `{registration.group}` in time.")
