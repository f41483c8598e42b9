"""resolvers.deployments.actions: what people do about a deployment is done once, or refused with nothing changed."""

from dataclasses import replace
from typing import Any

import pytest

from auth.errors import ForbiddenError
from auth.permissions import Permission
from aws.client.errors import AccessDeniedError
from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy
from aws.write.errors import WriteConflictError, WriteRejectedError
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
from sandbox.alarms import put_alarm
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
from workflows.deployments.rollout_plans import rollout_document

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
def counter(harness: MutationHarness) -> MutationHarness:
    """A harness, with a snapshot in AWS to be deployed."""
    create_model(harness.sandbox)
    harness.take_aws_calls()
    return harness


async def deployed(harness: MutationHarness, snapshot: DeploySnapshot, *groups: str) -> DeploymentResult:
    """What comes of a wish of ann's."""
    async with harness.mutation(DEPLOY, "ann", *groups) as context:
        return await deploy_snapshot(context, snapshot)


@pytest.mark.parametrize("options", [{}, {"rehearse": False}, {"launch": False}, {"runtime_name": "live"}])
async def test_a_lifecycle_is_started_as_it_is_wished(counter: MutationHarness, options: dict[str, Any]) -> None:
    async with counter.mutation(DEPLOY) as context:
        payload = await deploy_snapshot(context, replace(CHURN, **options))
    assert payload.deployment is not None
    key = str(key_of(payload.deployment.id, "Deployment"))
    async with counter.database.reading() as connection:
        (deployment,) = (await deployments.by_keys(connection, [key])).values()
    assert (deployment.rehearse, deployment.launch, deployment.runtime_wish) == (
        options.get("rehearse", True),
        options.get("launch", True),
        options.get("runtime_name"),
    )
    assert (deployment.state, deployment.trigger) == (VERIFYING, DeploymentTrigger.REQUEST)
    assert (deployment.group, deployment.started_by) == ("risk", "ann")
    assert (context.target, context.group, context.role_arn) == ("Snapshot churn-1", "risk", RISK.role_arn)
    assert (payload.user_errors, counter.started_work.started) == ((), [(f"deploy/{key}/1/verify", (key, 1))])
    looked = {"DescribeEndpoint": 1} if "runtime_name" in options else {}
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


CANARY = Rollout(strategy=RolloutStrategy.CANARY, step=Capacity(percent=10), alarms=("errors",))
LIVE = replace(CHURN, runtime_name="live", rollout=CANARY)


@pytest.fixture
def serving(counter: MutationHarness) -> MutationHarness:
    """With an endpoint `live` to roll out over, and an alarm."""
    with building(counter.sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    put_alarm(RISK.account, RISK.region, "errors", "OK", EndpointName="live")
    counter.take_aws_calls()
    return counter


async def test_a_rollout_is_looked_at_and_kept(serving: MutationHarness) -> None:
    payload = await deployed(serving, LIVE)
    assert payload.deployment is not None
    assert payload.deployment.rollout == rollout_document(CANARY)
    key = str(key_of(payload.deployment.id, "Deployment"))
    assert serving.started_work.started == [(f"deploy/{key}/1/verify-rollout", (key, 1))]
    looks = {"DescribeEndpointConfig": 2, "DescribeEndpoint": 1, "DescribeAlarms": 1}
    assert serving.take_aws_calls() == looks


@pytest.mark.parametrize(
    ("wish", "code", "field", "looks"),
    [
        (replace(LIVE, runtime_name=None), "INVALID", "rollout", {}),
        (replace(LIVE, rollout=replace(CANARY, step=None)), "INVALID", "rollout.step", {}),
        (replace(LIVE, rollout=replace(CANARY, wait_seconds=4000)), "INVALID", "rollout.waitSeconds", {}),
        (
            replace(LIVE, runtime_name="new"),
            "NOT_FOUND",
            "runtimeName",
            {"DescribeEndpointConfig": 1, "DescribeEndpoint": 1},
        ),
        (
            replace(LIVE, rollout=replace(CANARY, step=Capacity(instances=1))),
            "INVALID",
            "rollout.step.instances",
            {"DescribeEndpointConfig": 2, "DescribeEndpoint": 1},
        ),
        (
            replace(LIVE, rollout=replace(CANARY, alarms=("none",))),
            "NOT_FOUND",
            "rollout.alarms.0",
            {"DescribeEndpointConfig": 2, "DescribeEndpoint": 1, "DescribeAlarms": 1},
        ),
    ],
)
async def test_a_rollout_that_cannot_be_is_refused_at_once(
    serving: MutationHarness, wish: DeploySnapshot, code: str, field: str, looks: dict[str, int]
) -> None:
    with pytest.raises((UserFaultError, WriteRejectedError)) as caught:
        await deployed(serving, wish)
    errors = caught.value.errors if isinstance(caught.value, UserFaultError) else None
    if errors is None:
        assert isinstance(caught.value, WriteRejectedError)
        assert (caught.value.code, caught.value.faults[0].field) == (code, tuple(field.split(".")))
    else:
        assert [(error.code.value, error.field) for error in errors] == [(code, (field,))]
    assert serving.take_aws_calls() == looks
    assert (await serving.rows("deployments"), serving.started_work.started) == ([0], [])


NO_SNAPSHOT = ("INVALID", ("snapshotName",))
NO_RUNTIME = NO_LAUNCH = ("INVALID", ("runtimeName",))


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        ({"snapshot_name": "-churn"}, [NO_SNAPSHOT]),
        ({"snapshot_name": "c" * 64}, [NO_SNAPSHOT]),
        ({"runtime_name": "a/b"}, [NO_RUNTIME]),
        ({"runtime_name": "live", "launch": False}, [NO_LAUNCH]),
        ({"snapshot_name": "-c", "runtime_name": "a/b", "launch": False}, [NO_SNAPSHOT, NO_RUNTIME, NO_LAUNCH]),
    ],
)
async def test_a_faulty_request_reaches_nothing(
    counter: MutationHarness, options: dict[str, Any], faults: list[Any]
) -> None:
    """All that is wrong with it is told at once."""
    async with counter.mutation(DEPLOY) as context:
        with pytest.raises(UserFaultError) as caught:
            await deploy_snapshot(context, replace(CHURN, **options))
    assert [(error.code.value, error.field) for error in caught.value.errors] == faults
    assert context.target == f"Snapshot {replace(CHURN, **options).snapshot_name[:63]}"
    assert (counter.take_aws_calls(), context.role_arn, await counter.rows("deployments")) == ({}, None, [0])


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
        assert "Somebody else decides" in str(caught.value)
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
            words = "Deployments are decided about in Jira (`deployments.approval`), by the status of their ticket."
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
    assert await conflict_message(harness, word, deployment) == "The deployment is VERIFYING; it awaits no decision."
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
        f"The deployment is {state.value}; only one that is BLOCKED or FAILED can begin again."
    )
    assert await is_unchanged(harness, deployment)


async def test_none_begins_again_beside_another(harness: MutationHarness) -> None:
    deployment = await transitioned(harness.database, await new_deployment_row(harness.database), FAILED)
    await new_deployment_row(harness.database)
    assert await conflict_message(harness, retry_deployment, deployment) == (
        "Another deployment of `churn-1` goes on; there is one at a time for each snapshot."
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
