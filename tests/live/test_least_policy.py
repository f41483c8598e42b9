"""The least policy under IAM as it counts: it is enough for every question, and without any part of it one fails."""

import json
from typing import Any

import pytest
from moto.iam.models import iam_backends

from aws.client.operations import READ_OPERATIONS
from aws.iam_policy import OPTIONAL_OPERATIONS, least_policy, reading_statements
from sandbox.estate import Estate, watch_endpoints
from sandbox.estate.groups import Group
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import building

SNAPSHOT = "credit-risk-scorer-v7"
# For each operation a question that needs it.
QUESTIONS = {
    "ListModels": "{ models { totalCount } }",
    "DescribeModel": "{ models(first: 1) { nodes { executionRoleArn } } }",
    "ListEndpointConfigs": "{ snapshots { totalCount } }",
    "DescribeEndpointConfig": "{ snapshots(first: 1) { nodes { variants { name } } } }",
    "ListEndpoints": "{ runtimes { totalCount } }",
    "DescribeEndpoint": "{ runtimes(first: 1) { nodes { snapshotName } } }",
    "ListTrainingJobs": "{ jobs(filter: {type: TRAINING}) { totalCount } }",
    "DescribeTrainingJob": "{ jobs(first: 1, filter: {type: TRAINING}) { nodes { outputS3Uri } } }",
    "ListTransformJobs": "{ jobs(filter: {type: TRANSFORM}) { totalCount } }",
    "DescribeTransformJob": "{ jobs(first: 1, filter: {type: TRANSFORM}) { nodes { outputS3Uri } } }",
    "ListProcessingJobs": "{ jobs(filter: {type: PROCESSING}) { totalCount } }",
    "DescribeProcessingJob": "{ jobs(first: 1, filter: {type: PROCESSING}) { nodes { outputS3Uri } } }",
    "ListHyperParameterTuningJobs": "{ jobs(filter: {type: TUNING}) { totalCount } }",
    "DescribeHyperParameterTuningJob": "{ jobs(first: 1, filter: {type: TUNING}) { nodes { outputS3Uri } } }",
    "ListTrainingJobsForHyperParameterTuningJob": (
        '{ job(type: TUNING, name: "tune") { ... on TuningJob { trainingJobs { totalCount } } } }'
    ),
    "ListPipelineExecutions": '{ pipelineExecutions(pipelineName: "churn") { totalCount } }',
    "DescribePipelineExecution": ('{ pipelineExecutions(pipelineName: "churn") { nodes { lastModifiedTime } } }'),
    "ListPipelineExecutionSteps": '{ pipelineExecutions(pipelineName: "churn") { nodes { steps { name } } } }',
    "ListTags": "{ models(first: 1) { nodes { tags { key } } } }",
    "ListMonitoringSchedules": "{ runtimes { nodes { monitoringSchedules { name } } } }",
    "ListMonitoringExecutions": "{ runtimes { nodes { monitoringSchedules { executions { nodes { rawStatus } } } } } }",
    "DescribeMonitoringSchedule": "{ runtimes { nodes { monitoringSchedules { lastExecutionStatus } } } }",
    "ListInferenceComponents": '{ runtime(name: "host") { models { name } } }',
    "DescribeInferenceComponent": '{ runtime(name: "host") { models { name } } }',
    "ListModelPackages": "{ modelPackages { totalCount } }",
    "DescribeModelPackage": "{ modelPackages(first: 1) { nodes { containers { image } } } }",
    "DescribeAlarms": "{ runtimes(first: 1) { nodes { alarms { name } } } }",
    "DescribeScalableTargets": "{ runtimes(first: 1) { nodes { variants { scaling { maxCapacity } } } } }",
    "DescribeScalingPolicies": '{ runtime(name: "fraud-detection") { variants { scaling { policies } } } }',
    "GetMetricData": "{ runtimes(first: 1) { nodes { metrics { points { value } } } } }",
}
PACKAGES = "{ models { nodes { name jobs { unreadableCount } } } }"
ACCESS = "{ accessCheck { allowed operations { action allowed neededFor detail } } }"
NEEDED = [name for name in READ_OPERATIONS if name not in OPTIONAL_OPERATIONS]


@pytest.fixture
def guarded(sandbox: Sandbox, estate: Estate) -> Sandbox:
    """IAM counts, and the roles may do what the least policy says of reading, and nothing else."""
    with building(sandbox) as made:
        made.component_host("host")
        made.component("component", "host", "credit-risk-scorer-v7")
        made.processing("evaluate")
        made.tuning("tune")
        made.execution("churn", {"Name": "check", "Type": "Condition"})
    watch_endpoints(estate)
    allow(without())
    sandbox.enforce()
    return sandbox


def allow(*policies: Any) -> None:
    """The groups' roles may do just this."""
    for group in (RISK, MARKETING):
        iam = iam_backends[group.account]["aws"]
        for name in list(iam.list_role_policies(group.name)):
            iam.delete_role_policy(group.name, name)
        for number, policy in enumerate(policies):
            iam.put_role_policy(group.name, f"policy-{number}", json.dumps(policy))


def without(*names: str) -> dict[str, Any]:
    """The least policy of who only reads, but for these operations' actions."""
    actions = {READ_OPERATIONS[name].action for name in names}
    statements = [
        {**statement, "Action": left}
        for statement in reading_statements()
        if (left := [action for action in statement["Action"] if action not in actions])
    ]
    return {**least_policy(), "Statement": statements}


def asker(name: str) -> Group:
    """Only marketing has monitoring schedules."""
    return MARKETING if "MonitoringSchedule" in name else RISK


async def access(gateway: GatewayClient, group: Group = RISK) -> tuple[bool, dict[str, tuple[bool | None, str]]]:
    """Whether all is allowed, and of each action that reads whether, and why; what changes something is not tried."""
    check = (await gateway.ask(ACCESS, groups=[group.name])).data["accessCheck"]
    result = {item["action"]: (item["allowed"], item["detail"]) for item in check["operations"]}
    reading = {
        action: result.pop(action)
        for action in [operation.action for operation in READ_OPERATIONS.values()]
        if action in result
    }
    assert {whether for whether, _ in result.values()} == {None}
    return check["allowed"], reading


def test_each_needed_operation_has_a_question() -> None:
    assert set(QUESTIONS) == set(NEEDED)


@pytest.mark.parametrize("optional", [True, False])
@pytest.mark.parametrize("search", [True, False])
async def test_it_is_enough(open_gateway: OpenGateway, guarded: Sandbox, search: bool, optional: bool) -> None:
    """With what only saves calls, and without."""
    if not optional:
        allow(without(*OPTIONAL_OPERATIONS))
    async with open_gateway(sagemaker={"search": search}) as gateway:
        for name, question in QUESTIONS.items():
            assert (await gateway.ask(question, groups=[asker(name).name])).data
        models = (await gateway.ask(PACKAGES)).data["models"]["nodes"]
    assert {model["jobs"]["unreadableCount"] for model in models} == {0}


@pytest.mark.parametrize("name", list(QUESTIONS))
async def test_without_one_action_a_question_fails(open_gateway: OpenGateway, guarded: Sandbox, name: str) -> None:
    """The answer names the operation and the role; nobody is told that there is none."""
    allow(without(name))
    group = asker(name)
    async with open_gateway(sagemaker={"search": False}) as gateway:
        answer = await gateway.ask(QUESTIONS[name], groups=[group.name])
        text = {(error["extensions"]["code"], error["extensions"]["awsOperation"]) for error in answer.errors}
        assert text == {("FORBIDDEN", name)}
        assert {error["extensions"]["role"] for error in answer.errors} == {group.role_arn}
        allowed, result = await access(gateway)
    assert allowed is False
    nothing = None if READ_OPERATIONS[name].resource_level else False
    assert [action for action, (whether, _) in result.items() if whether is not True] == [READ_OPERATIONS[name].action]
    assert result[READ_OPERATIONS[name].action][0] is nothing


async def test_without_packages_a_model_s_jobs_are_told_to_be_uncertain(
    gateway: GatewayClient, guarded: Sandbox
) -> None:
    allow(without("DescribeModelPackage"))
    models = (await gateway.ask(PACKAGES)).data["models"]["nodes"]
    assert sorted(model["jobs"]["unreadableCount"] for model in models) == [0] * 8 + [1]
    allowed, result = await access(gateway)
    assert (allowed, result["sagemaker:DescribeModelPackage"][0]) == (False, None)


async def test_the_check_changes_nothing_and_needs_nothing(gateway: GatewayClient, guarded: Sandbox) -> None:
    """A role that may do nothing at all is told so; each operation is asked for once."""
    allow()
    before = state(guarded)
    allowed, result = await access(gateway)
    assert allowed is False
    for operation in (item for item in READ_OPERATIONS.values() if item.name != "SimulatePrincipalPolicy"):
        whether, detail = result[operation.action]
        if operation.resource_level:
            assert (whether, detail) == (
                None,
                "Refused for a resource called sagegraph-access-check; statements for other resources may allow it.",
            )
        else:
            assert (whether, detail) == (False, "AWS refuses it.")
    made = {name: count for name, count in guarded.calls.by_operation().items() if name != "AssumeRole"}
    assert made == dict.fromkeys(READ_OPERATIONS, 1)
    assert state(guarded) == before


async def test_what_depends_on_tags_or_resources_is_unknown(gateway: GatewayClient, guarded: Sandbox) -> None:
    """The questions themselves may well be answered."""
    team = {"StringEquals": {"aws:ResourceTag/team": "payments-fraud"}}
    scorer = f"arn:aws:sagemaker:{RISK.region}:{RISK.account}:endpoint-config/{SNAPSHOT}"
    own = [
        {"Effect": "Allow", "Action": "sagemaker:DescribeModel", "Resource": "*", "Condition": team},
        {"Effect": "Allow", "Action": "sagemaker:DescribeEndpointConfig", "Resource": scorer},
    ]
    allow(without("DescribeModel", "DescribeEndpointConfig"), {"Version": "2012-10-17", "Statement": own})
    allowed, result = await access(gateway)
    unknown = [action for action, (whether, _) in result.items() if whether is None]
    assert (allowed, unknown) == (False, ["sagemaker:DescribeModel", "sagemaker:DescribeEndpointConfig"])
    answer = await gateway.ask(
        f'{{ model(name: "fraud-detection-v12") {{ name }} snapshot(name: "{SNAPSHOT}") {{ name }} }}'
    )
    assert answer.data == {"model": {"name": "fraud-detection-v12"}, "snapshot": {"name": SNAPSHOT}}


async def test_only_ones_own_roles_are_checked(gateway: GatewayClient, guarded: Sandbox) -> None:
    guarded.calls.clear()
    response = await gateway.ask('{ accessCheck(group: "marketing") { allowed } }')
    nobody = await gateway.ask(ACCESS, user=None)
    assert (response.codes, nobody.codes) == (["FORBIDDEN"], ["UNAUTHENTICATED"])
    assert guarded.calls.count() == 0


def state(sandbox: Sandbox) -> Any:
    """All that is in the group's SageMaker."""
    place = sandbox.sagemaker.account_region(RISK.account, RISK.region)
    return {
        kind: {record.name: (dict(record.facts), dict(record.tags)) for record in record_collection}
        for kind, record_collection in place.collections.items()
    }
