"""aws.invocations: when variants and inference components were last asked, many for one call."""

from datetime import UTC, datetime, timedelta

import pytest

from aws.client.client import AwsClient
from aws.invocations import InvocationTarget, last_invocations
from aws.metrics import MetricWindow
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ScriptedClient

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = MetricWindow(NOON - timedelta(days=1), NOON, 3600)
BLUE = InvocationTarget("live", variant="blue")
PART = InvocationTarget("live", component="adapter")


async def test_the_end_of_the_last_hour_with_a_request() -> None:
    """Hours without one are told as nought, or not at all; parts of an answer come in any order."""
    hours = [NOON - timedelta(hours=number) for number in (1, 2, 3)]
    calls = ScriptedClient(
        {
            "MetricDataResults": [
                {"Id": "s0", "Timestamps": hours, "Values": [0.0, 5.0, 7.0]},
                {"Id": "s1", "Timestamps": [], "Values": []},
            ],
            "NextToken": "t",
        },
        {"MetricDataResults": [{"Id": "s0", "Timestamps": [NOON - timedelta(hours=9)], "Values": [1.0]}]},
    )
    assert await last_invocations(calls, [BLUE, PART], DAY) == {BLUE: NOON - timedelta(hours=1)}


async def test_a_component_is_counted_without_its_endpoint() -> None:
    calls = ScriptedClient({"MetricDataResults": [{"Id": "s1", "Timestamps": [NOON], "Values": [2.0]}]})
    assert await last_invocations(calls, [BLUE, PART], DAY) == {PART: NOON + timedelta(hours=1)}
    asked = [query["MetricStat"]["Metric"]["Dimensions"] for query in calls.asked[0][1]["MetricDataQueries"]]
    assert asked == [
        [{"Name": "EndpointName", "Value": "live"}, {"Name": "VariantName", "Value": "blue"}],
        [{"Name": "InferenceComponentName", "Value": "adapter"}],
    ]


@pytest.mark.parametrize(("count", "times"), [(0, 0), (500, 1), (501, 2)])
async def test_five_hundred_targets_for_a_call(sandbox: Sandbox, calls: AwsClient, count: int, times: int) -> None:
    targets = [InvocationTarget(f"e{number}", variant="v") for number in range(count)]
    assert await last_invocations(calls, targets, DAY) == {}
    assert sandbox.calls.count("GetMetricData") == times
