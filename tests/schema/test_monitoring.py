"""schema.monitoring: metrics of runtimes, asked for only where the query does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from aws.metrics import RuntimeMetric
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient
from tests.sagemaker_builder import building, variant

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
METRICS = (
    "query($names: [RuntimeMetric!], $statistics: [MetricStatistic!], $from: DateTime, $to: DateTime, "
    "$window: Int, $period: Int) { runtimes { nodes { name metrics(names: $names, statistics: $statistics, "
    "from: $from, to: $to, windowSeconds: $window, periodSeconds: $period) "
    "{ variant metric statistic periodSeconds unit points { at value } } } } }"
)


HOUR = {"to": (NOON + timedelta(hours=1)).isoformat(), "window": 3600, "period": 60}


@pytest.fixture
def two_runtimes(sandbox: Sandbox) -> None:
    """One of two variants, one of one."""
    with building(sandbox) as things:
        things.model("m")
        things.snapshot("pair", ProductionVariants=[variant("m", "blue"), variant("m", "green")])
        things.snapshot("single", "m")
        things.runtime("one", "pair")
        things.runtime("two", "single")


@pytest.fixture
def cloudwatch(sandbox: Sandbox, two_runtimes: None) -> Iterator[Any]:
    """A client that puts metrics into the group's account, in the group's region."""
    asked = {"RoleArn": RISK.role_arn, "RoleSessionName": "metrics"}
    if RISK.external_id:
        asked["ExternalId"] = RISK.external_id
    plain: Any = {
        "endpoint_url": sandbox.url,
        "region_name": RISK.region,
        "config": Config(retries={"total_max_attempts": 1}),
    }
    sts = boto3.client("sts", aws_access_key_id="AKIAANYKEYWILLDO0000", aws_secret_access_key="any", **plain)
    keys = sts.assume_role(**asked)["Credentials"]
    sts.close()
    client = boto3.client(
        "cloudwatch",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        **plain,
    )
    sandbox.calls.clear()
    yield client
    client.close()


def put(cloudwatch: Any, runtime: str, of_variant: str, metric: RuntimeMetric, *values: float) -> None:
    """Values, a minute apart, from noon on."""
    dimensions = [{"Name": "EndpointName", "Value": runtime}, {"Name": "VariantName", "Value": of_variant}]
    rows = [
        {
            "MetricName": metric.value,
            "Dimensions": dimensions,
            "Timestamp": NOON + timedelta(minutes=number),
            "Value": value,
        }
        for number, value in enumerate(values)
    ]
    cloudwatch.put_metric_data(Namespace=metric.namespace, MetricData=rows)


def series(result: Any) -> dict[tuple[str, str, str], list[float]]:
    return {
        (item["variant"], item["metric"], item["statistic"]): [point["value"] for point in item["points"]]
        for item in result["metrics"]
    }


async def test_by_variant_metric_and_statistic(gateway: GatewayClient, sandbox: Sandbox, cloudwatch: Any) -> None:
    """One call for all of them; a second question of the same period asks anew, because nothing of it is kept."""
    put(cloudwatch, "one", "blue", RuntimeMetric.MODEL_LATENCY, 100.0, 300.0)
    put(cloudwatch, "one", "green", RuntimeMetric.MODEL_LATENCY, 50.0)
    put(cloudwatch, "two", "v1", RuntimeMetric.CPU_UTILIZATION, 70.5)
    value = {**HOUR, "names": ["MODEL_LATENCY", "CPU_UTILIZATION"], "statistics": ["MAXIMUM", "SUM"]}
    answer = await gateway.ask(METRICS, value)
    two, one = answer.data["runtimes"]["nodes"]
    assert series(one) == {
        ("blue", "MODEL_LATENCY", "MAXIMUM"): [100.0, 300.0],
        ("blue", "MODEL_LATENCY", "SUM"): [100.0, 300.0],
        ("blue", "CPU_UTILIZATION", "MAXIMUM"): [],
        ("blue", "CPU_UTILIZATION", "SUM"): [],
        ("green", "MODEL_LATENCY", "MAXIMUM"): [50.0],
        ("green", "MODEL_LATENCY", "SUM"): [50.0],
        ("green", "CPU_UTILIZATION", "MAXIMUM"): [],
        ("green", "CPU_UTILIZATION", "SUM"): [],
    }
    assert series(two)["v1", "CPU_UTILIZATION", "MAXIMUM"] == [70.5]
    assert one["metrics"][0] == {
        "variant": "blue",
        "metric": "MODEL_LATENCY",
        "statistic": "MAXIMUM",
        "periodSeconds": 60,
        "unit": "Microseconds",
        "points": [
            {"at": NOON.isoformat(), "value": 100.0},
            {"at": (NOON + timedelta(minutes=1)).isoformat(), "value": 300.0},
        ],
    }
    assert answer.aws_extensions["calls"] == {"ListEndpoints": 1, "DescribeEndpoint": 2, "GetMetricData": 1}
    assert (await gateway.ask(METRICS, value)).aws_extensions["calls"] == {"GetMetricData": 1}


async def test_what_is_shown_where_nothing_is_said(gateway: GatewayClient, cloudwatch: Any) -> None:
    """Invocations, their errors and the model's latency, on average, in the last hour by the minute."""
    answer = await gateway.ask(
        "{ runtimes(first: 1) { nodes { metrics { variant metric statistic periodSeconds } } } }"
    )
    assert answer.data["runtimes"]["nodes"][0]["metrics"] == [
        {"variant": "v1", "metric": metric, "statistic": "AVERAGE", "periodSeconds": 60}
        for metric in ("INVOCATIONS", "INVOCATION_5XX_ERRORS", "MODEL_LATENCY")
    ]


async def test_nulls_are_as_left_out_and_what_comes_twice_counts_once(gateway: GatewayClient, cloudwatch: Any) -> None:
    nulls: dict[str, Any] = dict.fromkeys(("names", "statistics", "from", "to", "window", "period"))
    answer = await gateway.ask(METRICS, nulls)
    assert len(answer.data["runtimes"]["nodes"][0]["metrics"]) == 3
    twice = {**HOUR, "names": ["INVOCATIONS"] * 3, "statistics": ["SUM"] * 2}
    assert [len(item["metrics"]) for item in (await gateway.ask(METRICS, twice)).data["runtimes"]["nodes"]] == [1, 2]


async def test_two_windows_are_two_questions(gateway: GatewayClient, sandbox: Sandbox, cloudwatch: Any) -> None:
    put(cloudwatch, "two", "v1", RuntimeMetric.INVOCATIONS, *map(float, range(10)))
    aliases = " ".join(
        f"{alias}: metrics(names: [INVOCATIONS], statistics: [SUM], "
        f'from: "{NOON.isoformat()}", to: "{to.isoformat()}") '
        "{ points { value } }"
        for alias, to in (("a", NOON + timedelta(minutes=2)), ("b", NOON + timedelta(minutes=4)))
    )
    answer = await gateway.ask(f'{{ runtime(name: "two") {{ {aliases} }} }}')
    result = answer.data["runtime"]
    assert {alias: len(result[alias][0]["points"]) for alias in "ab"} == {"a": 2, "b": 4}
    assert sandbox.calls.count("GetMetricData") == 2


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"period": 61},
            "`periodSeconds` must be 1, 5, 10, 20, 30, or a multiple of 60: CloudWatch keeps no other periods.",
        ),
        ({"window": -1}, "`windowSeconds` must be from 1 second to 455 days: CloudWatch keeps metrics that long."),
        (
            {"window": 90_000},
            "A series would have more than 1440 points; give `maxPoints`, or a longer `periodSeconds`.",
        ),
        ({"from": "2026-01-01T00:00:00"}, "`from` needs an offset, such as 2026-01-31T12:00:00Z."),
        (
            {"to": "0001-01-01T00:00:00Z"},
            "The window begins before the year 1; give a later `from`, or a shorter `windowSeconds`.",
        ),
        ({"to": "9999-12-31T23:59:59.999999Z"}, "`to` must be at most 455 days ahead."),
        ({"from": "2026-01-01T00:00:00Z", "to": "9999-12-31T23:59:59-23:59"}, "`to` must be at most 455 days ahead."),
    ],
)
async def test_a_window_that_cannot_be_asked(
    gateway: GatewayClient, sandbox: Sandbox, cloudwatch: Any, value: dict[str, Any], message: str
) -> None:
    answer = await gateway.ask(METRICS, value)
    assert answer.codes == ["BAD_USER_INPUT"] * 2
    assert {error["message"] for error in answer.errors} == {message}
    assert [node["metrics"] for node in answer.body["data"]["runtimes"]["nodes"]] == [None, None]
    assert sandbox.calls.count("GetMetricData") == 0


async def test_refused_metrics_leave_the_rest(gateway: GatewayClient, sandbox: Sandbox, cloudwatch: Any) -> None:
    sandbox.faults.refuse("GetMetricData")
    answer = await gateway.ask(METRICS, HOUR)
    assert [(node["name"], node["metrics"]) for node in answer.body["data"]["runtimes"]["nodes"]] == [
        ("two", None),
        ("one", None),
    ]
    assert answer.codes == ["FORBIDDEN"] * 2
    assert sandbox.calls.count("GetMetricData") == 1


async def test_a_runtime_that_may_not_be_described_has_no_variants_to_ask_for(
    gateway: GatewayClient, sandbox: Sandbox, cloudwatch: Any
) -> None:
    put(cloudwatch, "two", "v1", RuntimeMetric.INVOCATIONS, 1.0)
    sandbox.faults.refuse("DescribeEndpoint", name="one")
    answer = await gateway.ask(METRICS, {**HOUR, "names": ["INVOCATIONS"], "statistics": ["SUM"]})
    two, one = answer.body["data"]["runtimes"]["nodes"]
    assert (series(two), one["metrics"]) == ({("v1", "INVOCATIONS", "SUM"): [1.0]}, None)
    assert (answer.codes, answer.error["path"]) == (["FORBIDDEN"], ["runtimes", "nodes", 1, "metrics"])
