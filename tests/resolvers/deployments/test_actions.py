"""resolvers.deployments.actions: what people do about a deployment is done once, or refused with nothing changed."""

from dataclasses import replace
from typing import Any

import pytest

from auth.errors import ForbiddenError
from auth.permissions import Permission
from aws.client.errors import AccessDeniedError
from aws.write.errors import WriteConflictError
from registry import deployments
from registry.deployment_rows import DeploymentRow
from registry.enums import DecisionOutcome, DeploymentState, DeploymentTrigger
from registry.ids import encode_own_id, key_of, new_key
from resolvers.deployments.actions import (
    MAX_COMMENT_LENGTH,
    DeploymentResult,
    DeploymentTarget,
    DeploySnapshot,
    approve_deployment,
    cancel_deployment,
    deploy_snapshot,
    reject_deployment,
    retry_deployment,
)
from resolvers.errors import UserFaultError
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_SETTINGS, create_model
from tests.gateway_client import RISK
from tests.registry.factories import reload_deployment, transitioned
from tests.resolvers.deployments.act_on import act_on, awaiting_approval, conflict_message, is_unchanged
from tests.resolvers.harness import MutationHarness, error_triples, open_harness
from tests.sagemaker_builder import building, variant
from tests.workflows.deployments.deployment_rows import new_deployment_row
from workflows.deployments import cancel_retry
from workflows.deployments.decisions import SNAPSHOT_CHANGED
from workflows.deployments.deps import DeploymentDeps

DEPLOY, APPROVE = Permission.DEPLOY, Permission.APPROVE
VERIFYING, FAILED = DeploymentState.VERIFYING, DeploymentState.FAILED
WORDS = {
    "approve": approve_deployment,
    "reject": reject_deployment,
    "cancel": cancel_deployment,
    "retry": retry_deployment,
}
CHURN = DeploySnapshot(snapshot_name="churn-1")
UNSEEN = ("NOT_FOUND", ("id",), "There is no deployment with this id among those that you may see.")


@pytest.fixture
def counter(desk: MutationHarness) -> MutationHarness:
    """A desk, with a snapshot in AWS to be deployed."""
    create_model(desk.sandbox)
    desk.take_aws_calls()
    return desk


async def deployed(desk: MutationHarness, given: DeploySnapshot, *groups: str) -> DeploymentResult:
    """What comes of a wish of ann's."""
    async with desk.mutation(DEPLOY, "ann", *groups) as act:
        return await deploy_snapshot(act, given)


@pytest.mark.parametrize("wish", [{}, {"rehearse": False}, {"launch": False}, {"runtime_name": "live"}])
async def test_a_lifecycle_is_started_as_it_is_wished(counter: MutationHarness, wish: dict[str, Any]) -> None:
    async with counter.mutation(DEPLOY) as act:
        payload = await deploy_snapshot(act, replace(CHURN, **wish))
    assert payload.deployment is not None
    key = str(key_of(payload.deployment.id, "Deployment"))
    async with counter.database.reading() as connection:
        (course,) = (await deployments.by_keys(connection, [key])).values()
    assert (course.rehearse, course.launch, course.runtime_wish) == (
        wish.get("rehearse", True),
        wish.get("launch", True),
        wish.get("runtime_name"),
    )
    assert (course.state, course.trigger) == (VERIFYING, DeploymentTrigger.REQUEST)
    assert (course.group, course.started_by) == ("risk", "ann")
    assert (act.target, act.group, act.role_arn) == ("Snapshot churn-1", "risk", RISK.role_arn)
    assert (payload.user_errors, counter.started_work.started) == ((), [(f"deploy/{key}/1/verify", (key, 1))])
    looked = {"DescribeEndpoint": 1} if "runtime_name" in wish else {}
    assert counter.take_aws_calls() == {"DescribeEndpointConfig": 1, **looked}


async def test_a_runtime_that_cannot_be_updated_is_refused_at_once(counter: MutationHarness) -> None:
    """Its present configuration is gone, so SageMaker would refuse the launch after the approval."""
    with building(counter.sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    counter.sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-0")
    with pytest.raises(WriteConflictError) as caught:
        await deployed(counter, replace(CHURN, runtime_name="live"))
    assert [fault.field for fault in caught.value.faults] == [("runtimeName",)]
    assert counter.started_work.started == []


NO_SNAPSHOT = ("INVALID", ("snapshotName",))
NO_RUNTIME = NO_LAUNCH = ("INVALID", ("runtimeName",))


@pytest.mark.parametrize(
    ("wish", "faults"),
    [
        ({"snapshot_name": "-churn"}, [NO_SNAPSHOT]),
        ({"snapshot_name": "c" * 64}, [NO_SNAPSHOT]),
        ({"runtime_name": "a/b"}, [NO_RUNTIME]),
        ({"runtime_name": "live", "launch": False}, [NO_LAUNCH]),
        ({"snapshot_name": "-c", "runtime_name": "a/b", "launch": False}, [NO_SNAPSHOT, NO_RUNTIME, NO_LAUNCH]),
    ],
)
async def test_a_faulty_request_reaches_nothing(
    counter: MutationHarness, wish: dict[str, Any], faults: list[Any]
) -> None:
    """All that is wrong with it is told at once."""
    async with counter.mutation(DEPLOY) as act:
        with pytest.raises(UserFaultError) as caught:
            await deploy_snapshot(act, replace(CHURN, **wish))
    assert [(error.code.value, error.field) for error in caught.value.errors] == faults
    assert act.target == f"Snapshot {replace(CHURN, **wish).snapshot_name[:63]}"
    assert (counter.take_aws_calls(), act.role_arn, await counter.rows("deployments")) == ({}, None, [0])


async def test_what_sagemaker_does_not_have_or_show_is_not_deployed(counter: MutationHarness) -> None:
    with pytest.raises(UserFaultError) as caught:
        await deployed(counter, DeploySnapshot(snapshot_name="gone"))
    words = f"SageMaker has no endpoint configuration `gone` in account {RISK.account}, {RISK.region}."
    assert error_triples(caught.value.errors) == [("NOT_FOUND", ("snapshotName",), words)]
    counter.sandbox.faults.refuse("DescribeEndpointConfig")
    with pytest.raises(AccessDeniedError):
        await deployed(counter, CHURN)
    assert (await counter.rows("deployments"), counter.started_work.started) == ([0], [])


async def test_beside_one_that_goes_on_none_is_started(counter: MutationHarness) -> None:
    """It is shown to whoever may see it, and to others only that there is one."""
    first = (await deployed(counter, CHURN)).deployment
    assert first is not None
    counter.started_work.started.clear()
    for groups, visible in ((("risk",), True), (("other",), False), (("other", "reader"), True)):
        payload = await deployed(counter, CHURN, *groups)
        assert error_triples(payload.user_errors) == [
            (
                "CONFLICT",
                ("snapshotName",),
                "A deployment of `churn-1` goes on already; there is one at a time for each snapshot.",
            )
        ]
        assert payload.deployment == (first if visible else None)
    assert (await counter.rows("deployments"), counter.started_work.started) == ([1], [])


@pytest.mark.parametrize("word", WORDS)
async def test_what_may_not_be_seen_or_done_is_left(desk: MutationHarness, word: str) -> None:
    """What may not be seen is answered as what is not there, whatever the id."""
    course = await new_deployment_row(desk.database)
    for given in (course.id, encode_own_id("Deployment", new_key()), encode_own_id("Asset", course.key), "no id"):
        async with desk.mutation(APPROVE, "bob", "other") as act:
            with pytest.raises(UserFaultError) as caught:
                await WORDS[word](act, DeploymentTarget(given))
        assert error_triples(caught.value.errors) == [UNSEEN]
        assert act.hidden_refusal == (given == course.id)
    async with desk.mutation(APPROVE, "bob", "reader") as act:
        with pytest.raises(ForbiddenError, match="takes the permission APPROVE"):
            await WORDS[word](act, DeploymentTarget(course.id))
    assert (act.target, act.group, act.hidden_refusal) == (f"Deployment {course.id}", "risk", False)
    assert await is_unchanged(desk, course)


@pytest.mark.parametrize("word", WORDS)
async def test_what_is_said_with_it_has_an_end(desk: MutationHarness, word: str) -> None:
    course = await new_deployment_row(desk.database)
    for comment in ("a\0b", "c" * (MAX_COMMENT_LENGTH + 1)):
        with pytest.raises(UserFaultError) as caught:
            await act_on(desk, WORDS[word], course, comment)
        assert [(error.code.value, error.field) for error in caught.value.errors] == [("INVALID", ("comment",))]
    assert await is_unchanged(desk, course)


@pytest.mark.parametrize(
    ("word", "state", "outcome", "asked"),
    [
        (approve_deployment, DeploymentState.LAUNCHING, DecisionOutcome.APPROVED, {"DescribeEndpointConfig": 1}),
        (reject_deployment, DeploymentState.REJECTED, DecisionOutcome.REJECTED, {}),
    ],
)
async def test_a_decision(
    desk: MutationHarness, word: Any, state: DeploymentState, outcome: DecisionOutcome, asked: dict[str, int]
) -> None:
    """Those who are over the group may take it without a role of their own."""
    course = await awaiting_approval(desk)
    async with desk.mutation(APPROVE, "eve", "mlops") as act:
        payload = await word(act, DeploymentTarget(course.id, "c" * MAX_COMMENT_LENGTH))
    assert payload.user_errors == ()
    assert payload.deployment.state is state
    decision = payload.deployment.decision
    assert (decision.outcome, decision.by, decision.comment) == (outcome, "eve", "c" * MAX_COMMENT_LENGTH)
    assert (act.group, desk.take_aws_calls()) == ("risk", asked)


@pytest.mark.parametrize("word", [approve_deployment, reject_deployment])
async def test_who_has_started_it_decides_where_the_settings_say_so(
    sandbox: Sandbox, sqlite_url: str, word: Any
) -> None:
    async with open_harness(sandbox, sqlite_url) as desk:
        course = await awaiting_approval(desk)
        with pytest.raises(ForbiddenError) as caught:
            await act_on(desk, word, course, by="ANN")
        assert "Somebody else decides" in str(caught.value)
        assert await is_unchanged(desk, course)
    async with open_harness(sandbox, sqlite_url, deployments={**DEPLOYMENT_SETTINGS, "selfApproval": True}) as desk:
        payload = await act_on(desk, word, course, by="ANN")
        assert payload.deployment is not None
        assert payload.deployment.decision is not None
        assert payload.deployment.decision.by == "ANN"


async def test_where_jira_decides_nobody_else_does(sandbox: Sandbox, sqlite_url: str) -> None:
    jira = {"url": "https://jira.example.com", "user": "sagegraph", "token": "token", "project": "MLOPS"}
    async with open_harness(
        sandbox, sqlite_url, deployments={**DEPLOYMENT_SETTINGS, "approval": "jira"}, jira=jira
    ) as desk:
        course = await awaiting_approval(desk)
        for word in (approve_deployment, reject_deployment):
            with pytest.raises(UserFaultError) as caught:
                await act_on(desk, word, course)
            words = "Deployments are decided about in Jira (`deployments.approval`), by the status of their ticket."
            assert error_triples(caught.value.errors) == [("DISABLED", None, words)]
        assert await is_unchanged(desk, course)


async def test_an_approval_of_what_the_role_may_not_see_is_refused(desk: MutationHarness) -> None:
    course = await awaiting_approval(desk)
    desk.sandbox.faults.refuse("DescribeEndpointConfig")
    with pytest.raises(ForbiddenError, match=r"^The snapshot cannot be seen with the group's role now\. .*refuse"):
        await act_on(desk, approve_deployment, course)
    assert (await reload_deployment(desk.database, course), desk.started_work.started) == (course, [])


async def test_an_approval_of_what_was_made_again_fails_the_deployment(desk: MutationHarness) -> None:
    course = await awaiting_approval(desk)
    desk.sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
    anew = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
    desk.sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **anew)
    assert await conflict_message(desk, approve_deployment, course) == SNAPSHOT_CHANGED.format("churn-1")
    failed = await reload_deployment(desk.database, course)
    assert (failed.state, failed.decision) == (FAILED, None)


@pytest.mark.parametrize("word", [approve_deployment, reject_deployment])
async def test_what_awaits_no_decision_gets_none(desk: MutationHarness, word: Any) -> None:
    course = await new_deployment_row(desk.database)
    assert await conflict_message(desk, word, course) == "The deployment is VERIFYING; it awaits no decision."
    assert await is_unchanged(desk, course)


async def test_a_cancellation(desk: MutationHarness) -> None:
    course = await new_deployment_row(desk.database)
    payload = await act_on(desk, cancel_deployment, course, "Enough")
    assert payload.deployment is not None
    assert payload.user_errors == ()
    assert (payload.deployment.state, payload.deployment.reason) == (
        DeploymentState.CANCELLED,
        "eve cancelled it: Enough",
    )
    ended = await reload_deployment(desk.database, course)
    desk.started_work.started.clear()
    assert (
        await conflict_message(desk, cancel_deployment, course)
        == "The deployment is CANCELLED; it cannot be cancelled now."
    )
    assert await is_unchanged(desk, ended)


async def test_a_cancellation_that_comes_too_late(desk: MutationHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told how the deployment stands by now, not how it was seen."""
    course, plain = await new_deployment_row(desk.database), cancel_retry.cancel

    async def overtaken(means: DeploymentDeps, seen: DeploymentRow, by: str, comment: str | None) -> bool:
        await transitioned(desk.database, seen, FAILED)
        return await plain(means, seen, by, comment)

    monkeypatch.setattr(cancel_retry, "cancel", overtaken)
    assert (
        await conflict_message(desk, cancel_deployment, course)
        == "The deployment is FAILED; it cannot be cancelled now."
    )


@pytest.mark.parametrize("state", [FAILED, DeploymentState.BLOCKED])
async def test_a_next_attempt(desk: MutationHarness, state: DeploymentState) -> None:
    """Another snapshot's deployment is in nobody's way."""
    await new_deployment_row(desk.database, "other-1")
    course = await transitioned(desk.database, await new_deployment_row(desk.database), state)
    payload = await act_on(desk, retry_deployment, course, "Try once more")
    assert payload.deployment is not None
    assert (payload.user_errors, payload.deployment.state) == ((), VERIFYING)
    assert desk.started_work.started == [(f"deploy/{course.key}/2/verify", (course.key, 2))]


@pytest.mark.parametrize("state", [state for state in DeploymentState if state not in cancel_retry.RETRYABLE_STATES])
async def test_only_what_is_held_up_or_has_failed_begins_again(desk: MutationHarness, state: DeploymentState) -> None:
    course = await new_deployment_row(desk.database)
    if state is not course.state:
        course = await transitioned(desk.database, course, state)
    assert await conflict_message(desk, retry_deployment, course) == (
        f"The deployment is {state.value}; only one that is BLOCKED or FAILED can begin again."
    )
    assert await is_unchanged(desk, course)


async def test_none_begins_again_beside_another(desk: MutationHarness) -> None:
    course = await transitioned(desk.database, await new_deployment_row(desk.database), FAILED)
    await new_deployment_row(desk.database)
    assert await conflict_message(desk, retry_deployment, course) == (
        "Another deployment of `churn-1` goes on; there is one at a time for each snapshot."
    )
    assert await is_unchanged(desk, course)


async def test_of_two_who_let_it_begin_again_one_does(desk: MutationHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    course, plain = (
        await transitioned(desk.database, await new_deployment_row(desk.database), FAILED),
        cancel_retry.retry,
    )

    async def overtaken(means: DeploymentDeps, seen: DeploymentRow) -> bool:
        assert await plain(means, seen)
        return await plain(means, seen)

    monkeypatch.setattr(cancel_retry, "retry", overtaken)
    assert (
        await conflict_message(desk, retry_deployment, course)
        == "Somebody else has changed the deployment at this moment."
    )
    assert desk.started_work.started == [(f"deploy/{course.key}/2/verify", (course.key, 2))]
