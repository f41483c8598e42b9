"""aws.kinds.rollouts: how an endpoint was updated, as far as SageMaker's words can be read."""

from typing import Any

import pytest

from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy, parse_rollout

ROLLING = {
    "RollingUpdatePolicy": {
        "MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 2},
        "WaitIntervalInSeconds": 120,
        "MaximumExecutionTimeoutInSeconds": 7200,
        "RollbackMaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 100},
    },
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}, {}, {"AlarmName": "latency"}]},
}


def blue_green(kind: str, **routing: Any) -> dict[str, Any]:
    policy = {"TrafficRoutingConfiguration": {"Type": kind, "WaitIntervalInSeconds": 60, **routing}}
    return {"BlueGreenUpdatePolicy": {**policy, "TerminationWaitInSeconds": 30}}


@pytest.mark.parametrize(
    ("config", "rollout"),
    [
        (None, None),
        ({}, None),
        (blue_green("BAKED_LATER"), None),
        (
            {"AutoRollbackConfiguration": {"Alarms": []}},
            Rollout(strategy=RolloutStrategy.ALL_AT_ONCE, wait_seconds=None),
        ),
        (
            blue_green("CANARY", CanarySize={"Type": "CAPACITY_PERCENT", "Value": 10}),
            Rollout(
                strategy=RolloutStrategy.CANARY,
                step=Capacity(percent=10),
                wait_seconds=60,
                termination_wait_seconds=30,
            ),
        ),
        (
            blue_green("LINEAR", LinearStepSize={"Type": "INSTANCE_COUNT", "Value": 1}),
            Rollout(
                strategy=RolloutStrategy.LINEAR,
                step=Capacity(instances=1),
                wait_seconds=60,
                termination_wait_seconds=30,
            ),
        ),
        (
            ROLLING,
            Rollout(
                strategy=RolloutStrategy.ROLLING,
                step=Capacity(instances=2),
                rollback_step=Capacity(percent=100),
                wait_seconds=120,
                maximum_seconds=7200,
                alarms=("errors", "latency"),
            ),
        ),
    ],
)
def test_the_plan_of_a_deployment_configuration(config: Any, rollout: Rollout | None) -> None:
    assert parse_rollout(config) == rollout
