"""resolvers.deployments.actions: decisions, cancellations and next attempts, by those who may, once."""

from typing import Any

import pytest

from auth.errors import ForbiddenError
from auth.permissions import Permission
from registry.deployment_rows import DeploymentRow
from registry.enums import DecisionOutcome, DeploymentState
from registry.ids import encode_own_id, new_key
from resolvers.deployments.actions import (
    MAX_COMMENT_LENGTH,
    DeploymentTarget,
    approve_deployment,
    cancel_deployment,
    reject_deployment,
    retry_deployment,
)
from resolvers.errors import UserFaultError
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_SETTINGS
from tests.gateway_client import RISK
from tests.registry.factories import reload_deployment, transitioned
from tests.resolvers.deployments.act_on import act_on, awaiting_approval, conflict_message, is_unchanged
from tests.resolvers.harness import MutationHarness, error_triples, open_harness
from tests.sagemaker_builder import variant
from tests.workflows.deployments.deployment_rows import new_deployment_row
from workflows.deployments import cancel_retry
from workflows.deployments.decisions import SNAPSHOT_CHANGED
from workflows.deployments.deps import DeploymentDeps

APPROVE = Permission.APPROVE
VERIFYING, FAILED = DeploymentState.VERIFYING, DeploymentState.FAILED
WORDS = {
    "approve": approve_deployment,
    "reject": reject_deployment,
    "cancel": cancel_deployment,
    "retry": retry_deployment,
}


UNSEEN = ("NOT_FOUND", ("id",), "There is no deployment with this id that you may see.")


@pytest.mark.parametrize("word", WORDS)
async def test_what_may_not_be_seen_or_done_is_left(harness: MutationHarness, word: str) -> None:
    """What may not be seen is answered as what is not there, whatever the id."""
    deployment = await new_deployment_row(harness.database)
    for value in (
        deployment.id,
        encode_own_id("Deployment", new_key()),
        encode_own_id("Asset", deployment.key),
        "no id",
    ):
        async with harness.mutation(APPROVE, "bob", "other") as context:
            with pytest.raises(UserFaultError) as caught:
                await WORDS[word](context, DeploymentTarget(value))
        assert error_triples(caught.value.errors) == [UNSEEN]
        assert context.hidden_refusal == (value == deployment.id)
    async with harness.mutation(APPROVE, "bob", "reader") as context:
        with pytest.raises(ForbiddenError, match="needs the permission APPROVE"):
            await WORDS[word](context, DeploymentTarget(deployment.id))
    assert (context.target, context.group, context.hidden_refusal) == (f"Deployment {deployment.id}", "risk", False)
    assert await is_unchanged(harness, deployment)


@pytest.mark.parametrize("word", WORDS)
async def test_what_is_said_with_it_has_an_end(harness: MutationHarness, word: str) -> None:
    deployment = await new_deployment_row(harness.database)
    for comment in ("a\0b", "c" * (MAX_COMMENT_LENGTH + 1)):
        with pytest.raises(UserFaultError) as caught:
            await act_on(harness, WORDS[word], deployment, comment)
        assert [(error.code.value, error.field) for error in caught.value.errors] == [("INVALID", ("comment",))]
    assert await is_unchanged(harness, deployment)


@pytest.mark.parametrize(
    ("word", "state", "outcome", "asked"),
    [
        (approve_deployment, DeploymentState.LAUNCHING, DecisionOutcome.APPROVED, {"DescribeEndpointConfig": 1}),
        (reject_deployment, DeploymentState.REJECTED, DecisionOutcome.REJECTED, {}),
    ],
)
async def test_a_decision(
    harness: MutationHarness, word: Any, state: DeploymentState, outcome: DecisionOutcome, asked: dict[str, int]
) -> None:
    """Those who are over the group may take it without a role of their own."""
    deployment = await awaiting_approval(harness)
    async with harness.mutation(APPROVE, "eve", "mlops") as context:
        payload = await word(context, DeploymentTarget(deployment.id, "c" * MAX_COMMENT_LENGTH))
    assert payload.user_errors == ()
    assert payload.deployment.state is state
    decision = payload.deployment.decision
    assert (decision.outcome, decision.by, decision.comment) == (outcome, "eve", "c" * MAX_COMMENT_LENGTH)
    assert (context.group, harness.take_aws_calls()) == ("risk", asked)


@pytest.mark.parametrize("word", [approve_deployment, reject_deployment])
async def test_who_has_started_it_decides_where_the_settings_say_so(
    sandbox: Sandbox, sqlite_url: str, word: Any
) -> None:
    async with open_harness(sandbox, sqlite_url) as harness:
        deployment = await awaiting_approval(harness)
        with pytest.raises(ForbiddenError) as caught:
            await act_on(harness, word, deployment, by="ANN")
        assert "Somebody else must decide" in str(caught.value)
        assert await is_unchanged(harness, deployment)
    async with open_harness(sandbox, sqlite_url, deployments={**DEPLOYMENT_SETTINGS, "selfApproval": True}) as harness:
        payload = await act_on(harness, word, deployment, by="ANN")
        assert payload.deployment is not None
        assert payload.deployment.decision is not None
        assert payload.deployment.decision.by == "ANN"


async def test_where_jira_decides_nobody_else_does(sandbox: Sandbox, sqlite_url: str) -> None:
    jira = {"url": "https://jira.example.com", "user": "sagegraph", "token": "token", "project": "MLOPS"}
    async with open_harness(
        sandbox, sqlite_url, deployments={**DEPLOYMENT_SETTINGS, "approval": "jira"}, jira=jira
    ) as harness:
        deployment = await awaiting_approval(harness)
        for word in (approve_deployment, reject_deployment):
            with pytest.raises(UserFaultError) as caught:
                await act_on(harness, word, deployment)
            words = "Jira decides about deployments (`deployments.approval`); move the deployment's ticket instead."
            assert error_triples(caught.value.errors) == [("DISABLED", None, words)]
        assert await is_unchanged(harness, deployment)


async def test_an_approval_of_what_the_role_may_not_see_is_refused(harness: MutationHarness) -> None:
    deployment = await awaiting_approval(harness)
    harness.sandbox.faults.refuse("DescribeEndpointConfig")
    with pytest.raises(ForbiddenError, match=r"^The snapshot cannot be seen with the group's role now\. .*refuse"):
        await act_on(harness, approve_deployment, deployment)
    assert (await reload_deployment(harness.database, deployment), harness.started_work.started) == (deployment, [])


async def test_an_approval_of_what_was_made_again_fails_the_deployment(harness: MutationHarness) -> None:
    deployment = await awaiting_approval(harness)
    harness.sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
    anew = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
    harness.sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **anew)
    assert await conflict_message(harness, approve_deployment, deployment) == SNAPSHOT_CHANGED.format("churn-1")
    failed = await reload_deployment(harness.database, deployment)
    assert (failed.state, failed.decision) == (FAILED, None)


@pytest.mark.parametrize("word", [approve_deployment, reject_deployment])
async def test_what_awaits_no_decision_gets_none(harness: MutationHarness, word: Any) -> None:
    deployment = await new_deployment_row(harness.database)
    assert (
        await conflict_message(harness, word, deployment)
        == "The deployment is VERIFYING; only one that is AWAITING_APPROVAL can be decided about."
    )
    assert await is_unchanged(harness, deployment)


async def test_a_cancellation(harness: MutationHarness) -> None:
    deployment = await new_deployment_row(harness.database)
    payload = await act_on(harness, cancel_deployment, deployment, "Enough")
    assert payload.deployment is not None
    assert payload.user_errors == ()
    assert (payload.deployment.state, payload.deployment.reason) == (
        DeploymentState.CANCELLED,
        "eve cancelled it: Enough",
    )
    ended = await reload_deployment(harness.database, deployment)
    harness.started_work.started.clear()
    assert (
        await conflict_message(harness, cancel_deployment, deployment)
        == "The deployment is CANCELLED; it cannot be cancelled now."
    )
    assert await is_unchanged(harness, ended)


async def test_a_cancellation_that_comes_too_late(harness: MutationHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told how the deployment stands by now, not how it was seen."""
    deployment, plain = await new_deployment_row(harness.database), cancel_retry.cancel

    async def overtaken(deps: DeploymentDeps, seen: DeploymentRow, by: str, comment: str | None) -> bool:
        await transitioned(harness.database, seen, FAILED)
        return await plain(deps, seen, by, comment)

    monkeypatch.setattr(cancel_retry, "cancel", overtaken)
    assert (
        await conflict_message(harness, cancel_deployment, deployment)
        == "The deployment is FAILED; it cannot be cancelled now."
    )


@pytest.mark.parametrize("state", [FAILED, DeploymentState.BLOCKED])
async def test_a_next_attempt(harness: MutationHarness, state: DeploymentState) -> None:
    """Another snapshot's deployment is in nobody's way."""
    await new_deployment_row(harness.database, "other-1")
    deployment = await transitioned(harness.database, await new_deployment_row(harness.database), state)
    payload = await act_on(harness, retry_deployment, deployment, "Try once more")
    assert payload.deployment is not None
    assert (payload.user_errors, payload.deployment.state) == ((), VERIFYING)
    assert harness.started_work.started == [(f"deploy/{deployment.key}/2/verify", (deployment.key, 2))]


@pytest.mark.parametrize("state", [state for state in DeploymentState if state not in cancel_retry.RETRYABLE_STATES])
async def test_only_what_is_held_up_or_has_failed_begins_again(
    harness: MutationHarness, state: DeploymentState
) -> None:
    deployment = await new_deployment_row(harness.database)
    if state is not deployment.state:
        deployment = await transitioned(harness.database, deployment, state)
    assert await conflict_message(harness, retry_deployment, deployment) == (
        f"The deployment is {state.value}; only one that is BLOCKED or FAILED can be retried."
    )
    assert await is_unchanged(harness, deployment)


async def test_none_begins_again_beside_another(harness: MutationHarness) -> None:
    deployment = await transitioned(harness.database, await new_deployment_row(harness.database), FAILED)
    await new_deployment_row(harness.database)
    assert await conflict_message(harness, retry_deployment, deployment) == (
        "Another deployment of `churn-1` is under way; cancel it, or wait for its end."
    )
    assert await is_unchanged(harness, deployment)


async def test_of_two_who_let_it_begin_again_one_does(
    harness: MutationHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment, plain = (
        await transitioned(harness.database, await new_deployment_row(harness.database), FAILED),
        cancel_retry.retry,
    )

    async def overtaken(deps: DeploymentDeps, seen: DeploymentRow) -> bool:
        assert await plain(deps, seen)
        return await plain(deps, seen)

    monkeypatch.setattr(cancel_retry, "retry", overtaken)
    assert (
        await conflict_message(harness, retry_deployment, deployment)
        == "Somebody else has changed the deployment at this moment."
    )
    assert harness.started_work.started == [(f"deploy/{deployment.key}/2/verify", (deployment.key, 2))]
