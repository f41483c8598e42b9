"""resolvers.model_packages: decisions about versions, by other eyes than those of who made them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import pytest

from auth.credentials.assume_role import session_name
from auth.errors import ForbiddenError
from auth.permissions import Permission
from aws.client.errors import AccessDeniedError, ThrottledError
from aws.kinds.statuses import ModelPackageApproval, ModelPackageDecision
from aws.write.inputs import PackageDecision
from registry import audit
from registry.records import AuditEvent
from resolvers.errors import UserErrorCode
from resolvers.model_packages import ModelPackageResult, update_model_package
from resolvers.mutations.audited import run_audited
from resolvers.mutations.aws_changes import Targeted
from resolvers.mutations.context import MutationContext
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_SETTINGS
from tests.gateway_client import RISK
from tests.resolvers.harness import MutationHarness, assert_refused, open_harness
from tests.workflows.deployments import registry_models

ARN = RISK.arn("model-package", "scorers/1")
APPROVED, REJECTED, PENDING = ModelPackageDecision
PLACE = (RISK.account, RISK.region)
BARRED_REPEAT = "Already APPROVED; this call decided nothing, and its caller may not decide"


def session(name: str) -> str:
    """The ARN of somebody's session of the group's role."""
    return f"arn:aws:sts::{RISK.account}:assumed-role/risk/{name}"


def make_version(sandbox: Sandbox, author: str) -> None:
    """A version that a session or user of this ARN has made."""
    sandbox.call("CreateModelPackageGroup", *PLACE, ModelPackageGroupName="scorers")
    sandbox.call_as(author, "CreateModelPackage", *PLACE, ModelPackageGroupName="scorers")


@pytest.fixture
def registry(harness: MutationHarness) -> MutationHarness:
    """A version that max has made."""
    make_version(harness.sandbox, session("max"))
    return harness


async def decide(
    harness: MutationHarness, decision: ModelPackageDecision, user: str = "ann", words: str | None = None, **more: Any
) -> ModelPackageResult:
    """The answer to a decision; it is audited."""
    arn, group, groups = more.get("arn", ARN), more.get("group"), more.get("groups", ("risk",))
    async with harness.request(user, *groups) as request:
        context = MutationContext(request, "updateModelPackage", Permission.APPROVE)
        wanted = Targeted(PackageDecision(arn, decision, words), group)
        return await run_audited(context, update_model_package, wanted, ModelPackageResult)


def status(harness: MutationHarness) -> str:
    answer: str = harness.sandbox.call("DescribeModelPackage", *PLACE, ModelPackageName=ARN)["ModelApprovalStatus"]
    return answer


def writes(harness: MutationHarness) -> int:
    return harness.sandbox.calls.count("UpdateModelPackage")


async def events(harness: MutationHarness) -> Sequence[AuditEvent]:
    """What has been audited, the oldest first."""
    async with harness.database.reading() as connection:
        page = await audit.page(connection, audit.AuditCriteria(groups=None), 100)
    return page.records[::-1]


async def test_it_is_decided_and_audited(registry: MutationHarness) -> None:
    for _ in range(2):
        answer = await decide(registry, APPROVED, words="by the board")
        assert answer.user_errors == ()
        assert answer.model_package is not None
        detail = answer.model_package.value.detail
        assert detail is not None
        assert detail.last_modified_time is not None
        time = detail.last_modified_time.astimezone(UTC).isoformat()
        assert answer.model_package.value.approval_status is ModelPackageApproval.APPROVED
    assert (status(registry), writes(registry)) == ("Approved", 1)
    first, second = await events(registry)
    assert (first.action, first.target, first.detail) == (
        "updateModelPackage",
        f"ModelPackage {ARN}",
        f"APPROVED (LastModifiedTime {time}): by the board",
    )
    assert (second.detail, second.aws_request_ids) == ("Already APPROVED: by the board", ())
    assert (first.role_arn, len(first.aws_request_ids)) == (RISK.role_arn, 1)


async def test_who_may_not_approve_asks_nothing(registry: MutationHarness) -> None:
    wanted = PackageDecision(ARN, APPROVED)
    await assert_refused(registry, Permission.APPROVE, update_model_package, wanted, f"ModelPackage {ARN}")
    assert status(registry) == "PendingManualApproval"


@pytest.mark.parametrize(
    ("author", "barred"),
    [
        (session("ann"), True),
        (session("ANN"), True),
        (f"arn:aws:iam::{RISK.account}:user/team/ann", True),
        (session("anne"), False),
        (f"arn:aws:iam::{RISK.account}:role/ann", False),
    ],
)
async def test_who_made_it_does_not_decide(harness: MutationHarness, author: str, *, barred: bool) -> None:
    make_version(harness.sandbox, author)
    for decision in (APPROVED, REJECTED):
        if barred:
            with pytest.raises(ForbiddenError):
                await decide(harness, decision)
        else:
            await decide(harness, decision)
    assert (status(harness), writes(harness)) == (("PendingManualApproval", 0) if barred else ("Rejected", 2))


async def test_a_name_that_sessions_cannot_have_is_known_by_its_session(harness: MutationHarness) -> None:
    make_version(harness.sandbox, session(session_name("Ann Lee")))
    with pytest.raises(ForbiddenError):
        await decide(harness, APPROVED, "Ann Lee")
    assert writes(harness) == 0
    assert (await decide(harness, APPROVED, "Ann Leo")).user_errors == ()


async def test_who_changed_it_last_does_not_decide_unless_that_was_a_decision_here(registry: MutationHarness) -> None:
    change = {"ModelPackageArn": ARN, "ModelLifeCycle": {"Stage": "QA", "StageStatus": "Done"}}
    registry.sandbox.call_as(session("ann"), "UpdateModelPackage", *PLACE, **change)
    with pytest.raises(ForbiddenError):
        await decide(registry, APPROVED)
    assert (status(registry), writes(registry)) == ("PendingManualApproval", 0)
    await decide(registry, APPROVED, "bob")
    await decide(registry, REJECTED, "bob")
    assert (status(registry), writes(registry)) == ("Rejected", 2)


async def test_who_asks_for_a_decision_does_not_take_it(registry: MutationHarness) -> None:
    """Anybody may put a version back to await one, also who has made it."""
    await decide(registry, APPROVED)
    assert (await decide(registry, PENDING, "max")).user_errors == ()
    assert status(registry) == "PendingManualApproval"
    await decide(registry, APPROVED)
    await decide(registry, PENDING)
    with pytest.raises(ForbiddenError):
        await decide(registry, APPROVED)
    assert (status(registry), writes(registry)) == ("PendingManualApproval", 4)
    outcomes = [(event.actor, event.outcome.value) for event in await events(registry)]
    assert outcomes[-2:] == [("ann", "SUCCEEDED"), ("ann", "REFUSED")]


async def test_a_decision_whose_answer_was_lost_is_repeated_by_who_made_it(
    registry: MutationHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS has it, and names them as the last author; the audit does not have it as a success."""
    # A call that is throttled again and again is tried without the pause that a slower rate makes.
    monkeypatch.setattr("aws.client.rate_limit._MIN_RATE", 1e6)
    hold = registry.sandbox.faults.block("UpdateModelPackage")
    deciding = asyncio.ensure_future(decide(registry, APPROVED, words="fine"))
    assert await asyncio.to_thread(hold.wait_for_requests)
    registry.sandbox.faults.throttle("DescribeModelPackage")
    hold.release()
    with pytest.raises(ThrottledError):
        await deciding
    registry.sandbox.faults.clear()
    assert (status(registry), writes(registry)) == ("Approved", 1)
    for words in ("fine", None):
        answer = await decide(registry, APPROVED, words=words)
        assert answer.user_errors == ()
        assert answer.model_package is not None
        assert answer.model_package.value.approval_status is ModelPackageApproval.APPROVED
    assert writes(registry) == 1
    assert [(event.outcome.value, event.detail) for event in await events(registry)][1:] == [
        ("SUCCEEDED", BARRED_REPEAT),
        ("SUCCEEDED", BARRED_REPEAT),
    ]
    # Who may have changed it last still decides nothing else about it, nor words it anew.
    for decision, words in ((REJECTED, None), (APPROVED, "very fine")):
        with pytest.raises(ForbiddenError):
            await decide(registry, decision, words=words)
    assert (status(registry), writes(registry)) == ("Approved", 1)
    assert (await decide(registry, REJECTED, "bob")).user_errors == ()


async def test_who_changed_it_makes_no_decision_of_it_by_repeating_one(registry: MutationHarness) -> None:
    await decide(registry, REJECTED, "bob")
    change = {"ModelPackageArn": ARN, "ModelLifeCycle": {"Stage": "QA", "StageStatus": "Done"}}
    registry.sandbox.call_as(session("ann"), "UpdateModelPackage", *PLACE, **change)
    assert (await decide(registry, REJECTED)).user_errors == ()
    with pytest.raises(ForbiddenError):
        await decide(registry, APPROVED)
    assert status(registry) == "Rejected"


@pytest.mark.parametrize("seconds", [0.001, 6, 15])
async def test_who_changes_it_after_deciding_about_it_does_not_decide_again(
    registry: MutationHarness, seconds: float
) -> None:
    """The very change that the decision made is the decision; the next one is its author's, however soon it comes."""
    await decide(registry, REJECTED, words="no")
    registry.sandbox.advance(seconds)
    change = {"ModelPackageArn": ARN, "ModelLifeCycle": {"Stage": "QA", "StageStatus": "Done"}}
    registry.sandbox.call_as(session("ann"), "UpdateModelPackage", *PLACE, **change)
    with pytest.raises(ForbiddenError):
        await decide(registry, APPROVED)
    assert (status(registry), writes(registry)) == ("Rejected", 1)


async def test_an_approval_by_its_maker_in_sagemaker_is_not_audited_as_theirs_here(
    sandbox: Sandbox, sqlite_url: str
) -> None:
    """Nor does it begin deployments again that wait for it, as the same call by another caller does."""
    gated = {"requiredAssets": ["DOCUMENTATION"], "requireApprovedPackage": True}
    async with open_harness(sandbox, sqlite_url, deployments=gated) as harness:
        registry_models.make_version(sandbox, session("max"))
        row = await registry_models.verified(sandbox, harness.database, harness.means)
        harness.started_work.started.clear()
        change = {"ModelPackageArn": ARN, "ModelApprovalStatus": "Approved"}
        sandbox.call_as(session("max"), "UpdateModelPackage", *PLACE, **change)
        assert (await decide(harness, APPROVED, "max")).user_errors == ()
        assert harness.started_work.started == []
        assert (await decide(harness, APPROVED)).user_errors == ()
        assert harness.started_work.started == [(f"deploy/{row.key}/2/verify", (row.key, 2))]
        made = [event for event in await events(harness) if event.action == "updateModelPackage"]
    assert [(event.actor, event.detail, event.aws_request_ids) for event in made] == [
        ("max", BARRED_REPEAT, ()),
        ("ann", "Already APPROVED", ()),
    ]
    assert sandbox.calls.count("UpdateModelPackage") == 0


async def test_self_approval_lets_everybody(sandbox: Sandbox, sqlite_url: str) -> None:
    own = {**DEPLOYMENT_SETTINGS, "selfApproval": True}
    async with open_harness(sandbox, sqlite_url, deployments=own) as harness:
        make_version(sandbox, session("ann"))
        assert (await decide(harness, APPROVED)).user_errors == ()
    assert sandbox.calls.count("UpdateModelPackage") == 1


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        ("scorers/1", UserErrorCode.INVALID),
        (ARN.replace(RISK.region, "us-west-1"), UserErrorCode.INVALID),
        (ARN.replace("/1", "/9"), UserErrorCode.NOT_FOUND),
        (ARN.replace(RISK.account, "999999999999"), UserErrorCode.NOT_FOUND),
    ],
)
async def test_what_is_none_or_not_there(registry: MutationHarness, arn: str, code: UserErrorCode) -> None:
    answer = await decide(registry, APPROVED, arn=arn)
    assert [(error.code, error.field) for error in answer.user_errors] == [(code, ("arn",))]
    assert (answer.model_package, writes(registry)) == (None, 0)


async def test_a_refusal_by_aws_is_one(registry: MutationHarness) -> None:
    registry.sandbox.faults.refuse("UpdateModelPackage")
    with pytest.raises(AccessDeniedError):
        await decide(registry, APPROVED)
    (event,) = await events(registry)
    assert (event.outcome.value, status(registry)) == ("REFUSED", "PendingManualApproval")
