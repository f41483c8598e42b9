"""The gateway's own things by id: registrations, elements, runs, assets, deployments, results, events of the audit."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from auth.permissions import Permission
from registry import assets, audit, deployment_lists, elements, import_runs, registrations, test_results
from registry.database import Connection
from registry.ids import key_of
from registry.words import AssetRole
from resolvers.errors import BadInputError
from resolvers.owners import is_visible, visible_owners
from resolvers.request import Request

Keys = Collection[str]
Required = Sequence[AssetRole]
# Things by key, each with the group that owns it.
OwnedByKey = Mapping[str, tuple[str | None, object]]


@dataclass(frozen=True, slots=True)
class RegistryType:
    """How things of one type are found by their keys, and which permission it takes to see them."""

    find: Callable[[Connection, Keys, Required], Awaitable[OwnedByKey]]
    permission: Permission = Permission.READ


async def registry_node(request: Request, encoded: str, type_name: str) -> Any:
    """The thing of this type with this id; None where there is none that the caller may see.

    Raises:
        auth.errors.UnauthenticatedError
        auth.errors.ForbiddenError: The caller may see nothing of this type at all.
        BadInputError: No id of this type.
    """
    visible_owners(request, REGISTRY_TYPES[type_name].permission)
    key = key_of(encoded, type_name)
    if key is None:
        raise BadInputError(f"`id` is no id of a {type_name.lower()} that this gateway has given out.")
    return await request.batcher.load(registry_nodes, request, key, type_name)


async def registry_nodes(request: Request, keys: Sequence[str], type_name: str) -> Sequence[object]:
    """A batch function: the thing of this type with each key; None where it is gone, or may not be seen.

    Raises:
        auth.errors.UnauthenticatedError, auth.errors.ForbiddenError
    """
    sort, services = REGISTRY_TYPES[type_name], request.services
    seen = visible_owners(request, sort.permission)
    async with services.database.reading() as connection:
        found = await sort.find(connection, keys, services.required_assets)
    return [found[key][1] if key in found and is_visible(found[key][0], seen) else None for key in keys]


async def _registrations(connection: Connection, keys: Keys, required: Required) -> OwnedByKey:
    found = await registrations.by_keys(connection, keys, required)
    return {key: (registration.group, registration) for key, registration in found.items()}


async def _elements(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    return await _with_registrations(connection, await elements.by_keys(connection, keys))


async def _assets(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    return await _with_registrations(connection, await assets.by_keys(connection, keys))


async def _with_registrations(connection: Connection, parts: Mapping[str, Any]) -> OwnedByKey:
    """What is a part of a registration belongs to whom that belongs to."""
    owners = {part.registration_id: str(key_of(part.registration_id, "Registration")) for part in parts.values()}
    found = await registrations.by_keys(connection, list(owners.values()), ())
    return {
        key: (found[owners[part.registration_id]].group, part)
        for key, part in parts.items()
        if owners[part.registration_id] in found
    }


async def _import_runs(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    return {key: (run.group, run) for key, run in (await import_runs.by_keys(connection, keys)).items()}


async def _deployments(connection: Connection, keys: Keys, _required: Required) -> OwnedByKey:
    found = await deployment_lists.by_keys(connection, keys)
    return {key: (deployment.group, deployment) for key, deployment in found.items()}


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
"""How each type is found, by the word in its ids: its name in the schema."""
