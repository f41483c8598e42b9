"""The rules of actions on deployments: the mutations enforce them, and `viewerCan` and `viewerCannot` tell them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from auth.permissions import Permission
from registry import deployment_lists, deployments
from registry.deployment_records import Deployment
from registry.deployment_rows import ENDED_STATES, DeploymentRow
from registry.enums import DeploymentState
from registry.ids import key_of
from resolvers.mutations.context import permission_refusal
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


class DenialCode(Enum):
    """The reasons for which an action is denied, in the order in which they are looked for."""

    PERMISSION = "PERMISSION"
    DISABLED = "DISABLED"
    STATE = "STATE"
    FOUR_EYES = "FOUR_EYES"


@dataclass(frozen=True, slots=True)
class DeniedAction:
    """An action that the caller may not take on a deployment, and the first reason.

    Attributes:
        action: The action.
        code: The kind of the reason.
        message: The reason and a remedy, as a sentence for the caller.
    """

    action: DeploymentAction
    code: DenialCode
    message: str


Denials = Mapping[DeploymentAction, DeniedAction]
"""The denied ones of the actions on a deployment."""
DECISIONS: Final = frozenset({DeploymentAction.APPROVE, DeploymentAction.REJECT})
PERMISSIONS: Final[Mapping[DeploymentAction, Permission]] = {
    DeploymentAction.APPROVE: Permission.APPROVE,
    DeploymentAction.REJECT: Permission.APPROVE,
    DeploymentAction.CANCEL: Permission.DEPLOY,
    DeploymentAction.RETRY: Permission.DEPLOY,
}
STATES: Final[Mapping[DeploymentAction, frozenset[DeploymentState]]] = {
    DeploymentAction.APPROVE: frozenset({DeploymentState.AWAITING_APPROVAL}),
    DeploymentAction.REJECT: frozenset({DeploymentState.AWAITING_APPROVAL}),
    DeploymentAction.CANCEL: frozenset(DeploymentState) - ENDED_STATES,
    DeploymentAction.RETRY: RETRYABLE_STATES,
}
_STATE_SENTENCES: Final[Mapping[DeploymentAction, str]] = {
    DeploymentAction.APPROVE: "The deployment is {0}; only one that is AWAITING_APPROVAL can be decided about.",
    DeploymentAction.REJECT: "The deployment is {0}; only one that is AWAITING_APPROVAL can be decided about.",
    DeploymentAction.CANCEL: "The deployment is {0}; it cannot be cancelled now.",
    DeploymentAction.RETRY: "The deployment is {0}; only one that is BLOCKED or FAILED can be retried.",
}
_DECIDED_ELSEWHERE: Final = (
    "Jira decides about deployments (`deployments.approval`); move the deployment's ticket instead."
)
_ORIGINATOR: Final = (
    "You caused this deployment: you started it or an earlier one of its snapshot, made the snapshot, or "
    "imported its model. Somebody else must decide, unless `deployments.selfApproval` is on."
)
_SUPERSEDED: Final = "Another deployment of `{0}` is under way; cancel it, or wait for its end."


def denied_by_state(action: DeploymentAction, state: DeploymentState) -> DeniedAction:
    """The denial of an action on a deployment that is in another state."""
    return DeniedAction(action, DenialCode.STATE, _STATE_SENTENCES[action].format(state.value))


async def denials_of(
    request: Request,
    rows: Sequence[Deployment | DeploymentRow],
    actions: Collection[DeploymentAction] = tuple(DeploymentAction),
) -> Sequence[Denials]:
    """The denied actions on each deployment, by all of the caller's groups; takes six statements for any number.

    Args:
        request: The request of the caller.
        rows: The deployments.
        actions: The actions to ask about.

    Raises:
        auth.errors.UnauthenticatedError, auth.errors.ForbiddenError
        RegistryError
    """
    denials = [_denials_at_sight(request, row, actions) for row in rows]
    undecided = _keys_without(denials, rows, DECISIONS.intersection(actions))
    retryable = _keys_without(denials, rows, {DeploymentAction.RETRY}.intersection(actions))
    barred, superseded = await brought_about(request, undecided), await _superseded(request, retryable)
    for row, denied in zip(rows, denials, strict=True):
        for action in set(actions) - denied.keys():
            if action in DECISIONS and _key(row) in barred:
                denied[action] = DeniedAction(action, DenialCode.FOUR_EYES, _ORIGINATOR)
            if action is DeploymentAction.RETRY and _key(row) in superseded:
                denied[action] = DeniedAction(action, DenialCode.STATE, _SUPERSEDED.format(row.snapshot_name))
    return denials


def decides_here(request: Request) -> bool:
    """True if the request's gateway decides about deployments by its own mutations, rather than through Jira."""
    return request.services.settings.deployments.approval is ApprovalKind.BUILTIN


async def brought_about(request: Request, keys: Collection[str]) -> frozenset[str]:
    """Select the deployments, by key, that the caller has brought about, and so does not decide about."""
    if request.caller is None or not keys:
        return frozenset()
    async with request.services.database.reading() as connection:
        rows = await deployments.by_keys(connection, keys)
    people = await originators_of(request.services.lifecycle.deps, list(rows.values()))
    return frozenset(key for key, names in people.items() if is_among(request.caller.subject, names))


async def _superseded(request: Request, keys: Collection[str]) -> frozenset[str]:
    if not keys:
        return frozenset()
    async with request.services.database.reading() as connection:
        return await deployment_lists.superseded(connection, keys)


def _denials_at_sight(
    request: Request, row: Deployment | DeploymentRow, actions: Collection[DeploymentAction]
) -> dict[DeploymentAction, DeniedAction]:
    """The denials that permission, settings and state alone tell."""
    return {action: denial for action in actions if (denial := _denial_at_sight(request, row, action)) is not None}


def _denial_at_sight(
    request: Request, row: Deployment | DeploymentRow, action: DeploymentAction
) -> DeniedAction | None:
    if not request.may(row.group, PERMISSIONS[action]):
        return DeniedAction(action, DenialCode.PERMISSION, permission_refusal(row.group, PERMISSIONS[action]))
    if action in DECISIONS and not decides_here(request):
        return DeniedAction(action, DenialCode.DISABLED, _DECIDED_ELSEWHERE)
    return None if row.state in STATES[action] else denied_by_state(action, row.state)


def _keys_without(
    denials: Sequence[Denials], rows: Sequence[Deployment | DeploymentRow], actions: Collection[DeploymentAction]
) -> Sequence[str]:
    """The deployments of which at least one of these actions is not denied yet."""
    return [_key(row) for row, denied in zip(rows, denials, strict=True) if not denied.keys() >= set(actions)]


def _key(row: Deployment | DeploymentRow) -> str:
    return row.key if isinstance(row, DeploymentRow) else str(key_of(row.id, "Deployment"))
