"""resolvers.deployments.action_rules: what `viewerCannot` tells beforehand is what the mutations answer."""

from typing import Any

import pytest

from auth.caller import Caller
from auth.errors import ForbiddenError
from resolvers.deployments.action_rules import PERMISSIONS, DenialCode, DeploymentAction
from resolvers.deployments.actions import (
    DeploymentResult,
    DeploymentTarget,
    approve_deployment,
    cancel_deployment,
    reject_deployment,
    retry_deployment,
)
from resolvers.deployments.pages import get_deployment
from resolvers.deployments.viewer_actions import viewer_actions, viewer_denials
from resolvers.errors import UserFaultError
from resolvers.mutations.context import MutationContext
from tests.resolvers.deployments.test_viewer_actions import ANN, BEN, EVE, READER, one_of_each
from tests.resolvers.harness import MutationHarness, open_harness

PERMISSION, DISABLED, STATE, FOUR_EYES = DenialCode
APPROVE, REJECT, CANCEL, RETRY = DeploymentAction
MUTATIONS: dict[DeploymentAction, Any] = {
    APPROVE: approve_deployment,
    REJECT: reject_deployment,
    CANCEL: cancel_deployment,
    RETRY: retry_deployment,
}
JIRA = {"url": "https://jira.example.com", "user": "u", "token": "t" * 20, "project": "MLOPS", "approved": ["Done"]}
Told = dict[DeploymentAction, tuple[str, str]]


async def told(harness: MutationHarness, caller: Caller, id: str) -> Told:
    """The code and the words of each denied action; what is not denied is what the caller can do."""
    async with harness.request_factory.request(caller, "request-1") as request:
        shown: Any = await get_deployment(request, id)
        (denied,), (possible,) = await viewer_denials(request, [shown]), await viewer_actions(request, [shown])
    refused = {denial.action for denial in denied}
    assert [action for action in DeploymentAction if action not in refused] == list(possible)
    return {denial.action: (denial.code.value, denial.message) for denial in denied}


async def attempted(harness: MutationHarness, caller: Caller, id: str, action: DeploymentAction) -> tuple[str, str]:
    """The code and the words with which a mutation refuses an action, in terms of denials."""
    async with harness.request_factory.request(caller, "request-1") as request:
        context = MutationContext(request, "change", PERMISSIONS[action])
        try:
            payload: DeploymentResult = await MUTATIONS[action](context, DeploymentTarget(id))
        except ForbiddenError as error:
            return FOUR_EYES.value if "Somebody else must decide" in str(error) else PERMISSION.value, str(error)
        except UserFaultError as error:
            ((code, words),) = [(fault.code.value, fault.message) for fault in error.errors]
            return code, words
    ((code, words),) = [(fault.code.value, fault.message) for fault in payload.user_errors]
    assert code == "CONFLICT"
    return STATE.value, words


async def assert_told(harness: MutationHarness, caller: Caller, expected: dict[str, str]) -> None:
    """Sees that each denied action has its code, by initials, and that its mutation refuses it in the same words."""
    initials = {"-": None, **{code.value[0]: code.value for code in DenialCode}}
    ids = await one_of_each(harness)
    rows = await harness.rows("deployments", "audit_events")
    for name, codes in expected.items():
        denied = await told(harness, caller, ids[name])
        wanted = dict(zip(DeploymentAction, (initials[letter] for letter in codes), strict=True))
        assert {action: denied.get(action, (None,))[0] for action in DeploymentAction} == wanted, name
        for action, answer in denied.items():
            assert await attempted(harness, caller, ids[name], action) == answer
        assert await told(harness, caller, ids[name]) == denied
    assert await harness.rows("deployments", "audit_events") == rows
    assert harness.started_work.started == []


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (
            ANN,
            {"verifying": "SS-S", "blocked": "SS--", "waiting": "FF-S", "failed": "SSS-"}
            | {"superseded": "SSSS", "deployed": "SSSS", "rival": "SS-S"},
        ),
        (BEN, {"waiting": "---S", "deployed": "SSSS"}),
        (EVE, {"waiting": "---S", "superseded": "SSSS"}),
        (READER, {"waiting": "PPPP", "failed": "PPPP", "deployed": "PPPP"}),
    ],
)
async def test_each_denial_is_the_answer_of_its_mutation(
    harness: MutationHarness, caller: Caller, expected: dict[str, str]
) -> None:
    await assert_told(harness, caller, expected)


async def test_where_another_system_approves_decisions_are_switched_off(sandbox: Any, sqlite_url: str) -> None:
    async with open_harness(sandbox, sqlite_url, deployments={"approval": "jira"}, jira=JIRA) as harness:
        await assert_told(harness, ANN, {"waiting": "DD-S", "deployed": "DDSS"})


async def test_what_is_denied_depends_on_no_acting_group(harness: MutationHarness) -> None:
    ids = await one_of_each(harness)
    acting = Caller("eve", ("mlops", "reader"), "reader")
    assert await told(harness, acting, ids["waiting"]) == await told(harness, EVE, ids["waiting"])
