"""aws.alarms: every alarm on an endpoint's metrics, whatever else the account watches, for one call a page."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from aws.alarms import Alarm, AlarmStatus, find_alarms, list_alarms
from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError
from sandbox.server import Sandbox
from tests.aws.sandbox_account import NOON, ScriptedClient

ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"
LATER = NOON + timedelta(minutes=5)


def dimensions(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def row(name: str, **members: Any) -> dict[str, Any]:
    return {"AlarmName": name, "AlarmArn": ARN + name, "StateValue": "OK", "StateUpdatedTimestamp": NOON, **members}


def math(*metrics: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The metrics of an expression, and the expression over them."""
    parts = [{"Id": f"m{number}", "MetricStat": {"Metric": metric}} for number, metric in enumerate(metrics)]
    return [*parts, {"Id": "all", "Expression": "SUM(METRICS())"}]


def alarm(name: str, **fields: Any) -> Alarm:
    usual: dict[str, Any] = {
        "status": AlarmStatus.OK,
        "metric_name": None,
        "endpoints": {},
        "components": frozenset(),
        "status_changed_time": NOON,
    }
    return Alarm(name=name, arn=ARN + name, **{**usual, **fields})


async def alarms_of(*rows: Mapping[str, Any]) -> list[Alarm]:
    return list(await list_alarms(ScriptedClient({"MetricAlarms": list(rows)})))


async def test_an_alarm_on_a_variant() -> None:
    written = row(
        "errors",
        StateValue="ALARM",
        StateTransitionedTimestamp=LATER,
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Dimensions=dimensions(EndpointName="live", VariantName="blue"),
    )
    assert await alarms_of(written) == [
        alarm(
            "errors",
            status=AlarmStatus.ALARM,
            metric_name="Invocation5XXErrors",
            endpoints={"live": "blue"},
            status_changed_time=LATER,
        )
    ]


async def test_metric_math_watches_all_that_it_is_made_of() -> None:
    """Several variants of one endpoint are no one variant; an alarm may watch several endpoints."""
    space = "/aws/sagemaker/Endpoints"
    both = [{"Namespace": space, "Dimensions": dimensions(EndpointName="live", VariantName=name)} for name in "ab"]
    one = {"Namespace": space, "Dimensions": dimensions(EndpointName="other", VariantName="a")}
    assert await alarms_of(row("sum", Metrics=math(*both, one, one))) == [
        alarm("sum", endpoints={"live": None, "other": "a"})
    ]


async def test_an_alarm_on_an_inference_component() -> None:
    written = row(
        "component",
        Namespace="/aws/sagemaker/InferenceComponents",
        MetricName="GPUUtilization",
        Dimensions=dimensions(InferenceComponentName="adapter"),
    )
    assert await alarms_of(written) == [
        alarm("component", metric_name="GPUUtilization", components=frozenset({"adapter"}))
    ]


async def test_alarms_on_other_things_are_left_out() -> None:
    """A dimension of this name in another namespace says nothing of a SageMaker endpoint."""
    others = [
        row("queue", Namespace="AWS/SQS", Dimensions=dimensions(QueueName="live")),
        row("own", Namespace="Mine", Dimensions=dimensions(EndpointName="live")),
        row("query", Metrics=[{"Id": "q", "Expression": 'SELECT MAX(ModelLatency) FROM SCHEMA("AWS/SageMaker")'}]),
        row("account", Namespace="AWS/SageMaker", MetricName="Invocations", Dimensions=[]),
    ]
    assert await alarms_of(*others) == []


@pytest.mark.parametrize(("word", "status"), [("INSUFFICIENT_DATA", "INSUFFICIENT_DATA"), ("MELTING", "UNKNOWN")])
async def test_a_word_that_is_new_is_unknown(word: str, status: str) -> None:
    whole = {"Namespace": "AWS/SageMaker", "Dimensions": dimensions(EndpointName="live")}
    (read,) = await alarms_of(row("a", **{**whole, "StateValue": word}))
    assert (read.status.name, read.endpoints) == (status, {"live": None})


async def test_pages_are_followed() -> None:
    whole = {"Namespace": "AWS/SageMaker", "Dimensions": dimensions(EndpointName="live")}
    calls = ScriptedClient(
        {"MetricAlarms": [row("a", **whole)], "NextToken": "t"}, {"MetricAlarms": [row("b", **whole)]}
    )
    assert [read.name for read in await list_alarms(calls)] == ["a", "b"]
    asked = {"MaxRecords": 100, "AlarmTypes": ["MetricAlarm"]}
    assert calls.asked == [("DescribeAlarms", asked), ("DescribeAlarms", {**asked, "NextToken": "t"})]


async def test_refused_alarms_are_not_none(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.refuse("DescribeAlarms")
    with pytest.raises(AccessDeniedError):
        await list_alarms(calls)
    assert sandbox.calls.count("DescribeAlarms") == 1


async def test_alarms_of_these_names_whatever_they_watch() -> None:
    """Composite ones, too; a name that there is no alarm of is not in the answer."""
    client = ScriptedClient(
        {
            "MetricAlarms": [row("queue", Namespace="AWS/SQS", MetricName="Depth", Dimensions=dimensions(Queue="q"))],
            "CompositeAlarms": [row("any", StateValue="ALARM")],
        }
    )
    assert await find_alarms(client, ["queue", "any", "none"]) == {
        "queue": alarm("queue", metric_name="Depth"),
        "any": alarm("any", status=AlarmStatus.ALARM),
    }
    kinds = ["MetricAlarm", "CompositeAlarm"]
    asked = {"AlarmNames": ["queue", "any", "none"], "AlarmTypes": kinds, "MaxRecords": 100}
    assert client.asked == [("DescribeAlarms", asked)]
