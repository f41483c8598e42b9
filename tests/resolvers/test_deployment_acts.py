"""resolvers.deployment_acts: what people do about a deployment is done once, or refused with nothing changed."""

from dataclasses import replace
from typing import Any

import pytest

from auth.errors import ForbiddenError
from auth.permissions import Permission
from aws.errors import AccessDeniedError
from registry import deployments
from registry.courses import Course
from registry.ids import encode_own_id, key_of, new_key
from registry.words import DecisionOutcome, DeploymentState, DeploymentTrigger
from resolvers.deployment_acts import LONGEST_COMMENT, approve, cancel, deploy, reject, retry
from resolvers.deployment_payloads import DeploymentPayload, DeploySnapshot, Word
from resolvers.user_errors import UserFaultError
from sandbox.server import Sandbox
from tests.asking import RISK
from tests.deploying import RULES, model
from tests.making import variant
from tests.registry.deploying import again, moved
from tests.resolvers.deciding import conflicts, said, unchanged, waiting
from tests.resolvers.desks import Desk, desk_on, told
from tests.workflows.deployments.made import begun
from workflows.deployments import turning
from workflows.deployments.deciding import CHANGED
from workflows.deployments.means import Means

DEPLOY, APPROVE = Permission.DEPLOY, Permission.APPROVE
VERIFYING, FAILED = DeploymentState.VERIFYING, DeploymentState.FAILED
WORDS = {"approve": approve, "reject": reject, "cancel": cancel, "retry": retry}
CHURN = DeploySnapshot(snapshot_name="churn-1")
NO_NAME = "This cannot be a name in SageMaker: names are 1 to 63 letters and digits, with hyphens in between."
UNSEEN = ("NOT_FOUND", ("id",), "There is no deployment with this id among those that you may see.")


@pytest.fixture
def counter(desk: Desk) -> Desk:
    """A desk, with a snapshot in AWS to be deployed."""
    model(desk.sandbox)
    desk.asked()
    return desk


async def deployed(desk: Desk, given: DeploySnapshot, *groups: str) -> DeploymentPayload:
    """What comes of a wish of ann's."""
    async with desk.act(DEPLOY, "ann", *groups) as act:
        return await deploy(act, given)


@pytest.mark.parametrize("wish", [{}, {"rehearse": False}, {"launch": False}, {"runtime_name": "live"}])
async def test_a_lifecycle_is_started_as_it_is_wished(counter: Desk, wish: dict[str, Any]) -> None:
    async with counter.act(DEPLOY) as act:
        payload = await deploy(act, replace(CHURN, **wish))
    assert payload.deployment is not None
    key = str(key_of(payload.deployment.id, "Deployment"))
    async with counter.database.reading() as connection:
        (course,) = (await deployments.courses(connection, [key])).values()
    assert (course.rehearse, course.launch, course.runtime_wish) == (
        wish.get("rehearse", True),
        wish.get("launch", True),
        wish.get("runtime_name"),
    )
    assert (course.state, course.trigger) == (VERIFYING, DeploymentTrigger.REQUEST)
    assert (course.group, course.started_by) == ("risk", "ann")
    assert (act.target, act.group, act.role_arn) == ("Snapshot churn-1", "risk", RISK.role_arn)
    assert (payload.user_errors, counter.noted.started) == ((), [(f"deploy/{key}/1/verify", (key, 1))])
    assert counter.asked() == {"DescribeEndpointConfig": 1}


NO_SNAPSHOT, NO_RUNTIME = (("INVALID", (field,), NO_NAME) for field in ("snapshotName", "runtimeName"))
NO_LAUNCH = ("INVALID", ("runtimeName",), "Without `launch` there is no endpoint, so none is named.")


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
async def test_a_wish_at_fault_reaches_nothing(counter: Desk, wish: dict[str, Any], faults: list[Any]) -> None:
    """All that is wrong with it is told at once."""
    async with counter.act(DEPLOY) as act:
        with pytest.raises(UserFaultError) as caught:
            await deploy(act, replace(CHURN, **wish))
    assert told(caught.value.errors) == faults
    assert act.target == f"Snapshot {replace(CHURN, **wish).snapshot_name[:63]}"
    assert (counter.asked(), act.role_arn, await counter.rows("deployments")) == ({}, None, [0])


async def test_what_sagemaker_does_not_have_or_show_is_not_deployed(counter: Desk) -> None:
    with pytest.raises(UserFaultError) as caught:
        await deployed(counter, DeploySnapshot(snapshot_name="gone"))
    words = f"SageMaker has no endpoint configuration `gone` in account {RISK.account}, {RISK.region}."
    assert told(caught.value.errors) == [("NOT_FOUND", ("snapshotName",), words)]
    counter.sandbox.trouble.refuse("DescribeEndpointConfig")
    with pytest.raises(AccessDeniedError):
        await deployed(counter, CHURN)
    assert (await counter.rows("deployments"), counter.noted.started) == ([0], [])


async def test_beside_one_that_goes_on_none_is_started(counter: Desk) -> None:
    """It is shown to whoever may see it, and to others only that there is one."""
    first = (await deployed(counter, CHURN)).deployment
    assert first is not None
    counter.noted.started.clear()
    for groups, visible in ((("risk",), True), (("other",), False), (("other", "reader"), True)):
        payload = await deployed(counter, CHURN, *groups)
        assert told(payload.user_errors) == [
            (
                "CONFLICT",
                ("snapshotName",),
                "A deployment of `churn-1` goes on already; there is one at a time for each snapshot.",
            )
        ]
        assert payload.deployment == (first if visible else None)
    assert (await counter.rows("deployments"), counter.noted.started) == ([1], [])


@pytest.mark.parametrize("word", WORDS)
async def test_what_may_not_be_seen_or_done_is_left(desk: Desk, word: str) -> None:
    """What may not be seen is answered as what is not there, whatever the id."""
    course = await begun(desk.database)
    for given in (course.id, encode_own_id("Deployment", new_key()), encode_own_id("Asset", course.key), "no id"):
        async with desk.act(APPROVE, "bob", "other") as act:
            with pytest.raises(UserFaultError) as caught:
                await WORDS[word](act, Word(given))
        assert told(caught.value.errors) == [UNSEEN]
        assert act.refused == (given == course.id)
    async with desk.act(APPROVE, "bob", "reader") as act:
        with pytest.raises(ForbiddenError, match="takes the permission APPROVE"):
            await WORDS[word](act, Word(course.id))
    assert (act.target, act.group, act.refused) == (f"Deployment {course.id}", "risk", False)
    assert await unchanged(desk, course)


@pytest.mark.parametrize("word", WORDS)
async def test_what_is_said_with_it_has_an_end(desk: Desk, word: str) -> None:
    course = await begun(desk.database)
    for comment in ("a\0b", "c" * (LONGEST_COMMENT + 1)):
        with pytest.raises(UserFaultError) as caught:
            await said(desk, WORDS[word], course, comment)
        assert [(error.code.value, error.field) for error in caught.value.errors] == [("INVALID", ("comment",))]
    assert await unchanged(desk, course)


@pytest.mark.parametrize(
    ("word", "state", "outcome", "asked"),
    [
        (approve, DeploymentState.LAUNCHING, DecisionOutcome.APPROVED, {"DescribeEndpointConfig": 1}),
        (reject, DeploymentState.REJECTED, DecisionOutcome.REJECTED, {}),
    ],
)
async def test_a_decision(
    desk: Desk, word: Any, state: DeploymentState, outcome: DecisionOutcome, asked: dict[str, int]
) -> None:
    """Those who are over the group may take it without a role of their own."""
    course = await waiting(desk)
    async with desk.act(APPROVE, "eve", "mlops") as act:
        payload = await word(act, Word(course.id, "c" * LONGEST_COMMENT))
    assert payload.user_errors == ()
    assert payload.deployment.state is state
    decision = payload.deployment.decision
    assert (decision.outcome, decision.by, decision.comment) == (outcome, "eve", "c" * LONGEST_COMMENT)
    assert (act.group, desk.asked()) == ("risk", asked)


@pytest.mark.parametrize("word", [approve, reject])
async def test_who_has_started_it_decides_where_the_settings_say_so(
    sandbox: Sandbox, sqlite_url: str, word: Any
) -> None:
    async with desk_on(sandbox, sqlite_url) as desk:
        course = await waiting(desk)
        with pytest.raises(ForbiddenError) as caught:
            await said(desk, word, course, by="ANN")
        assert str(caught.value) == (
            "You have started this deployment, and somebody else decides about it; `deployments.selfApproval` would "
            "let you."
        )
        assert await unchanged(desk, course)
    async with desk_on(sandbox, sqlite_url, deployments={**RULES, "selfApproval": True}) as desk:
        payload = await said(desk, word, course, by="ANN")
        assert payload.deployment is not None
        assert payload.deployment.decision is not None
        assert payload.deployment.decision.by == "ANN"


async def test_where_jira_decides_nobody_else_does(sandbox: Sandbox, sqlite_url: str) -> None:
    jira = {"url": "https://jira.example.com", "user": "sagegraph", "token": "token", "project": "MLOPS"}
    async with desk_on(sandbox, sqlite_url, deployments={**RULES, "approval": "jira"}, jira=jira) as desk:
        course = await waiting(desk)
        for word in (approve, reject):
            with pytest.raises(UserFaultError) as caught:
                await said(desk, word, course)
            words = "Deployments are decided about in Jira (`deployments.approval`), by the status of their ticket."
            assert told(caught.value.errors) == [("DISABLED", None, words)]
        assert await unchanged(desk, course)


async def test_an_approval_of_what_the_role_may_not_see_is_refused(desk: Desk) -> None:
    course = await waiting(desk)
    desk.sandbox.trouble.refuse("DescribeEndpointConfig")
    with pytest.raises(ForbiddenError, match=r"^The snapshot cannot be seen with the group's role now\. .*refuse"):
        await said(desk, approve, course)
    assert (await again(desk.database, course), desk.noted.started) == (course, [])


async def test_an_approval_of_what_was_made_again_fails_the_deployment(desk: Desk) -> None:
    course = await waiting(desk)
    desk.sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
    anew = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
    desk.sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **anew)
    assert await conflicts(desk, approve, course) == CHANGED.format("churn-1")
    failed = await again(desk.database, course)
    assert (failed.state, failed.decision) == (FAILED, None)


@pytest.mark.parametrize("word", [approve, reject])
async def test_what_awaits_no_decision_gets_none(desk: Desk, word: Any) -> None:
    course = await begun(desk.database)
    assert await conflicts(desk, word, course) == "The deployment is VERIFYING; it awaits no decision."
    assert await unchanged(desk, course)


async def test_a_cancellation(desk: Desk) -> None:
    course = await begun(desk.database)
    payload = await said(desk, cancel, course, "Enough")
    assert payload.deployment is not None
    assert payload.user_errors == ()
    assert (payload.deployment.state, payload.deployment.reason) == (
        DeploymentState.CANCELLED,
        "eve cancelled it: Enough",
    )
    ended = await again(desk.database, course)
    desk.noted.started.clear()
    assert await conflicts(desk, cancel, course) == "The deployment is CANCELLED; it cannot be cancelled now."
    assert await unchanged(desk, ended)


async def test_a_cancellation_that_comes_too_late(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told how the deployment stands by now, not how it was seen."""
    course, plain = await begun(desk.database), turning.cancel

    async def overtaken(means: Means, seen: Course, by: str, comment: str | None) -> bool:
        await moved(desk.database, seen, FAILED)
        return await plain(means, seen, by, comment)

    monkeypatch.setattr(turning, "cancel", overtaken)
    assert await conflicts(desk, cancel, course) == "The deployment is FAILED; it cannot be cancelled now."


@pytest.mark.parametrize("state", [FAILED, DeploymentState.BLOCKED])
async def test_a_next_attempt(desk: Desk, state: DeploymentState) -> None:
    """Another snapshot's deployment is in nobody's way."""
    await begun(desk.database, "other-1")
    course = await moved(desk.database, await begun(desk.database), state)
    payload = await said(desk, retry, course, "Try once more")
    assert payload.deployment is not None
    assert (payload.user_errors, payload.deployment.state) == ((), VERIFYING)
    assert desk.noted.started == [(f"deploy/{course.key}/2/verify", (course.key, 2))]


@pytest.mark.parametrize("state", [state for state in DeploymentState if state not in turning.AGAIN])
async def test_only_what_is_held_up_or_has_failed_begins_again(desk: Desk, state: DeploymentState) -> None:
    course = await begun(desk.database)
    if state is not course.state:
        course = await moved(desk.database, course, state)
    assert await conflicts(desk, retry, course) == (
        f"The deployment is {state.value}; only one that is BLOCKED or FAILED can begin again."
    )
    assert await unchanged(desk, course)


async def test_none_begins_again_beside_another(desk: Desk) -> None:
    course = await moved(desk.database, await begun(desk.database), FAILED)
    await begun(desk.database)
    assert await conflicts(desk, retry, course) == (
        "Another deployment of `churn-1` goes on; there is one at a time for each snapshot."
    )
    assert await unchanged(desk, course)


async def test_of_two_who_let_it_begin_again_one_does(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    course, plain = await moved(desk.database, await begun(desk.database), FAILED), turning.begin_again

    async def overtaken(means: Means, seen: Course) -> bool:
        assert await plain(means, seen)
        return await plain(means, seen)

    monkeypatch.setattr(turning, "begin_again", overtaken)
    assert await conflicts(desk, retry, course) == "Somebody else has changed the deployment at this moment."
    assert desk.noted.started == [(f"deploy/{course.key}/2/verify", (course.key, 2))]
