"""Monitoring schedules."""

from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError


def test_a_schedule_comes_up_runs_and_goes(sandbox: Sandbox, estate: Estate) -> None:
    place = (estate.marketing.account, estate.marketing.region)

    def told(name: str) -> dict[str, Any]:
        return sandbox.call("DescribeMonitoringSchedule", *place, MonitoringScheduleName=name)

    config = told("churn-predictor-data-quality")["MonitoringScheduleConfig"]
    hourly = config | {"ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"}}
    sandbox.clock.freeze()
    sandbox.call("CreateMonitoringSchedule", *place, MonitoringScheduleName="new", MonitoringScheduleConfig=hourly)
    assert told("new")["MonitoringScheduleStatus"] == "Pending"
    sandbox.advance(60)
    assert (told("new")["MonitoringScheduleStatus"], told("new")["EndpointName"]) == ("Scheduled", "churn-predictor")
    assert "LastMonitoringExecutionSummary" not in told("new")
    sandbox.advance(3600)
    assert told("new")["LastMonitoringExecutionSummary"]["MonitoringExecutionStatus"] == "Completed"
    listed = sandbox.call("ListMonitoringSchedules", *place, EndpointName="churn-predictor", SortBy="Name")
    assert [row["MonitoringScheduleName"] for row in listed["MonitoringScheduleSummaries"]] == [
        "new",
        "churn-predictor-data-quality",
    ]
    assert sandbox.call("ListMonitoringSchedules", *place, EndpointName="other")["MonitoringScheduleSummaries"] == []
    sandbox.call("DeleteMonitoringSchedule", *place, MonitoringScheduleName="new")
    with pytest.raises(ServiceError, match="Could not find monitoring schedule") as caught:
        told("new")
    assert caught.value.code == "ResourceNotFound"


def test_what_makes_no_sense_is_refused(sandbox: Sandbox, estate: Estate) -> None:
    place = (estate.marketing.account, estate.marketing.region)
    name = "churn-predictor-data-quality"
    config = sandbox.call("DescribeMonitoringSchedule", *place, MonitoringScheduleName=name)["MonitoringScheduleConfig"]
    with pytest.raises(ServiceError) as caught:
        sandbox.call("CreateMonitoringSchedule", *place, MonitoringScheduleName=name, MonitoringScheduleConfig=config)
    assert caught.value.code == "ResourceInUse"
    by_name = {"MonitoringJobDefinitionName": "d", "MonitoringType": "DataQuality"}
    with pytest.raises(ServiceError, match="The sandbox does not model monitoring job definitions by name"):
        sandbox.call("CreateMonitoringSchedule", *place, MonitoringScheduleName="x", MonitoringScheduleConfig=by_name)


def test_a_schedule_runs_only_while_it_is_scheduled(sandbox: Sandbox, estate: Estate) -> None:
    place = (estate.marketing.account, estate.marketing.region)
    name = {"MonitoringScheduleName": "churn-predictor-data-quality"}
    sandbox.clock.freeze()

    def runs() -> int:
        listed = sandbox.call("ListMonitoringExecutions", *place, **name, MaxResults=100)
        return len(listed["MonitoringExecutionSummaries"])

    def status() -> str:
        return str(sandbox.call("DescribeMonitoringSchedule", *place, **name)["MonitoringScheduleStatus"])

    sandbox.call("StopMonitoringSchedule", *place, **name)
    before = runs()
    sandbox.advance(10 * 86_400)
    assert (status(), runs()) == ("Stopped", before)
    sandbox.call("StartMonitoringSchedule", *place, **name)
    assert status() == "Pending"
    sandbox.advance(60)
    assert (status(), runs()) == ("Scheduled", before)
    sandbox.advance(86_400)
    assert runs() == before + 1
    sandbox.call("StartMonitoringSchedule", *place, **name)
    sandbox.advance(86_400)
    assert (status(), runs()) == ("Scheduled", before + 2)


def test_a_schedule_is_moved_to_another_endpoint(sandbox: Sandbox, estate: Estate) -> None:
    place = (estate.marketing.account, estate.marketing.region)
    name = {"MonitoringScheduleName": "churn-predictor-data-quality"}
    config = sandbox.call("DescribeMonitoringSchedule", *place, **name)["MonitoringScheduleConfig"]
    endpoints = sandbox.call("ListEndpoints", *place, StatusEquals="InService")["Endpoints"]
    other = next(row["EndpointName"] for row in endpoints if row["EndpointName"] != "churn-predictor")
    definition = config["MonitoringJobDefinition"]
    watched = {"EndpointName": other, "LocalPath": "/opt/ml/processing/input"}
    moved = config | {"MonitoringJobDefinition": definition | {"MonitoringInputs": [{"EndpointInput": watched}]}}
    sandbox.call("UpdateMonitoringSchedule", *place, **name, MonitoringScheduleConfig=moved)
    told = sandbox.call("DescribeMonitoringSchedule", *place, **name)
    assert (told["EndpointName"], told["MonitoringScheduleStatus"]) == (other, "Pending")
    nowhere = {"MonitoringInputs": [{"EndpointInput": watched | {"EndpointName": "nobody"}}]}
    gone = config | {"MonitoringJobDefinition": definition | nowhere}
    with pytest.raises(ServiceError, match="Could not find endpoint"):
        sandbox.call("UpdateMonitoringSchedule", *place, **name, MonitoringScheduleConfig=gone)
    assert sandbox.call("DescribeMonitoringSchedule", *place, **name) == told
