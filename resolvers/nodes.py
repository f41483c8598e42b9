"""Things by id.

The id of something in AWS leads to the acting group's view if its role is in that account, else to the first that is;
that of something of the gateway's own leads to the registry.
"""

from auth.errors import AuthError, ForbiddenError
from auth.policy import RoleSelection, entry_facts
from aws.naming import MalformedIdError, ResourceId, decode_id
from aws.resources import AnyResource
from registry.ids import decode_own_id
from resolvers.errors import BadInputError
from resolvers.lookups import describe_by_name
from resolvers.own_nodes import REGISTRY_TYPES, registry_nodes
from resolvers.request import LiveView, Request


async def node(request: Request, encoded: str) -> object:
    """The thing with this id; None where it is gone, and for a record that the caller may not see.

    Raises:
        BadInputError: No id of this gateway.
        UnauthenticatedError: Nobody is asking.
        ForbiddenError: None of the caller's groups has a role in the id's account and region, or may see records.
        AWSError, RegistryError: It could not be read.
    """
    own = decode_own_id(encoded)
    if own is not None and own[0] in REGISTRY_TYPES:
        word, key = own
        found: object = await request.batcher.load(registry_nodes, request, key, word)
        return found
    return await _aws_node(request, encoded)


async def _aws_node(request: Request, encoded: str) -> AnyResource | None:
    try:
        wanted = decode_id(encoded)
    except MalformedIdError as error:
        raise BadInputError(str(error)) from error
    return await describe_by_name(await _view_for(request, wanted), wanted.kind, wanted.name)


async def _view_for(request: Request, wanted: ResourceId) -> LiveView:
    """Roles are tried in order, but an entry of another region is not even asked for its account."""
    acting = request.policy.select_acting_role(request.caller)
    seats = [acting, *(seat for seat in request.policy.available_roles(request.caller) if seat.group != acting.group)]
    failure: AuthError | None = None
    for seat in seats:
        if not _may_reach(seat, wanted):
            continue
        try:
            view = await request.view_for_role(seat, wanted.region)
        except AuthError as error:
            failure = failure or error
            continue
        if view.scope.account_id == wanted.account_id:
            return view
    raise failure or ForbiddenError(
        f"None of your groups has a role in account {wanted.account_id} and region {wanted.region}."
    )


def _may_reach(role_selection: RoleSelection, wanted: ResourceId) -> bool:
    return (
        role_selection.entry is not None
        and wanted.region in role_selection.entry.regions
        and _account(role_selection) in {None, wanted.account_id}
    )


def _account(role_selection: RoleSelection) -> str | None:
    """The account as far as the settings tell it; stored keys do not."""
    return entry_facts(role_selection.entry)[1] if role_selection.entry else None
