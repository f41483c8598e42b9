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
