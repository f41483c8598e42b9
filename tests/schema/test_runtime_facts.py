"""How runtimes fare: alarms, scaling, cost, and whether anybody asks them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.cloudwatch.models import cloudwatch_backends

from sandbox.estate import Estate, watch_endpoints, write_traffic
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import building, variant

ALARMS = "{ runtimes { nodes { name alarms { name arn status metricName variant } } } }"
SCALING = "{ runtimes { nodes { name variants { name scaling { minCapacity maxCapacity policies } } } } }"
COSTS = "{ runtimes { nodes { name hourlyCost { amount currency } variants { name instanceType } } } }"
INITIAL_COSTS = "{ snapshots { nodes { name hourlyCost { amount currency } } } }"
ACTIVITY = (
    "query($hours: Int) { runtimes { nodes { name activity(lookBackHours: $hours) "
    "{ lastInvocationTime lookedBackTo } } } }"
)
IDLE = (
    "query($hours: Int!) { runtimes(filter: {idleForHours: $hours}, orderBy: {by: NAME, direction: ASC}) "
    "{ nodes { name } totalCount unreadableCount } }"
)


def invoke(at: datetime, **dimensions: str) -> None:
    """One request to a variant or an inference component."""
    backend: Any = cloudwatch_backends[RISK.account][RISK.region]
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    # moto compares moments without a zone, which are in UTC.
    datum = {"MetricName": "Invocations", "Dimensions": named, "Timestamp": at.replace(tzinfo=None), "Value": 1}
    backend.put_metric_data("AWS/SageMaker", [datum])


def alarm(name: str, **dimensions: str) -> None:
    """An alarm on a metric of endpoints."""
    backend: Any = cloudwatch_backends[RISK.account][RISK.region]
    backend.put_metric_alarm(
        name=name,
        namespace="AWS/SageMaker",
        metric_name="ModelLatency",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        period=60,
        threshold=1.0,
        statistic="Average",
        description="",
        dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        alarm_actions=[],
    )


def by_name(result: Any, field: str) -> dict[str, Any]:
    return {node["name"]: node[field] for node in result["nodes"]}


async def test_alarms_and_scaling_cost_a_listing_each(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    watch_endpoints(estate)
    answer = await gateway.ask(ALARMS)
    alarms = by_name(answer.data["runtimes"], "alarms")
    assert alarms["fraud-detection"] == [
        {
            "name": "fraud-detection-errors",
            "arn": f"arn:aws:cloudwatch:{RISK.region}:{RISK.account}:alarm:fraud-detection-errors",
            "status": "ALARM",
            "metricName": "Invocation5XXErrors",
            "variant": "live",
        }
    ]
    assert [(item["name"], item["status"]) for item in alarms["credit-risk-scorer"]] == [("credit-risk-latency", "OK")]
    assert alarms["credit-risk-scorer-staging"] == []
    assert answer.aws_extensions["calls"] == {"ListEndpoints": 1, "DescribeAlarms": 1}
    scaled = (await gateway.ask(SCALING)).data["runtimes"]
    assert by_name(scaled, "variants")["fraud-detection"] == [
        {"name": "live", "scaling": {"minCapacity": 1, "maxCapacity": 4, "policies": ["invocations-per-instance"]}}
    ]
    assert by_name(scaled, "variants")["credit-risk-scorer-staging"] == [{"name": "AllTraffic", "scaling": None}]
    counts = ("DescribeAlarms", "DescribeScalableTargets", "DescribeScalingPolicies")
    assert [sandbox.calls.count(operation) for operation in counts] == [1, 1, 1]


async def test_what_is_not_asked_for_is_not_read(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    assert (await gateway.ask("{ runtimes { nodes { name status } } }")).data
    assert sandbox.calls.by_operation() == {"AssumeRole": 1, "ListEndpoints": 1}


@pytest.mark.parametrize(
    ("operation", "query", "field"),
    [
        ("DescribeAlarms", ALARMS, "alarms"),
        ("GetMetricData", ACTIVITY, "activity"),
        ("ListInferenceComponents", ACTIVITY, "activity"),
    ],
)
async def test_what_is_refused_is_not_none(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate, operation: str, query: str, field: str
) -> None:
    """An endpoint whose requests are not known is not called idle."""
    sandbox.faults.refuse(operation)
    answer = await gateway.ask(query)
    values = by_name(answer.body["data"]["runtimes"], field)
    assert set(values.values()) == {None}
    assert answer.codes == ["FORBIDDEN"] * len(values)
    assert sandbox.calls.count(operation) == 1


async def test_refused_scaling_leaves_the_variants(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    sandbox.faults.refuse("DescribeScalableTargets")
    answer = await gateway.ask('{ runtime(name: "fraud-detection") { variants { name scaling { minCapacity } } } }')
    assert answer.body["data"]["runtime"]["variants"] == [{"name": "live", "scaling": None}]
    assert (answer.codes, answer.error["path"]) == (["FORBIDDEN"], ["runtime", "variants", 0, "scaling"])


async def test_an_alarm_on_a_component_is_its_hosts(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
        things.component_host("host")
        things.component("part", "host", "m")
    alarm("of-the-part", InferenceComponentName="part")
    alarm("of-a-gone-one", InferenceComponentName="gone")
    answer = await gateway.ask(ALARMS)
    (node,) = answer.data["runtimes"]["nodes"]
    assert [(item["name"], item["variant"]) for item in node["alarms"]] == [("of-the-part", None)]
    assert answer.aws_extensions["calls"] == {"ListEndpoints": 1, "DescribeAlarms": 1, "ListInferenceComponents": 1}


async def test_the_cost_of_what_runs_now(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """No cost is known where a variant has no price; it is never told of the rest alone."""
    large = {**variant("m", "a"), "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    other = {**variant("m", "b"), "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    small = {"VariantName": "c", "ModelName": "m", "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}}
    with building(sandbox) as things:
        things.model("m")
        for name, variants in (("two", [large]), ("mixed", [large, other]), ("serverless", [small]), ("gone", [large])):
            things.snapshot(name, ProductionVariants=variants)
            things.runtime(name, name)
        things.call_at("DeleteEndpointConfig", EndpointConfigName="gone")
    async with open_gateway(prices={"currency": "EUR", "ml.m5.large": 0.115}) as gateway:
        answer = await gateway.ask(COSTS)
        costs = by_name(answer.data["runtimes"], "hourlyCost")
        assert costs == {"two": {"amount": 0.23, "currency": "EUR"}, "mixed": None, "serverless": None, "gone": None}
        types = by_name(answer.data["runtimes"], "variants")
        assert types["mixed"] == [
            {"name": "a", "instanceType": "ml.m5.large"},
            {"name": "b", "instanceType": "ml.m5.xlarge"},
        ]
        assert (types["gone"], types["serverless"]) == (
            [{"name": "a", "instanceType": None}],
            [{"name": "c", "instanceType": None}],
        )
        assert answer.aws_extensions["calls"] == {
            "ListEndpoints": 1,
            "DescribeEndpoint": 4,
            "DescribeEndpointConfig": 4,
        }
        initial = await gateway.ask(INITIAL_COSTS)
        known = {"two": {"amount": 0.23, "currency": "EUR"}, "mixed": None, "serverless": None}
        assert by_name(initial.data["snapshots"], "hourlyCost") == known
        assert initial.aws_extensions["calls"] == {"ListEndpointConfigs": 1}
    async with open_gateway() as without_prices:
        answer = await without_prices.ask('{ runtime(name: "two") { hourlyCost { amount } } }')
        assert answer.data["runtime"] == {"hourlyCost": None}


async def test_the_last_request(gateway: GatewayClient, sandbox: Sandbox) -> None:
    """By the minute where it was just now, else by the hour; of a host by its components; far back as far as asked."""
    now = datetime.now(UTC).replace(second=30, microsecond=0)
    with building(sandbox) as things:
        things.model("m")
        things.snapshot("s", "m")
        for name in ("busy", "rested", "forgotten"):
            things.runtime(name, "s")
        things.component_host("host")
        things.component("part", "host", "m")
    hours = {name: now - timedelta(hours=count) for name, count in (("rested", 20), ("forgotten", 400), ("host", 5))}
    invoke(now - timedelta(minutes=10), EndpointName="busy", VariantName="v1")
    invoke(hours["rested"], EndpointName="rested", VariantName="v1")
    invoke(hours["forgotten"], EndpointName="forgotten", VariantName="v1")
    invoke(hours["host"], InferenceComponentName="part")
    sandbox.calls.clear()
    answer = await gateway.ask(ACTIVITY)
    activity = by_name(answer.data["runtimes"], "activity")
    last = {name: fact["lastInvocationTime"] for name, fact in activity.items()}
    assert last == {
        "busy": (now.replace(second=0) - timedelta(minutes=9)).isoformat(),
        "rested": _hour_after(hours["rested"]),
        "forgotten": None,
        "host": _hour_after(hours["host"]),
    }
    begin = datetime.fromisoformat(activity["busy"]["lookedBackTo"])
    assert timedelta(hours=336) <= now - begin < timedelta(hours=338)
    assert answer.aws_extensions["calls"] == {
        "ListEndpoints": 1,
        "DescribeEndpoint": 4,
        "ListInferenceComponents": 1,
        "GetMetricData": 2,
    }
    farther = await gateway.ask(ACTIVITY, {"hours": 500})
    assert by_name(farther.data["runtimes"], "activity")["forgotten"]["lastInvocationTime"] == _hour_after(
        hours["forgotten"]
    )


def _hour_after(moment: datetime) -> str:
    return (moment.replace(minute=0, second=0) + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize("hours", [0, -1, 10_921])
async def test_hours_that_nobody_keeps(gateway: GatewayClient, sandbox: Sandbox, estate: Estate, hours: int) -> None:
    answer = await gateway.ask(
        'query($h: Int) { runtime(name: "fraud-detection") { activity(lookBackHours: $h) { lookedBackTo } } }',
        {"h": hours},
    )
    assert answer.codes == ["BAD_USER_INPUT"]
    assert (await gateway.ask(IDLE, {"hours": hours})).codes == ["BAD_USER_INPUT"]
    assert sandbox.calls.count("GetMetricData") == 0


async def test_idle_runtimes(gateway: GatewayClient, sandbox: Sandbox, estate: Estate) -> None:
    write_traffic(sandbox, estate)
    answer = await gateway.ask(IDLE, {"hours": 48})
    names = [node["name"] for node in answer.data["runtimes"]["nodes"]]
    assert "credit-risk-scorer-staging" in names
    assert not {"fraud-detection", "credit-risk-scorer", "aml-transaction-monitor"} & set(names)
    assert answer.data["runtimes"]["totalCount"] == len(names)
    assert answer.data["runtimes"]["unreadableCount"] == 0
    longer = await gateway.ask(IDLE, {"hours": 24 * 6})
    assert "credit-risk-scorer-staging" not in [node["name"] for node in longer.data["runtimes"]["nodes"]]


async def test_a_new_runtime_is_not_idle(gateway: GatewayClient, sandbox: Sandbox) -> None:
    now = datetime.now(UTC)
    with building(sandbox) as things:
        things.model("m", at=now - timedelta(hours=9))
        things.snapshot("s", "m", at=now - timedelta(hours=8))
        things.runtime("old", "s", at=now - timedelta(hours=7))
        things.runtime("new", "s", at=now - timedelta(hours=1))
    answer = await gateway.ask(IDLE, {"hours": 5})
    assert answer.data["runtimes"]["nodes"] == [{"name": "old"}]


async def test_idle_is_unknown_where_metrics_are_refused(
    gateway: GatewayClient, sandbox: Sandbox, estate: Estate
) -> None:
    sandbox.faults.refuse("GetMetricData")
    answer = await gateway.ask(IDLE, {"hours": 48})
    result = answer.data["runtimes"]
    listed = len((await gateway.ask("{ runtimes { nodes { name } } }")).data["runtimes"]["nodes"])
    assert (result["nodes"], result["totalCount"], result["unreadableCount"]) == ([], 0, listed)
