"""What deployments lead to in AWS and in the registry, seen as the group whose role they run as."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auth.errors import AuthError, ForbiddenError
from aws.inventory.shelves import Described
from aws.kinds import Kind
from aws.resources import AnyResource, Snapshot
from registry import registrations
from registry.ids import key_of
from registry.records import Deployment, DeploymentStep, Home, Registration, TestResult
from resolvers.request import Request, View


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Something in AWS that a record names, if it names one."""

    home: Home
    name: str | None


Found = AnyResource | Exception | None


async def snapshots(request: Request, deployments: Sequence[Deployment]) -> Sequence[Found]:
    """A batch function: the snapshot of each deployment; None where it is gone, or another one has its name now."""
    wanted = [_Wanted(_home(each), each.snapshot_name) for each in deployments]
    found = await _found(request, Kind.SNAPSHOT, wanted)
    return [
        None if isinstance(what, Snapshot) and what.creation_time not in {None, each.snapshot_created_at} else what
        for each, what in zip(deployments, found, strict=True)
    ]


async def runtimes(request: Request, deployments: Sequence[Deployment]) -> Sequence[Found]:
    """A batch function: the runtime that each deployment has become; None where there is none, or it is gone."""
    return await _found(request, Kind.RUNTIME, [_Wanted(_home(each), each.runtime_name) for each in deployments])


async def jobs(request: Request, records: Sequence[DeploymentStep | TestResult]) -> Sequence[Found]:
    """A batch function: the transform job of each step or outcome; None where there is none, or it is gone."""
    return await _found(request, Kind.TRANSFORM_JOB, [_Wanted(each.home, each.job_name) for each in records])


async def registrations_of(request: Request, deployments: Sequence[Deployment]) -> Sequence[Sequence[Registration]]:
    """A batch function: the registrations of each deployment's models; one that was removed is left out."""
    lists = [[str(key_of(one, "Registration")) for one in each.registration_ids] for each in deployments]
    services = request.services
    async with services.database.reading() as connection:
        every = {key for keys in lists for key in keys}
        found = await registrations.by_keys(connection, every, services.required_assets)
    return [[found[key] for key in keys if key in found] for keys in lists]


async def _found(request: Request, kind: Kind, wanted: Sequence[_Wanted]) -> Sequence[Found]:
    """Each thing, asked for with all others of its home."""
    by_home: dict[Home, set[str]] = defaultdict(set)
    for each in wanted:
        if each.name is not None:
            by_home[each.home].add(each.name)
    found = await asyncio.gather(*(_described(request, kind, home, names) for home, names in by_home.items()))
    known = dict(zip(by_home, found, strict=True))
    return [None if each.name is None else _one(known[each.home], each.name) for each in wanted]


async def _described(request: Request, kind: Kind, home: Home, names: set[str]) -> Mapping[str, Described] | AuthError:
    try:
        return await (await _view(request, home)).inventory.describe(kind, names)
    except AuthError as error:
        return error


async def _view(request: Request, home: Home) -> View:
    """The group's view. Raises ForbiddenError where it has no role, or one that is in another account by now."""
    view = await request.view_for(home.group, home.region)
    if view.account_id != home.account_id:
        raise ForbiddenError(
            f"The role of the group `{home.group}` is in account {view.account_id} now; the deployment is in account "
            f"{home.account_id}."
        )
    return view


def _one(found: Mapping[str, Described] | AuthError, name: str) -> Found:
    return found if isinstance(found, AuthError) else found[name]


def _home(deployment: Deployment) -> Home:
    return Home(deployment.group, deployment.account_id, deployment.region)
