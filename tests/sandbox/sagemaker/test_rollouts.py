"""Updates in steps: how long they take, the alarms that roll them back, and the plans that SageMaker refuses."""

from typing import Any

import pytest

from sandbox.alarms import put_alarm
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

PLACE = ("222222222222", "eu-west-1")
ROLE = "arn:aws:iam::222222222222:role/execution"
SERVERLESS: dict[str, Any] = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
USUAL = 180.0
"""Seconds of an update without steps."""


def percent(value: int) -> dict[str, Any]:
    return {"Type": "CAPACITY_PERCENT", "Value": value}


def instances(value: int) -> dict[str, Any]:
    return {"Type": "INSTANCE_COUNT", "Value": value}


def routed(kind: str, wait: int = 100, termination: int = 0, /, limit: int | None = None, **more: Any) -> Any:
    routing = {"Type": kind, "WaitIntervalInSeconds": wait, **more}
    policy: dict[str, Any] = {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": termination}
    return {"BlueGreenUpdatePolicy": policy | ({"MaximumExecutionTimeoutInSeconds": limit} if limit else {})}


def rolling(size: dict[str, Any], wait: int = 100) -> Any:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": wait}}


def _variant(count: int = 4, name: str = "v", **more: Any) -> dict[str, Any]:
    size = more or {"InstanceType": "ml.m5.large", "InitialInstanceCount": count}
    return {"VariantName": name, "ModelName": "one", **size}


def _serving(sandbox: Sandbox, *variants: dict[str, Any], next_variants: Any = None) -> None:
    """An endpoint in service on `old`; `next` is what it can be moved to."""
    container = {"Image": "repository/one:1"}
    sandbox.call("CreateModel", *PLACE, ModelName="one", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    for name, chosen in (("old", variants or (_variant(),)), ("next", next_variants or variants or (_variant(),))):
        sandbox.call("CreateEndpointConfig", *PLACE, EndpointConfigName=name, ProductionVariants=list(chosen))
    sandbox.call("CreateEndpoint", *PLACE, EndpointName="e", EndpointConfigName="old")
    sandbox.advance(300)


def _update(sandbox: Sandbox, plan: Any, **more: Any) -> None:
    ask = {"EndpointName": "e", "EndpointConfigName": "next", "DeploymentConfig": plan, **more}
    sandbox.call("UpdateEndpoint", *PLACE, **ask)


def _state(sandbox: Sandbox) -> tuple[str, str]:
    text = sandbox.call("DescribeEndpoint", *PLACE, EndpointName="e")
    return text["EndpointStatus"], text["EndpointConfigName"]


@pytest.mark.parametrize(
    ("plan", "seconds"),
    [
        ({}, 0),
        (routed("ALL_AT_ONCE", 100, 50), 150),
        (routed("CANARY", 100, 50, CanarySize=percent(10)), 250),
        (routed("LINEAR", 100, LinearStepSize=percent(30)), 400),
        (rolling(instances(1)), 400),
        (rolling(percent(50), 0), 0),
    ],
    ids=["plain", "all at once", "canary", "linear", "rolling", "no waits"],
)
def test_each_step_takes_its_wait(sandbox: Sandbox, plan: Any, seconds: float) -> None:
    _serving(sandbox)
    sandbox.clock.freeze()
    _update(sandbox, plan)
    sandbox.advance(USUAL + seconds - 1)
    assert _state(sandbox) == ("Updating", "old")
    sandbox.advance(1)
    assert _state(sandbox) == ("InService", "next")


def test_an_alarm_rolls_back_at_the_end_of_a_step(sandbox: Sandbox) -> None:
    """The endpoint is left on what it ran, without a reason; the plan stays the last one."""
    _serving(sandbox)
    sandbox.clock.freeze()
    plan = routed("CANARY", 100, CanarySize=percent(10)) | {
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "fine"}, {"AlarmName": "errors"}, {"AlarmName": "none"}]}
    }
    put_alarm(*PLACE, "fine", "OK", EndpointName="e")
    put_alarm(*PLACE, "errors", "INSUFFICIENT_DATA", EndpointName="e")
    _update(sandbox, plan)
    sandbox.advance(USUAL)
    put_alarm(*PLACE, "errors", "ALARM", EndpointName="e")
    sandbox.advance(99)
    assert _state(sandbox) == ("Updating", "old")
    sandbox.advance(1)
    assert _state(sandbox) == ("RollingBack", "old")
    sandbox.advance(500)
    text = sandbox.call("DescribeEndpoint", *PLACE, EndpointName="e")
    assert (_state(sandbox), text["LastDeploymentConfig"]) == (("InService", "old"), plan)
    assert "FailureReason" not in text
    assert "PendingDeploymentSummary" not in text


def test_an_alarm_that_is_not_named_rolls_nothing_back(sandbox: Sandbox) -> None:
    _serving(sandbox)
    put_alarm(*PLACE, "errors", "ALARM", EndpointName="e")
    _update(sandbox, routed("ALL_AT_ONCE") | {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "fine"}]}})
    sandbox.advance(300)
    assert _state(sandbox) == ("InService", "next")


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (routed("CANARY"), "CanarySize is required."),
        (routed("LINEAR", CanarySize=percent(10)), "CanarySize is not supported"),
        (routed("ALL_AT_ONCE", LinearStepSize=percent(10)), "LinearStepSize is not supported"),
        (routed("CANARY", CanarySize=percent(51)), "CanarySize must be 1-50%"),
        (routed("CANARY", CanarySize=instances(3)), "CanarySize must be 1-50%"),
        (routed("LINEAR", LinearStepSize=percent(9)), "LinearStepSize must be 10-50%"),
        (rolling(percent(4)), "MaximumBatchSize must be 5-50%"),
        (rolling(percent(5)) | routed("ALL_AT_ONCE"), "Only one update policy"),
        (routed("CANARY", 300, limit=600, CanarySize=percent(10)), "MaximumExecutionTimeoutInSeconds must be larger"),
    ],
)
def test_plans_that_sagemaker_refuses(sandbox: Sandbox, plan: Any, message: str) -> None:
    _serving(sandbox)
    with pytest.raises(ServiceError) as caught:
        _update(sandbox, plan)
    assert caught.value.code == "ValidationException"
    assert message in caught.value.message
    assert _state(sandbox) == ("InService", "old")


@pytest.mark.parametrize(
    ("variants", "next_variants", "plan", "message"),
    [
        ([_variant()], [_variant(name="w")], routed("ALL_AT_ONCE"), "must have the variant names"),
        ([_variant(), _variant(name="w")], None, rolling(percent(50)), "one variant on instances"),
        ([_variant(**SERVERLESS)], None, rolling(percent(50)), "one variant on instances"),
        ([_variant(**SERVERLESS)], None, routed("CANARY", CanarySize=instances(1)), "is a CAPACITY_PERCENT"),
    ],
    ids=["names", "variants", "serverless", "counted serverless"],
)
def test_endpoints_that_take_no_such_plan(
    sandbox: Sandbox, variants: Any, next_variants: Any, plan: Any, message: str
) -> None:
    _serving(sandbox, *variants, next_variants=next_variants)
    with pytest.raises(ServiceError, match=message):
        _update(sandbox, plan)
    assert _state(sandbox) == ("InService", "old")
