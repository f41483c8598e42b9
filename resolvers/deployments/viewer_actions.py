"""The actions on deployments that the caller may take now, and those that are denied."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from registry import deployments
from registry.deployment_lists import DeploymentCriteria
from registry.deployment_records import Deployment
from registry.enums import DeploymentState
from registry.pages import VisibleGroups
from resolvers.deployments.action_rules import (
    PERMISSIONS,
    STATES,
    Denials,
    DeniedAction,
    DeploymentAction,
    brought_about,
    decides_here,
    denials_of,
)
from resolvers.request import Request


async def viewer_actions(request: Request, shown: Sequence[Deployment]) -> Sequence[Sequence[DeploymentAction]]:
    """A batch function: the actions that the caller may take on each deployment shown, by all of their groups."""
    return [
        [action for action in DeploymentAction if action not in denials] for denials in await _denials(request, shown)
    ]


async def viewer_denials(request: Request, shown: Sequence[Deployment]) -> Sequence[Sequence[DeniedAction]]:
    """A batch function: the actions that the caller may not take on each deployment shown, with the first reason."""
    return [
        [denials[action] for action in DeploymentAction if action in denials]
        for denials in await _denials(request, shown)
    ]


async def _denials(request: Request, shown: Sequence[Deployment]) -> Sequence[Denials]:
    """The denied actions on each deployment; both fields of a level share one look."""
    looks = (request.batcher.load(_each_once, request, deployment) for deployment in shown)
    denials: list[Denials] = await asyncio.gather(*looks)
    return denials


async def _each_once(request: Request, shown: Sequence[Deployment]) -> Sequence[Denials]:
    distinct = {id(deployment): deployment for deployment in shown}
    denials = dict(zip(distinct, await denials_of(request, list(distinct.values())), strict=True))
    return [denials[id(deployment)] for deployment in shown]


async def narrowed(request: Request, criteria: DeploymentCriteria, action: DeploymentAction) -> DeploymentCriteria:
    """Narrow the criteria to deployments on which the caller may take the action now."""
    states = STATES[action] if criteria.states is None else STATES[action] & frozenset(criteria.states)
    owners = _both(criteria.groups, request.permitted_owners(PERMISSIONS[action]))
    criteria = replace(criteria, groups=owners, states=tuple(states))
    if action is DeploymentAction.RETRY:
        return replace(criteria, superseded=False)
    if action is DeploymentAction.CANCEL:
        return criteria
    if not decides_here(request):
        return replace(criteria, keys=())
    async with request.services.database.reading() as connection:
        rows = await deployments.in_states(connection, DeploymentState.AWAITING_APPROVAL)
    waiting = frozenset(row.key for row in rows if owners is None or row.group in owners)
    return replace(criteria, keys=tuple(waiting - await brought_about(request, waiting)))


def _both(one: VisibleGroups, other: VisibleGroups) -> VisibleGroups:
    """The groups that are in both; None stands for every group."""
    if one is None or other is None:
        return other if one is None else one
    return frozenset(one) & frozenset(other)
