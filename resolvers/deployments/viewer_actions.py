"""The actions on deployments that the caller may take now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Final

from auth.permissions import Permission
from registry import deployment_lists, deployments
from registry.deployment_lists import DeploymentCriteria
from registry.deployment_records import Deployment
from registry.deployment_rows import ENDED_STATES
from registry.enums import DeploymentState
from registry.ids import key_of
from registry.pages import VisibleGroups
from resolvers.request import Request
from workflows.approvals.backend import ApprovalKind
from workflows.deployments.cancel_retry import RETRYABLE_STATES
from workflows.deployments.four_eyes import is_among, originators_of


class DeploymentAction(Enum):
    """The actions on a deployment."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"
    CANCEL = "CANCEL"
    RETRY = "RETRY"


DECISIONS: Final = frozenset({DeploymentAction.APPROVE, DeploymentAction.REJECT})
_PERMISSIONS: Final[Mapping[DeploymentAction, Permission]] = {
    DeploymentAction.APPROVE: Permission.APPROVE,
    DeploymentAction.REJECT: Permission.APPROVE,
    DeploymentAction.CANCEL: Permission.DEPLOY,
    DeploymentAction.RETRY: Permission.DEPLOY,
}
_STATES: Final[Mapping[DeploymentAction, frozenset[DeploymentState]]] = {
    DeploymentAction.APPROVE: frozenset({DeploymentState.AWAITING_APPROVAL}),
    DeploymentAction.REJECT: frozenset({DeploymentState.AWAITING_APPROVAL}),
    DeploymentAction.CANCEL: frozenset(DeploymentState) - ENDED_STATES,
    DeploymentAction.RETRY: RETRYABLE_STATES,
}


async def viewer_actions(request: Request, shown: Sequence[Deployment]) -> Sequence[Sequence[DeploymentAction]]:
    """A batch function: the actions that the caller may take on each deployment, by all of the caller's groups."""
    possible = {deployment.id: _possible(request, deployment) for deployment in shown}
    undecided = _keys(shown, possible, DECISIONS)
    retryable = _keys(shown, possible, {DeploymentAction.RETRY})
    barred = await _barred(request, undecided)
    async with request.services.database.reading() as connection:
        superseded = await deployment_lists.superseded(connection, retryable)
    return [
        [
            action
            for action in possible[deployment.id]
            if not (action in DECISIONS and _key(deployment) in barred)
            and not (action is DeploymentAction.RETRY and _key(deployment) in superseded)
        ]
        for deployment in shown
    ]


async def narrowed(request: Request, criteria: DeploymentCriteria, action: DeploymentAction) -> DeploymentCriteria:
    """The criteria, narrowed to deployments on which the caller may take the action now."""
    states = _STATES[action] if criteria.states is None else _STATES[action] & frozenset(criteria.states)
    owners = _both(criteria.groups, request.permitted_owners(_PERMISSIONS[action]))
    criteria = replace(criteria, groups=owners, states=tuple(states))
    if action is DeploymentAction.RETRY:
        return replace(criteria, superseded=False)
    if action is DeploymentAction.CANCEL:
        return criteria
    if not _decides_here(request):
        return replace(criteria, keys=())
    async with request.services.database.reading() as connection:
        rows = await deployments.in_states(connection, DeploymentState.AWAITING_APPROVAL)
    waiting = frozenset(row.key for row in rows if owners is None or row.group in owners)
    return replace(criteria, keys=tuple(waiting - await _barred(request, waiting)))


def _possible(request: Request, deployment: Deployment) -> Sequence[DeploymentAction]:
    """The actions by state and permission alone."""
    return [
        action
        for action in DeploymentAction
        if deployment.state in _STATES[action]
        and (action not in DECISIONS or _decides_here(request))
        and request.may(deployment.group, _PERMISSIONS[action])
    ]


def _decides_here(request: Request) -> bool:
    return request.services.settings.deployments.approval is ApprovalKind.BUILTIN


async def _barred(request: Request, keys: Collection[str]) -> frozenset[str]:
    """The deployments that the caller has brought about, and so does not decide about."""
    if request.caller is None or not keys:
        return frozenset()
    async with request.services.database.reading() as connection:
        rows = await deployments.by_keys(connection, keys)
    people = await originators_of(request.services.lifecycle.deps, list(rows.values()))
    return frozenset(key for key, names in people.items() if is_among(request.caller.subject, names))


def _keys(
    shown: Sequence[Deployment],
    possible: Mapping[str, Sequence[DeploymentAction]],
    actions: Collection[DeploymentAction],
) -> Sequence[str]:
    return [_key(deployment) for deployment in shown if not set(actions).isdisjoint(possible[deployment.id])]


def _key(deployment: Deployment) -> str:
    return str(key_of(deployment.id, "Deployment"))


def _both(one: VisibleGroups, other: VisibleGroups) -> VisibleGroups:
    """The groups that are in both; None stands for every group."""
    if one is None or other is None:
        return other if one is None else one
    return frozenset(one) & frozenset(other)
