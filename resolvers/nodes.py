"""Nodes by id: AWS resources and registry records."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from auth.credential_entries import entry_facts
from auth.errors import ForbiddenError
from auth.ownership import acting_groups
from auth.permissions import Permission
from auth.policy import RoleSelection
from aws.kinds.catalog import AnyResource
from registry import (
    assets,
    audit,
    deployment_lists,
    elements,
    import_runs,
    named_resources,
    registrations,
    test_results,
)
from registry.database import Connection
from registry.enums import AssetRole, ElementKind
from registry.ids import decode_own_id, key_of
from registry.named_resources import ResourceName
from registry.pages import VisibleGroups
from resolvers.errors import BadInputError
from resolvers.lookups import describe_by_name
from resolvers.node_ids import NodeId, decode_node_id
from resolvers.request import Request
from resolvers.views.resource_view import LiveView, Viewed
from resolvers.visibility import is_visible, visible_owners

Keys = Collection[str]
Required = Sequence[AssetRole]
# Things by key, each with the group that owns it.
OwnedByKey = Mapping[str, tuple[str | None, object]]


@dataclass(frozen=True, slots=True)
class RegistryType:
    """A type of records that have ids.

    Attributes:
        find: The lookup of records by key, from a connection, the keys and the required assets' roles.
        permission: The permission that it takes to see them.
    """

    find: Callable[[Connection, Keys, Required], Awaitable[OwnedByKey]]
    permission: Permission = Permission.READ


async def registry_node(request: Request, encoded: str, type_name: str) -> Any:
    """The record with the encoded id; None if there is none that the caller may see.

    Args:
        request: The request of the caller.
        encoded: The id.
        type_name: The name of its type in the schema.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see nothing of this type at all.
        BadInputError: No id of this type.
    """
    _readable_owners(request, type_name)
    key = key_of(encoded, type_name)
    if key is None:
        raise BadInputError(
            f"`id` is not the id of {_with_article(type_name)}; take it from an answer of this gateway."
        )
    return await request.batcher.load(registry_nodes, request, key, type_name)


def _with_article(type_name: str) -> str:
    """Give a type's name as a sentence has it: `an import run` for ImportRun."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type_name).lower()
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


async def registry_nodes(request: Request, keys: Sequence[str], type_name: str) -> Sequence[object]:
    """A batch function: the record with each of the keys; None if it is gone, or may not be seen.

    Raises:
        auth.errors.UnauthenticatedError, auth.errors.ForbiddenError
    """
    sort, services = REGISTRY_TYPES[type_name], request.services
    seen = _readable_owners(request, type_name)
    async with services.database.reading() as connection:
        result = await sort.find(connection, keys, services.required_assets)
    return [result[key][1] if key in result and is_visible(result[key][0], seen) else None for key in keys]


def _readable_owners(request: Request, type_name: str) -> VisibleGroups:
    """The groups whose records of the type the caller may see by id: by all of the caller's groups.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see none, or asks to act for a group that they are not in.
    """
    acting_groups(request.policy, request.caller)
    return visible_owners(request, REGISTRY_TYPES[type_name].permission, acting_only=False)


async def _registrations(connection: Connection, keys: Keys, required: Required) -> OwnedByKey:
    result = await registrations.by_keys(connection, keys, required)
    return {key: (registration.group, registration) for key, registration in result.items()}


async def _elements(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    return await _with_registrations(connection, await elements.by_keys(connection, keys))


async def _assets(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    return await _with_registrations(connection, await assets.by_keys(connection, keys))


async def _with_registrations(connection: Connection, parts: Mapping[str, Any]) -> OwnedByKey:
    """Give each part of a registration the registration's owner."""
    owners = {part.registration_id: str(key_of(part.registration_id, "Registration")) for part in parts.values()}
    owning = await registrations.by_keys(connection, list(owners.values()), ())
    return {
        key: (owning[owners[part.registration_id]].group, part)
        for key, part in parts.items()
        if owners[part.registration_id] in owning
    }


async def _import_runs(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    return {key: (run.group, run) for key, run in (await import_runs.by_keys(connection, keys)).items()}


async def _deployments(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    result = await deployment_lists.by_keys(connection, keys)
    return {key: (deployment.group, deployment) for key, deployment in result.items()}


async def _test_results(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    return {key: (result.home.group, result) for key, result in (await test_results.by_keys(connection, keys)).items()}


async def _audit_events(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    return {key: (event.group, event) for key, event in (await audit.by_keys(connection, keys)).items()}


REGISTRY_TYPES: Final[Mapping[str, RegistryType]] = {
    "Registration": RegistryType(_registrations),
    "ImportedElement": RegistryType(_elements),
    "Asset": RegistryType(_assets),
    "ImportRun": RegistryType(_import_runs),
    "Deployment": RegistryType(_deployments),
    "TestResult": RegistryType(_test_results),
    "AuditEvent": RegistryType(_audit_events, Permission.AUDIT),
}
"""The lookup of each type, by the word in its ids: its name in the schema."""


async def node(request: Request, encoded: str) -> object:
    """The resource or record with the encoded id; None if it is gone, and for a record that the caller may not see.

    Raises:
        BadInputError: No id of this gateway.
        UnauthenticatedError: Nobody is asking.
        ForbiddenError: The caller is neither in the id's group nor over it, it has no role in the id's account and
            region, or none of the caller's groups may see records.
        AWSError, RegistryError: It could not be read.
    """
    own = decode_own_id(encoded)
    if own is not None and own[0] in REGISTRY_TYPES:
        word, key = own
        result: object = await request.batcher.load(registry_nodes, request, key, word)
        return result
    return await _aws_node(request, encoded)


async def _aws_node(request: Request, encoded: str) -> Viewed[AnyResource] | None:
    node_id = decode_node_id(encoded)
    view = await view_of_node(request, node_id)
    return await describe_by_name(view, node_id.kind, node_id.name)


async def view_of_node(request: Request, node_id: NodeId) -> LiveView:
    """The view that an id's resource is read through.

    Raises:
        UnauthenticatedError: Nobody is asking.
        ForbiddenError: See `node`.
    """
    view = await _view_for(request, node_id)
    if view.account_id != node_id.account_id:
        raise _no_role(node_id)
    return view


async def _view_for(request: Request, node_id: NodeId) -> LiveView:
    """The view of the id's group: one of the caller's, or one that the caller is over and whose records name it."""
    if node_id.group is None or request.caller is None or node_id.group in request.caller.groups:
        selection = _own_role(request, node_id)
        if not _may_reach(selection, node_id):
            raise _no_role(node_id)
        return await request.view_for_role(selection, node_id.region)
    named = await request.batcher.load(_named_by_records, request, node_id)
    if not named or not request.may(node_id.group, Permission.READ):
        raise ForbiddenError(
            f"The id belongs to the group `{node_id.group}`, and you are not in it. A group that is `over` "
            "it sees the resources that its registrations and deployments name."
        )
    return await request.view_for(node_id.group, node_id.region)


def _own_role(request: Request, node_id: NodeId) -> RoleSelection:
    selection = request.policy.select_role_for(request.caller, node_id.group)
    if selection.group != node_id.group:
        raise ForbiddenError(
            "The id was read without a group; read the resource again as one of your groups, and take that id."
        )
    return selection


async def _named_by_records(request: Request, node_ids: Sequence[NodeId]) -> Sequence[bool]:
    """A batch function: whether registrations or deployments of the id's group name each resource."""
    async with request.services.database.reading() as connection:
        return [
            await named_resources.is_named(
                connection,
                ResourceName(
                    str(node_id.group), node_id.account_id, node_id.region, ElementKind[node_id.kind.name], node_id.name
                ),
            )
            for node_id in node_ids
        ]


def _no_role(node_id: NodeId) -> ForbiddenError:
    return ForbiddenError(
        f"The group of the id has no role in account {node_id.account_id} and region {node_id.region}; read "
        "the resource by its name."
    )


def _may_reach(role_selection: RoleSelection, wanted: NodeId) -> bool:
    """Look at the settings alone: an entry of another account or region is not even asked for credentials."""
    return (
        role_selection.entry is not None
        and wanted.region in role_selection.entry.regions
        and _account(role_selection) in {None, wanted.account_id}
    )


def _account(role_selection: RoleSelection) -> str | None:
    """The account as far as the settings tell it; stored keys do not."""
    return entry_facts(role_selection.entry)[1] if role_selection.entry else None
