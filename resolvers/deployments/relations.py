"""Snapshots, runtimes, jobs and registrations of deployments, read as the owning group."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auth.errors import AuthError, ForbiddenError
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from aws.kinds.rollouts import Rollout
from registry import registrations
from registry.deployment_records import Deployment, DeploymentScope, DeploymentStep, TestResult, VerifiedAsset
from registry.ids import key_of
from registry.records import Registration
from resolvers.request import Request
from resolvers.views.resource_view import LiveView, Viewed, viewed_or_error
from workflows.deployments.rollout_plans import rollout_from_document


@dataclass(frozen=True, slots=True)
class _NamedResource:
    """Something in AWS that a record names, if it names one."""

    home: DeploymentScope
    name: str | None


ResourceOrError = Viewed[AnyResource] | Exception | None


async def snapshots_of_deployments(request: Request, deployments: Sequence[Deployment]) -> Sequence[ResourceOrError]:
    """A batch function: the snapshot of each deployment; None if it is gone, or another one has its name now."""
    wanted = [_NamedResource(_home(deployment), deployment.snapshot_name) for deployment in deployments]
    result = await _resources(request, Kind.SNAPSHOT, wanted)
    return [
        None
        if isinstance(snapshot, Viewed) and snapshot.value.creation_time not in {None, deployment.snapshot_created_at}
        else snapshot
        for deployment, snapshot in zip(deployments, result, strict=True)
    ]


async def replaced_snapshots(request: Request, deployments: Sequence[Deployment]) -> Sequence[ResourceOrError]:
    """A batch function: the snapshot on the endpoint that each of the deployments is to update; None without one."""
    return await _resources(
        request,
        Kind.SNAPSHOT,
        [_NamedResource(_home(deployment), deployment.replaces_name) for deployment in deployments],
    )


async def runtimes_of_deployments(request: Request, deployments: Sequence[Deployment]) -> Sequence[ResourceOrError]:
    """A batch function: the runtime that each deployment has become; None if there is none, or it is gone."""
    return await _resources(
        request,
        Kind.RUNTIME,
        [_NamedResource(_home(deployment), deployment.runtime_name) for deployment in deployments],
    )


async def transform_jobs_of_records(
    request: Request, records: Sequence[DeploymentStep | TestResult]
) -> Sequence[ResourceOrError]:
    """A batch function: the transform job of each record, a step or a test result; None if there is none, or it is
    gone.
    """
    return await _resources(
        request, Kind.TRANSFORM_JOB, [_NamedResource(record.home, record.job_name) for record in records]
    )


async def registrations_of_deployments(
    request: Request, deployments: Sequence[Deployment]
) -> Sequence[Sequence[Registration]]:
    """A batch function: the registrations of the models of each of the deployments; removed ones are left out."""
    lists = [[str(key_of(one, "Registration")) for one in deployment.registration_ids] for deployment in deployments]
    services = request.services
    async with services.database.reading() as connection:
        every = {key for keys in lists for key in keys}
        result = await registrations.by_keys(connection, every, services.required_assets)
    return [[result[key] for key in keys if key in result] for keys in lists]


async def rollouts_of_deployments(_request: Request, deployments: Sequence[Deployment]) -> Sequence[Rollout | None]:
    """A batch function: the plan by which each of the deployments updates its endpoint; None if there is none."""
    return [rollout_from_document(deployment.rollout) for deployment in deployments]


async def registrations_of_assets(request: Request, verified: Sequence[VerifiedAsset]) -> Sequence[Registration | None]:
    """A batch function: the registration of each verified asset; None if it was removed."""
    keys = [str(key_of(asset.registration_id, "Registration")) for asset in verified]
    services = request.services
    async with services.database.reading() as connection:
        result = await registrations.by_keys(connection, set(keys), services.required_assets)
    return [result.get(key) for key in keys]


async def _resources(request: Request, kind: Kind, wanted: Sequence[_NamedResource]) -> Sequence[ResourceOrError]:
    """Each thing, asked for with all others of its home."""
    by_home: dict[DeploymentScope, set[str]] = defaultdict(set)
    for resource in wanted:
        if resource.name is not None:
            by_home[resource.home].add(resource.name)
    result = await asyncio.gather(*(_describe(request, kind, home, names) for home, names in by_home.items()))
    known = dict(zip(by_home, result, strict=True))
    return [None if reference.name is None else _by_name(known[reference.home], reference.name) for reference in wanted]


async def _describe(
    request: Request, kind: Kind, home: DeploymentScope, names: set[str]
) -> Mapping[str, ResourceOrError] | AuthError:
    try:
        view = await _owner_view(request, home)
    except AuthError as error:
        return error
    described = await view.inventory.describe(kind, names)
    return {name: viewed_or_error(view, described[name]) for name in names}


async def _owner_view(request: Request, home: DeploymentScope) -> LiveView:
    """The group's view. Raises ForbiddenError if it has no role, or one that is in another account by now."""
    view = await request.view_for(home.group, home.region)
    if view.account_id != home.account_id:
        raise ForbiddenError(
            f"The role of the group `{home.group}` is in account {view.account_id} now; the deployment is in account "
            f"{home.account_id}."
        )
    return view


def _by_name(resources: Mapping[str, ResourceOrError] | AuthError, name: str) -> ResourceOrError:
    return resources if isinstance(resources, AuthError) else resources[name]


def _home(deployment: Deployment) -> DeploymentScope:
    return DeploymentScope(deployment.group, deployment.account_id, deployment.region)
