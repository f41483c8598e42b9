"""schema.monitoring: monitoring schedules of runtimes and their runs, each listed only where the query does."""

from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, GatewayClient

NAMES = "{ runtimes { nodes { name monitoringSchedules { name arn type status } } } }"
RUNS = "{ runtimes { nodes { name monitoringSchedules { name lastExecutionStatus } } } }"


async def test_schedules_are_listed_once_for_all_runtimes(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate
) -> None:
    """How their last runs went costs a call for each, and is asked for only where the query does."""
    answer = await gateway.ask(NAMES, groups=["marketing"])
    result = {node["name"]: node["monitoringSchedules"] for node in answer.data["runtimes"]["nodes"]}
    name = "churn-predictor-data-quality"
    assert result["churn-predictor"] == [
        {
            "name": name,
            "arn": f"arn:aws:sagemaker:us-east-2:{MARKETING.account}:monitoring-schedule/{name}",
            "type": "DataQuality",
            "status": "Scheduled",
        }
    ]
    assert all(schedules == [] for runtime, schedules in result.items() if runtime != "churn-predictor")
    assert answer.aws_extensions["calls"] == {"ListEndpoints": 1, "ListMonitoringSchedules": 1}
    runs = await gateway.ask(RUNS, groups=["marketing"])
    text = {node["name"]: node["monitoringSchedules"] for node in runs.data["runtimes"]["nodes"]}
    assert text["churn-predictor"][0]["lastExecutionStatus"] in {"Completed", "CompletedWithViolations"}
    assert runs.aws_extensions["calls"] == {"DescribeMonitoringSchedule": 1}


async def test_without_the_question_no_schedule_is_asked_for(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate
) -> None:
    assert (await gateway.ask("{ runtimes { nodes { name status } } }", groups=["marketing"])).data
    assert (sandbox.calls.count("ListMonitoringSchedules"), sandbox.calls.count("GetMetricData")) == (0, 0)


async def test_refused_schedules_are_not_none(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    sandbox.faults.refuse("ListMonitoringSchedules")
    answer = await gateway.ask(NAMES, groups=["marketing"])
    nodes = answer.body["data"]["runtimes"]["nodes"]
    assert [node["monitoringSchedules"] for node in nodes] == [None] * len(nodes)
    assert answer.codes == ["FORBIDDEN"] * len(nodes)
    assert sandbox.calls.count("ListMonitoringSchedules") == 1


async def test_a_run_that_may_not_be_read(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    sandbox.faults.refuse("DescribeMonitoringSchedule")
    answer = await gateway.ask(RUNS, groups=["marketing"])
    (text,) = [
        node["monitoringSchedules"] for node in answer.body["data"]["runtimes"]["nodes"] if node["monitoringSchedules"]
    ]
    assert text == [{"name": "churn-predictor-data-quality", "lastExecutionStatus": None}]
    assert (answer.codes, answer.error["extensions"]["awsOperation"]) == (["FORBIDDEN"], "DescribeMonitoringSchedule")


@pytest.mark.parametrize("gone", [True, False])
async def test_a_schedule_that_has_not_run_or_is_gone(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate, gone: bool
) -> None:
    """Neither has a last run, which is no error."""
    place = (MARKETING.account, MARKETING.region)
    name = "churn-predictor-data-quality"
    config = sandbox.call("DescribeMonitoringSchedule", *place, MonitoringScheduleName=name)["MonitoringScheduleConfig"]
    sandbox.call("CreateMonitoringSchedule", *place, MonitoringScheduleName="new", MonitoringScheduleConfig=config)
    assert (await gateway.ask(NAMES, groups=["marketing"])).data
    if gone:
        sandbox.call("DeleteMonitoringSchedule", *place, MonitoringScheduleName="new")
    answer = await gateway.ask(RUNS, groups=["marketing"])
    text = {
        item["name"]: item["lastExecutionStatus"]
        for node in answer.data["runtimes"]["nodes"]
        for item in node["monitoringSchedules"]
    }
    assert text["new"] is None


EXECUTIONS = """query($after: String) { runtimes { nodes { monitoringSchedules { executions(first: 2, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { scheduledTime status rawStatus failureReason job { name status } } } } } } }"""


def runs_of(answer: Any) -> Any:
    (schedules,) = [
        node["monitoringSchedules"] for node in answer.body["data"]["runtimes"]["nodes"] if node["monitoringSchedules"]
    ]
    return schedules[0]["executions"]


async def test_the_runs_of_a_schedule_page_by_page(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """A call for each page of each schedule, and one for each job that is shown; the last scheduled comes first."""
    sandbox.clock.freeze()
    first = await gateway.ask(EXECUTIONS, groups=["marketing"])
    page = runs_of(first)
    assert (len(page["nodes"]), page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, None, True)
    calls = {"ListEndpoints": 1, "ListMonitoringSchedules": 1, "ListMonitoringExecutions": 1}
    assert first.aws_extensions["calls"] == {**calls, "DescribeProcessingJob": 2}
    assert {run["status"] for run in page["nodes"]} <= {"COMPLETED", "COMPLETED_WITH_VIOLATIONS"}
    times = [run["scheduledTime"] for run in page["nodes"]]
    while page["pageInfo"]["hasNextPage"]:
        page = runs_of(await gateway.ask(EXECUTIONS, {"after": page["pageInfo"]["endCursor"]}, groups=["marketing"]))
        times += [run["scheduledTime"] for run in page["nodes"]]
    place = (MARKETING.account, MARKETING.region)
    whole = sandbox.call("ListMonitoringExecutions", *place, MaxResults=100)["MonitoringExecutionSummaries"]
    assert (len(times), times) == (len(whole), sorted(set(times), reverse=True))


async def test_the_job_of_a_run(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    """It is a processing job like any other; null if there is none of its name any more."""
    place = (MARKETING.account, MARKETING.region)
    runs = sandbox.call("ListMonitoringExecutions", *place, MaxResults=2)["MonitoringExecutionSummaries"]
    name = runs[1]["ProcessingJobArn"].rpartition("/")[2]
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 20}
    sandbox.call(
        "CreateProcessingJob",
        *place,
        ProcessingJobName=name,
        ProcessingResources={"ClusterConfig": cluster},
        AppSpecification={"ImageUri": "analyzer"},
        RoleArn=f"arn:aws:iam::{MARKETING.account}:role/execution",
    )
    answer = await gateway.ask(EXECUTIONS, groups=["marketing"])
    assert [run["job"] for run in runs_of(answer)["nodes"]] == [None, {"name": name, "status": "IN_PROGRESS"}]


async def test_runs_that_may_not_be_listed_or_are_of_another_list(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate
) -> None:
    wrong = await gateway.ask(EXECUTIONS, {"after": "bm8"}, groups=["marketing"])
    assert (wrong.codes, runs_of(wrong)) == (["BAD_USER_INPUT"], None)
    sandbox.faults.refuse("ListMonitoringExecutions")
    refused = await gateway.ask(EXECUTIONS, groups=["marketing"])
    assert (refused.codes, runs_of(refused)) == (["FORBIDDEN"], None)
