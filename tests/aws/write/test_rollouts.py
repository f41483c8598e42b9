"""aws.write.rollouts: a plan that breaks a rule is refused before UpdateEndpoint; a good one is sent and told again."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from aws.inventory.inventory import Inventory
from aws.kinds.kind import Kind
from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy
from aws.kinds.runtimes import Runtime
from aws.kinds.statuses import RuntimeStatus
from aws.write.errors import InvalidInputError, MissingTargetError, WriteRejectedError
from aws.write.inputs import RuntimeChange
from aws.write.writer import Writer
from sandbox.alarms import put_alarm
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, make, reader_of
from tests.aws.write.create_cases import ADA

CANARY = Rollout(strategy=RolloutStrategy.CANARY, step=Capacity(percent=10), wait_seconds=120, alarms=("errors",))
LINEAR = Rollout(strategy=RolloutStrategy.LINEAR, step=Capacity(percent=25))
ROLLING = Rollout(
    strategy=RolloutStrategy.ROLLING,
    step=Capacity(instances=1),
    rollback_step=Capacity(percent=100),
    maximum_seconds=3600,
)
AT_ONCE = Rollout(strategy=RolloutStrategy.ALL_AT_ONCE, termination_wait_seconds=60)
SERVERLESS = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}


def size(count: int = 4, kind: str = "ml.m5.large") -> dict[str, Any]:
    return {"InstanceType": kind, "InitialInstanceCount": count}


def config(sandbox: Sandbox, name: str, **variants: dict[str, Any]) -> None:
    listed = [{"VariantName": key, "ModelName": "Scorer", **value} for key, value in variants.items()]
    make(sandbox, "CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=listed)


def serve(sandbox: Sandbox, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None) -> None:
    """An endpoint `live` of `old`, in service, and `new`."""
    old = {"v": size()} if old is None else old
    config(sandbox, "old", **old)
    config(sandbox, "new", **(old if new is None else new))
    make(sandbox, "CreateEndpoint", EndpointName="live", EndpointConfigName="old")
    sandbox.advance(300)
    put_alarm(ACCOUNT, REGION, "errors", "OK", EndpointName="live")
    sandbox.calls.clear()


def move(rollout: Rollout | None, **more: Any) -> RuntimeChange:
    return RuntimeChange(snapshot_name="new", rollout=rollout, **more)


def described(sandbox: Sandbox) -> Any:
    return sandbox.call("DescribeEndpoint", ACCOUNT, REGION, EndpointName="live")


def faults_of(error: WriteRejectedError) -> Iterator[str]:
    return (".".join(fault.field) for fault in error.faults)


@pytest.mark.parametrize(
    ("rollout", "sent"),
    [
        (
            CANARY,
            {
                "BlueGreenUpdatePolicy": {
                    "TrafficRoutingConfiguration": {
                        "Type": "CANARY",
                        "WaitIntervalInSeconds": 120,
                        "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 10},
                    }
                },
                "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]},
            },
        ),
        (
            LINEAR,
            {
                "BlueGreenUpdatePolicy": {
                    "TrafficRoutingConfiguration": {
                        "Type": "LINEAR",
                        "WaitIntervalInSeconds": 300,
                        "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 25},
                    }
                }
            },
        ),
        (
            ROLLING,
            {
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1},
                    "WaitIntervalInSeconds": 300,
                    "MaximumExecutionTimeoutInSeconds": 3600,
                    "RollbackMaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 100},
                }
            },
        ),
        (
            AT_ONCE,
            {
                "BlueGreenUpdatePolicy": {
                    "TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 300},
                    "TerminationWaitInSeconds": 60,
                }
            },
        ),
    ],
    ids=lambda item: item.strategy.value if isinstance(item, Rollout) else "",
)
async def test_a_plan_is_sent_and_told_again(
    place: Sandbox, writer: Writer, inventory: Inventory, rollout: Rollout, sent: Any
) -> None:
    """With one call more only where alarms are to be looked for."""
    serve(place)
    runtime = await writer.update_runtime("live", move(rollout), ADA)
    calls = {"DescribeEndpoint": 2, "DescribeEndpointConfig": 2, "UpdateEndpoint": 1}
    assert place.calls.by_operation() == calls | ({"DescribeAlarms": 1} if rollout.alarms else {})
    assert (runtime.status, described(place)["LastDeploymentConfig"]) == (RuntimeStatus.UPDATING, sent)
    known = (await reader_of(inventory).describe(Kind.RUNTIME, ["live"]))["live"]
    assert isinstance(known, Runtime)
    assert known.detail is not None
    assert known.detail.last_rollout == rollout


@pytest.mark.parametrize(
    ("rollout", "field"),
    [
        (replace(CANARY, step=None), "step"),
        (replace(CANARY, step=Capacity(percent=51)), "step.percent"),
        (replace(CANARY, step=Capacity(percent=0)), "step.percent"),
        (replace(CANARY, step=Capacity(instances=0)), "step.instances"),
        (replace(LINEAR, step=Capacity(percent=9)), "step.percent"),
        (replace(LINEAR, step=Capacity(percent=51)), "step.percent"),
        (replace(ROLLING, step=Capacity(percent=4), maximum_seconds=None), "step.percent"),
        (replace(ROLLING, rollback_step=Capacity(percent=101)), "rollbackStep.percent"),
        (replace(ROLLING, termination_wait_seconds=0), "terminationWaitSeconds"),
        (replace(CANARY, rollback_step=Capacity(percent=50)), "rollbackStep"),
        (replace(AT_ONCE, step=Capacity(percent=50)), "step"),
        (replace(CANARY, wait_seconds=3601), "waitSeconds"),
        (replace(CANARY, wait_seconds=-1), "waitSeconds"),
        (replace(AT_ONCE, termination_wait_seconds=3601), "terminationWaitSeconds"),
        (replace(CANARY, maximum_seconds=599), "maximumSeconds"),
        (replace(CANARY, maximum_seconds=28_801), "maximumSeconds"),
        # Three waits of 300 seconds between four steps.
        (replace(LINEAR, maximum_seconds=900), "maximumSeconds"),
        (replace(AT_ONCE, wait_seconds=600, maximum_seconds=660), "maximumSeconds"),
        (replace(CANARY, alarms=("errors", "errors")), "alarms.1"),
        (replace(CANARY, alarms=("errors", " ")), "alarms.1"),
        (replace(CANARY, alarms=tuple(map(str, range(11)))), "alarms"),
    ],
)
async def test_a_plan_that_breaks_a_rule_is_refused_before_any_call(
    place: Sandbox, writer: Writer, rollout: Rollout, field: str
) -> None:
    serve(place)
    for attempt in (writer.check_rollout(rollout), writer.update_runtime("live", move(rollout), ADA)):
        with pytest.raises(InvalidInputError) as caught:
            await attempt
        assert [f"rollout.{field}"] == list(dict.fromkeys(faults_of(caught.value)))
    assert place.calls.count() == 0


async def test_every_fault_is_told_at_once(place: Sandbox, writer: Writer) -> None:
    wrong = Rollout(strategy=RolloutStrategy.ROLLING, termination_wait_seconds=1, maximum_seconds=60)
    with pytest.raises(InvalidInputError) as caught:
        await writer.update_runtime("", move(wrong), ADA)
    fields = {"rollout.step", "rollout.terminationWaitSeconds", "rollout.maximumSeconds", "name"}
    assert set(faults_of(caught.value)) == fields
    assert place.calls.count() == 0


@pytest.mark.parametrize(
    ("old", "new", "rollout", "field"),
    [
        ({"v": size()}, {"w": size()}, AT_ONCE, "snapshotName"),
        ({"v": size(), "w": size()}, None, ROLLING, "rollout.strategy"),
        ({"v": SERVERLESS}, None, replace(ROLLING, step=Capacity(percent=50)), "rollout.strategy"),
        ({"v": SERVERLESS}, None, replace(CANARY, step=Capacity(instances=1)), "rollout.step.instances"),
        ({"v": size(4, "ml.inf1.xlarge")}, None, CANARY, "rollout"),
        ({"v": size(1)}, None, replace(CANARY, step=Capacity(instances=1)), "rollout.step.instances"),
        ({"v": size(4), "w": size(3)}, None, replace(CANARY, step=Capacity(instances=2)), "rollout.step.instances"),
        ({"v": size(11)}, None, replace(LINEAR, step=Capacity(instances=1)), "rollout.step.instances"),
        ({"v": size(21)}, None, ROLLING, "rollout.step.instances"),
    ],
    ids=["names", "variants", "serverless", "counted", "inf1", "one instance", "each variant", "linear", "rolling"],
)
async def test_an_endpoint_that_takes_no_such_plan_is_left(
    place: Sandbox, writer: Writer, old: Any, new: Any, rollout: Rollout, field: str
) -> None:
    serve(place, old, new)
    with pytest.raises(InvalidInputError) as caught:
        await writer.update_runtime("live", move(rollout), ADA)
    assert set(faults_of(caught.value)) == {field}
    assert place.calls.count("UpdateEndpoint") == 0
    assert described(place)["EndpointStatus"] == "InService"


@pytest.mark.parametrize(("retain", "refused"), [(True, False), (False, True)])
async def test_a_step_is_measured_by_the_instances_that_there_will_be(
    place: Sandbox, writer: Writer, *, retain: bool, refused: bool
) -> None:
    """Those of the endpoint where they are kept, else those of the snapshot."""
    serve(place, {"v": size(1)})
    wanted = [{"VariantName": "v", "DesiredInstanceCount": 4}]
    make(place, "UpdateEndpointWeightsAndCapacities", EndpointName="live", DesiredWeightsAndCapacities=wanted)
    place.advance(300)
    change = move(replace(CANARY, step=Capacity(instances=2)), retain=retain)
    if refused:
        with pytest.raises(InvalidInputError):
            await writer.update_runtime("live", change, ADA)
    else:
        await writer.update_runtime("live", change, ADA)
    assert place.calls.count("UpdateEndpoint") == int(not refused)


async def test_an_alarm_that_is_not_there_is_refused(place: Sandbox, writer: Writer) -> None:
    """Nothing would roll the update back."""
    serve(place)
    change = move(replace(CANARY, alarms=("errors", "none")))
    with pytest.raises(MissingTargetError) as caught:
        await writer.update_runtime("live", change, ADA)
    assert list(faults_of(caught.value)) == ["rollout.alarms.1"]
    assert place.calls.count("UpdateEndpoint") == 0


async def test_a_role_that_may_not_read_alarms_leaves_them_to_sagemaker(place: Sandbox, writer: Writer) -> None:
    serve(place)
    place.faults.refuse("DescribeAlarms")
    await writer.update_runtime("live", move(CANARY), ADA)
    assert place.calls.count("UpdateEndpoint") == 1


async def test_a_repeated_call_moves_nothing_again(place: Sandbox, writer: Writer) -> None:
    """Whatever its plan: it is on its way already."""
    serve(place)
    await writer.update_runtime("live", move(CANARY), ADA)
    await writer.update_runtime("live", move(LINEAR), ADA)
    assert place.calls.count("UpdateEndpoint") == 1
