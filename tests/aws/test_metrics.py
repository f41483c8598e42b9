"""aws.metrics: series of CloudWatch, as it gives them: by variant, whole, in order, many for one call."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError
from aws.metrics import MetricKey, MetricPoint, MetricSeries, MetricStatistic, MetricWindow, RuntimeMetric, read_metrics
from sandbox.server import Sandbox
from tests.aws.sandbox_account import REGION, ScriptedClient

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = MetricWindow(NOON - timedelta(hours=1), NOON, 60)
AVERAGE, SUM = MetricStatistic.AVERAGE, MetricStatistic.SUM
LATENCY, INVOCATIONS, CPU = RuntimeMetric.MODEL_LATENCY, RuntimeMetric.INVOCATIONS, RuntimeMetric.CPU_UTILIZATION


@pytest.fixture
def cloudwatch(sandbox: Sandbox) -> Iterator[Any]:
    """A client that puts metrics into the account that the calls are made in."""
    client = boto3.client(
        "cloudwatch",
        endpoint_url=sandbox.url,
        region_name=REGION,
        aws_access_key_id="AKIATESTSOFAWS",
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )
    yield client
    client.close()


def put(cloudwatch: Any, series: MetricKey, *values: float, first: datetime = NOON - timedelta(minutes=30)) -> None:
    """Values of one metric, a minute apart."""
    cloudwatch.put_metric_data(
        Namespace=series.metric.namespace,
        MetricData=[
            {
                "MetricName": series.metric.value,
                "Dimensions": [
                    {"Name": "EndpointName", "Value": series.endpoint},
                    {"Name": "VariantName", "Value": series.variant},
                ],
                "Timestamp": first + timedelta(minutes=number),
                "Value": value,
            }
            for number, value in enumerate(values)
        ],
    )


async def test_series_by_endpoint_variant_metric_and_statistic(
    sandbox: Sandbox, calls: AwsClient, cloudwatch: Any
) -> None:
    wanted = [
        MetricKey("live", "blue", LATENCY, AVERAGE),
        MetricKey("live", "green", LATENCY, AVERAGE),
        MetricKey("live", "blue", INVOCATIONS, SUM),
        MetricKey("other", "blue", CPU, AVERAGE),
        MetricKey("other", "blue", LATENCY, AVERAGE),
    ]
    for series, values in zip(wanted, [(1.0, 2.0), (30.0,), (4.0, 5.0, 6.0), (70.5,)], strict=False):
        put(cloudwatch, series, *values)
    sandbox.calls.clear()
    metrics = await read_metrics(calls, wanted, HOUR)
    assert list(metrics) == wanted
    assert {key: [point.value for point in item.points] for key, item in metrics.items()} == dict(
        zip(wanted, [[1.0, 2.0], [30.0], [4.0, 5.0, 6.0], [70.5], []], strict=True)
    )
    assert metrics[wanted[1]] == MetricSeries(
        "green", LATENCY, AVERAGE, 60, "Microseconds", (MetricPoint(NOON - timedelta(minutes=30), 30.0),)
    )
    assert sandbox.calls.by_operation() == {"GetMetricData": 1}


async def test_only_what_is_in_the_window(calls: AwsClient, cloudwatch: Any) -> None:
    series = MetricKey("live", "blue", INVOCATIONS, SUM)
    put(cloudwatch, series, *map(float, range(10)), first=NOON - timedelta(minutes=5))
    metrics = await read_metrics(
        calls, [series], MetricWindow(NOON - timedelta(minutes=2), NOON + timedelta(minutes=2), 60)
    )
    assert [point.value for point in metrics[series].points] == [3.0, 4.0, 5.0, 6.0]


@pytest.mark.parametrize(("count", "times"), [(0, 0), (1, 1), (500, 1), (501, 2), (1001, 3)])
async def test_five_hundred_series_for_a_call(sandbox: Sandbox, calls: AwsClient, count: int, times: int) -> None:
    wanted = [MetricKey(f"e{number}", "v", INVOCATIONS, SUM) for number in range(count)]
    series = await read_metrics(calls, wanted, HOUR)
    assert list(series) == wanted
    assert sandbox.calls.count("GetMetricData") == times


async def test_a_series_that_is_wanted_twice_is_asked_for_once() -> None:
    series = MetricKey("live", "v", INVOCATIONS, SUM)
    calls = ScriptedClient({"MetricDataResults": []})
    assert list(await read_metrics(calls, [series, series], HOUR)) == [series]
    assert len(calls.asked[0][1]["MetricDataQueries"]) == 1


async def test_an_answer_of_several_pages() -> None:
    """CloudWatch may give a series in parts, and parts in any order; each value comes once, oldest first."""
    one, two = (
        MetricKey("live", "a", LATENCY, MetricStatistic.P99),
        MetricKey("live", "b", LATENCY, MetricStatistic.P99),
    )

    def part(name: str, *minutes: int) -> dict[str, Any]:
        moments = [NOON + timedelta(minutes=minute) for minute in minutes]
        return {"Id": name, "Timestamps": moments, "Values": [float(minute) for minute in minutes]}

    calls = ScriptedClient(
        {"MetricDataResults": [part("s0", 3, 2), part("s1")], "NextToken": "on"},
        {"MetricDataResults": [part("s1", 1), part("s0", 0, 1)]},
    )
    series = await read_metrics(calls, [one, two], HOUR)
    assert [point.value for point in series[one].points] == [0.0, 1.0, 2.0, 3.0]
    assert [point.value for point in series[two].points] == [1.0]
    (_, first), (_, second) = calls.asked
    assert second == {**first, "NextToken": "on"}
    assert (first["StartTime"], first["EndTime"]) == (HOUR.begin, HOUR.end)
    assert first["MetricDataQueries"][1]["MetricStat"] == {
        "Metric": {
            "Namespace": "AWS/SageMaker",
            "MetricName": "ModelLatency",
            "Dimensions": [{"Name": "EndpointName", "Value": "live"}, {"Name": "VariantName", "Value": "b"}],
        },
        "Period": 60,
        "Stat": "p99",
    }


async def test_percentiles(calls: AwsClient, cloudwatch: Any) -> None:
    """Ten values in each of two periods, over HTTP; a period's percentile lies between its values in proportion."""
    latency = {
        statistic: MetricKey("live", "a", LATENCY, statistic)
        for statistic in (MetricStatistic.P50, MetricStatistic.P90, MetricStatistic.P99, SUM)
    }
    for number in range(10):
        put(cloudwatch, latency[SUM], float(number), 100.0 * number)
    metrics = await read_metrics(calls, list(latency.values()), HOUR)
    assert {key.statistic: [round(point.value, 6) for point in series.points] for key, series in metrics.items()} == {
        MetricStatistic.P50: [4.5, 450.0],
        MetricStatistic.P90: [8.1, 810.0],
        MetricStatistic.P99: [8.91, 891.0],
        SUM: [45.0, 4500.0],
    }


async def test_a_value_that_is_no_number_is_left_out() -> None:
    series = MetricKey("live", "a", LATENCY, MetricStatistic.P99)
    moments = [NOON + timedelta(minutes=minute) for minute in range(3)]
    calls = ScriptedClient({"MetricDataResults": [{"Id": "s0", "Timestamps": moments, "Values": [1.0, None, 3.0]}]})
    assert [point.value for point in (await read_metrics(calls, [series], HOUR))[series].points] == [1.0, 3.0]


async def test_a_refusal(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.refuse("GetMetricData")
    with pytest.raises(AccessDeniedError):
        await read_metrics(calls, [MetricKey("live", "v", INVOCATIONS, SUM)], HOUR)
    assert sandbox.calls.count("GetMetricData") == 1


@pytest.mark.parametrize(
    ("metric", "namespace", "unit"),
    [
        (RuntimeMetric.INVOCATIONS, "AWS/SageMaker", "None"),
        (RuntimeMetric.INVOCATION_4XX_ERRORS, "AWS/SageMaker", "None"),
        (RuntimeMetric.INVOCATION_5XX_ERRORS, "AWS/SageMaker", "None"),
        (RuntimeMetric.MODEL_LATENCY, "AWS/SageMaker", "Microseconds"),
        (RuntimeMetric.OVERHEAD_LATENCY, "AWS/SageMaker", "Microseconds"),
        (RuntimeMetric.CPU_UTILIZATION, "/aws/sagemaker/Endpoints", "Percent"),
        (RuntimeMetric.MEMORY_UTILIZATION, "/aws/sagemaker/Endpoints", "Percent"),
        (RuntimeMetric.GPU_UTILIZATION, "/aws/sagemaker/Endpoints", "Percent"),
        (RuntimeMetric.DISK_UTILIZATION, "/aws/sagemaker/Endpoints", "Percent"),
    ],
)
def test_namespaces_and_units(metric: RuntimeMetric, namespace: str, unit: str) -> None:
    assert (metric.namespace, metric.unit) == (namespace, unit)
