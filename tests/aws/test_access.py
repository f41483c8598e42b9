"""aws.access: what IAM's simulation and harmless calls tell of a role, and what they leave unknown."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from aws.access import AccessCheck, check_access
from aws.client.client import AwsClient
from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from aws.client.operations import IMPLIED_PERMISSIONS, READ_OPERATIONS, WRITE_OPERATIONS
from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import LISTED_KINDS
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, ROLE, make_models, make_training_job

NEEDED = [item for item in READ_OPERATIONS.values() if item.name != "SimulatePrincipalPolicy"]
CHANGING = list(dict.fromkeys(item.action for item in (*WRITE_OPERATIONS.values(), *IMPLIED_PERMISSIONS)))
UNTRIED = "Not tried, because that would change something or needs something to be there."
SIMULATE = "SimulatePrincipalPolicy"
Answers = Mapping[str, Mapping[str, Any] | type[AWSError]]


class ByOperation(AwsClient):
    """Answers each operation as prepared, an unprepared one with nothing; remembers what was asked."""

    def __init__(self, answers: Answers) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._answers = answers

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        self.asked.append((operation, parameters))
        answer = self._answers.get(operation, {})
        if isinstance(answer, type):
            raise answer("No.", operation=operation)
        return answer


def simulated(decision: str = "allowed", **rest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The simulation's answer: this decision for all, but for the operations given."""
    rows = [
        {
            "EvalActionName": operation.action,
            "EvalDecision": decision,
            "EvalResourceName": "*",
            **rest.get(operation.name, {}),
        }
        for operation in (*NEEDED, *WRITE_OPERATIONS.values(), *IMPLIED_PERMISSIONS)
    ]
    return {"EvaluationResults": rows, "IsTruncated": False}


def told(check: AccessCheck) -> dict[str, tuple[bool | None, str | None]]:
    return {operation.action: (operation.allowed, operation.detail) for operation in check.operations}


async def test_the_simulation_tells_all_in_one_call() -> None:
    calls = ByOperation({SIMULATE: simulated()})
    check = await check_access(calls, ROLE)
    assert calls.asked == [
        (SIMULATE, {"PolicySourceArn": ROLE, "ActionNames": [*(operation.action for operation in NEEDED), *CHANGING]}),
    ]
    assert check.allowed is True
    assert [(access.action, access.needed_for) for access in check.operations[: len(NEEDED)]] == [
        (item.action, item.needed_for) for item in NEEDED
    ]
    assert [operation_access.action for operation_access in check.operations[len(NEEDED) :]] == CHANGING
    assert set(told(check).values()) == {(True, "Allowed on every resource, by IAM's simulation.")}


async def test_what_the_simulation_cannot_know() -> None:
    calls = ByOperation(
        {
            SIMULATE: simulated(
                ListModels={"EvalDecision": "implicitDeny"},
                DescribeModel={"EvalDecision": "implicitDeny", "MissingContextValues": []},
                ListTags={"EvalDecision": "implicitDeny"},
                Search={"EvalDecision": "explicitDeny"},
                DescribeEndpoint={"EvalDecision": "explicitDeny"},
                DescribeTrainingJob={
                    "EvalDecision": "implicitDeny",
                    "MissingContextValues": ["aws:ResourceTag/team", "aws:SourceIp"],
                },
                ListEndpoints={"EvalDecision": "allowed", "MissingContextValues": ["aws:PrincipalTag/x"]},
            )
        }
    )
    check = await check_access(calls, ROLE)
    result = told(check)
    nowhere = "Not allowed on every resource, by IAM's simulation; statements for some resources may allow it."
    circumstance = "It depends on {}, which IAM's simulation cannot know."
    assert result["sagemaker:ListModels"] == (False, "No statement allows it, by IAM's simulation.")
    assert result["sagemaker:DescribeModel"] == (None, nowhere)
    assert result["sagemaker:ListTags"] == (None, nowhere)
    assert result["sagemaker:Search"] == (False, "Denied by a statement, by IAM's simulation.")
    assert result["sagemaker:DescribeEndpoint"] == (False, "Denied by a statement, by IAM's simulation.")
    assert result["sagemaker:DescribeTrainingJob"] == (None, circumstance.format("aws:ResourceTag/team, aws:SourceIp"))
    assert result["sagemaker:ListEndpoints"] == (None, circumstance.format("aws:PrincipalTag/x"))
    assert check.allowed is False
    assert [operation for operation, _ in calls.asked] == [SIMULATE]


async def test_one_that_is_unknown_is_not_all_allowed() -> None:
    check = await check_access(
        ByOperation({SIMULATE: simulated(DescribeModel={"MissingContextValues": ["aws:ResourceTag/team"]})}), ROLE
    )
    assert [operation.action for operation in check.operations if operation.allowed is not True] == [
        "sagemaker:DescribeModel"
    ]
    assert check.allowed is False


@pytest.mark.parametrize("refusal", [AccessDeniedError, InvalidRequestError, NotFoundError, UnavailableError])
async def test_without_the_simulation_each_is_tried(refusal: type[AWSError]) -> None:
    calls = ByOperation(
        {
            SIMULATE: refusal,
            "ListModels": AccessDeniedError,
            "DescribeModel": AccessDeniedError,
            "ListTags": AccessDeniedError,
            "DescribeEndpoint": NotFoundError,
            "DescribeModelPackage": InvalidRequestError,
        }
    )
    check = await check_access(calls, ROLE)
    result = told(check)
    nobody = "a resource called sagegraph-access-check"
    scoped = (None, f"Refused for {nobody}; statements for other resources may allow it.")
    assert result["sagemaker:ListModels"] == (False, "AWS refuses it.")
    assert result["sagemaker:DescribeModel"] == scoped
    assert result["sagemaker:ListTags"] == scoped
    assert result["sagemaker:DescribeEndpoint"] == (True, f"AWS answers for {nobody}: it is not there.")
    assert result["sagemaker:DescribeModelPackage"] == (
        None,
        "Unknown, because AWS found fault with what was asked: No.",
    )
    assert result["sagemaker:ListEndpoints"] == (True, "AWS answers.")
    assert check.allowed is False
    assert sorted(operation for operation, _ in calls.asked) == sorted([SIMULATE, *(item.name for item in NEEDED)])


async def test_an_action_that_the_simulation_leaves_out_is_tried() -> None:
    rows = [row for row in simulated()["EvaluationResults"] if row["EvalActionName"] != "tag:GetResources"]
    calls = ByOperation({SIMULATE: {"EvaluationResults": rows}, "GetResources": AccessDeniedError})
    check = await check_access(calls, ROLE)
    assert told(check)["tag:GetResources"] == (False, "AWS refuses it.")
    assert [operation for operation, _ in calls.asked] == [SIMULATE, "GetResources"]


@pytest.mark.parametrize("role", [None, "the keys of storedCredentials[0]", "arn:aws:iam::123456789012:user/u"])
async def test_what_is_no_role_has_no_simulation(role: str | None) -> None:
    calls = ByOperation({})
    assert (await check_access(calls, role)).allowed is True
    assert sorted(operation for operation, _ in calls.asked) == sorted(item.name for item in NEEDED)


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        (ThrottledError, SIMULATE),
        (CredentialsRejectedError, SIMULATE),
        (ThrottledError, "ListModels"),
        (UnavailableError, "ListModels"),
        (CredentialsRejectedError, "DescribeModel"),
        (UnavailableError, "DescribeModel"),
    ],
)
async def test_what_could_not_be_asked_is_no_answer(kind: type[AWSError], operation: str) -> None:
    """A role that AWS could not be asked about is told neither to be allowed nor to be refused."""
    answers: dict[str, type[AWSError]] = {SIMULATE: AccessDeniedError, operation: kind}
    with pytest.raises(kind):
        await check_access(ByOperation(answers), ROLE)


async def test_trying_asks_for_as_little_as_can_be() -> None:
    calls = ByOperation({SIMULATE: AccessDeniedError})
    await check_access(calls, ROLE)
    asked = dict(calls.asked)
    for kind in LISTED_KINDS:
        assert asked[API_NAMES[kind].list_operation] == {"MaxResults": 1}
        assert asked[API_NAMES[kind].describe_operation] == {API_NAMES[kind].name_key: "sagegraph-access-check"}
    execution = (
        "arn:aws:sagemaker:us-east-1:000000000000:pipeline/sagegraph-access-check/execution/sagegraph-access-check"
    )
    assert asked["DescribePipelineExecution"] == {"PipelineExecutionArn": execution}
    assert asked["ListPipelineExecutionSteps"] == {"PipelineExecutionArn": execution, "MaxResults": 1}
    assert asked["ListPipelineExecutions"] == {"PipelineName": "sagegraph-access-check", "MaxResults": 1}
    assert asked["Search"]["MaxResults"] == 1
    assert not any(name.startswith(("Create", "Update", "Delete", "Add", "Put", "Stop")) for name in asked)


async def test_nothing_is_changed_by_it(sandbox: Sandbox, calls: AwsClient) -> None:
    """Every call is one that AWS takes as it is written, and what there was is there as before."""
    make_models(sandbox, "m", stage="prod")
    make_training_job(sandbox, "t")
    sandbox.faults.refuse(SIMULATE)
    before = sandbox.call("DescribeModel", ACCOUNT, REGION, ModelName="m"), sandbox.call("ListModels", ACCOUNT, REGION)
    check = await check_access(calls, ROLE)
    assert (check.allowed, [operation.action for operation in check.operations if not operation.allowed]) == (
        True,
        CHANGING,
    )
    made = sandbox.calls.by_operation()
    assert made == dict.fromkeys((item.name for item in READ_OPERATIONS.values()), 1)
    assert (
        sandbox.call("DescribeModel", ACCOUNT, REGION, ModelName="m"),
        sandbox.call("ListModels", ACCOUNT, REGION),
    ) == before


async def test_what_changes_something_is_never_tried() -> None:
    """What IAM's simulation does not tell of it stays unknown, and keeps nobody from reading."""
    calls = ByOperation({SIMULATE: AccessDeniedError})
    check = await check_access(calls, ROLE)
    assert {told(check)[action] for action in CHANGING} == {(None, UNTRIED)}
    assert not {name for name, _ in calls.asked} & set(WRITE_OPERATIONS)
    assert check.allowed is True


async def test_the_simulation_tells_of_what_changes_something() -> None:
    calls = ByOperation(
        {
            SIMULATE: simulated(
                CreateEndpoint={"EvalDecision": "explicitDeny"},
                DeleteEndpoint={"EvalDecision": "implicitDeny"},
                PassRole={"MissingContextValues": ["iam:PassedToService"]},
            )
        }
    )
    check = await check_access(calls, ROLE)
    result = told(check)
    assert result["sagemaker:CreateEndpoint"] == (False, "Denied by a statement, by IAM's simulation.")
    assert result["sagemaker:DeleteEndpoint"][0] is None
    assert result["iam:PassRole"] == (None, "It depends on iam:PassedToService, which IAM's simulation cannot know.")
    assert result["sagemaker:CreateTrainingJob"][0] is True
    assert check.allowed is True


async def test_an_action_of_two_operations_is_told_of_once() -> None:
    check = await check_access(ByOperation({SIMULATE: AccessDeniedError}), ROLE)
    (access,) = [operation for operation in check.operations if operation.action == "s3:GetObject"]
    assert access.needed_for == ("putAsset", "deploySnapshot (rehearse)")


async def test_an_iam_that_does_not_answer_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(ByOperation):
        async def call(self, operation: str, **parameters: Any) -> Any:
            if operation == SIMULATE:
                await asyncio.Event().wait()
            return await super().call(operation, **parameters)

    monkeypatch.setattr("aws.access._IAM_SECONDS", 0.01)
    check = await check_access(Silent({}), ROLE)
    assert told(check)["sagemaker:ListModels"] == (True, "AWS answers.")
