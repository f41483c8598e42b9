"""resolvers.deployments.actions: a lifecycle is started as it is wished, or refused before anything begins."""

from dataclasses import replace
from typing import Any

import pytest

from auth.permissions import Permission
from aws.client.errors import AccessDeniedError
from aws.kinds.rollouts import Capacity, Rollout, RolloutStrategy
from aws.write.errors import WriteConflictError, WriteRejectedError
from registry import deployments
from registry.enums import DeploymentState, DeploymentTrigger
from registry.ids import key_of
from resolvers.deployments.actions import (
    DeploymentResult,
    DeploySnapshot,
    deploy_snapshot,
)
from resolvers.errors import UserFaultError
from sandbox.alarms import put_alarm
from tests.deployments import create_model
from tests.gateway_client import RISK
from tests.resolvers.harness import MutationHarness, error_triples
from tests.sagemaker_builder import building
from workflows.deployments.rollout_plans import rollout_document

DEPLOY = Permission.DEPLOY
VERIFYING = DeploymentState.VERIFYING
CHURN = DeploySnapshot(snapshot_name="churn-1")


@pytest.fixture
def counter(harness: MutationHarness) -> MutationHarness:
    """A harness, with a snapshot in AWS to be deployed."""
    create_model(harness.sandbox)
    harness.take_aws_calls()
    return harness


async def deployed(harness: MutationHarness, snapshot: DeploySnapshot, *groups: str) -> DeploymentResult:
    """What comes of a wish of ann's."""
    async with harness.mutation(DEPLOY, "ann", *groups) as context:
        return await deploy_snapshot(context, snapshot)


@pytest.mark.parametrize("options", [{}, {"rehearse": False}, {"launch": False}, {"runtime_name": "live"}])
async def test_a_lifecycle_is_started_as_it_is_wished(counter: MutationHarness, options: dict[str, Any]) -> None:
    async with counter.mutation(DEPLOY) as context:
        payload = await deploy_snapshot(context, replace(CHURN, **options))
    assert payload.deployment is not None
    key = str(key_of(payload.deployment.id, "Deployment"))
    async with counter.database.reading() as connection:
        (deployment,) = (await deployments.by_keys(connection, [key])).values()
    assert (deployment.rehearse, deployment.launch, deployment.runtime_wish) == (
        options.get("rehearse", True),
        options.get("launch", True),
        options.get("runtime_name"),
    )
    assert (deployment.state, deployment.trigger) == (VERIFYING, DeploymentTrigger.REQUEST)
    assert (deployment.group, deployment.started_by) == ("risk", "ann")
    assert (context.target, context.group, context.role_arn) == ("Snapshot churn-1", "risk", RISK.role_arn)
    assert (payload.user_errors, counter.started_work.started) == ((), [(f"deploy/{key}/1/verify", (key, 1))])
    looked = {"DescribeEndpoint": 1} if "runtime_name" in options else {}
    assert counter.take_aws_calls() == {"DescribeEndpointConfig": 1, **looked}


async def test_a_runtime_that_cannot_be_updated_is_refused_at_once(counter: MutationHarness) -> None:
    """Its present configuration is gone, so SageMaker would refuse the launch after the approval."""
    with building(counter.sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    counter.sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-0")
    with pytest.raises(WriteConflictError) as caught:
        await deployed(counter, replace(CHURN, runtime_name="live"))
    assert [fault.field for fault in caught.value.faults] == [("runtimeName",)]
    assert counter.started_work.started == []


CANARY = Rollout(strategy=RolloutStrategy.CANARY, step=Capacity(percent=10), alarms=("errors",))
LIVE = replace(CHURN, runtime_name="live", rollout=CANARY)


@pytest.fixture
def serving(counter: MutationHarness) -> MutationHarness:
    """With an endpoint `live` to roll out over, and an alarm."""
    with building(counter.sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    put_alarm(RISK.account, RISK.region, "errors", "OK", EndpointName="live")
    counter.take_aws_calls()
    return counter


async def test_a_rollout_is_looked_at_and_kept(serving: MutationHarness) -> None:
    payload = await deployed(serving, LIVE)
    assert payload.deployment is not None
    assert payload.deployment.rollout == rollout_document(CANARY)
    key = str(key_of(payload.deployment.id, "Deployment"))
    assert serving.started_work.started == [(f"deploy/{key}/1/verify-rollout", (key, 1))]
    looks = {"DescribeEndpointConfig": 2, "DescribeEndpoint": 1, "DescribeAlarms": 1}
    assert serving.take_aws_calls() == looks


@pytest.mark.parametrize(
    ("wish", "code", "field", "looks"),
    [
        (replace(LIVE, runtime_name=None), "INVALID", "rollout", {}),
        (replace(LIVE, rollout=replace(CANARY, step=None)), "INVALID", "rollout.step", {}),
        (replace(LIVE, rollout=replace(CANARY, wait_seconds=4000)), "INVALID", "rollout.waitSeconds", {}),
        (
            replace(LIVE, runtime_name="new"),
            "NOT_FOUND",
            "runtimeName",
            {"DescribeEndpointConfig": 1, "DescribeEndpoint": 1},
        ),
        (
            replace(LIVE, rollout=replace(CANARY, step=Capacity(instances=1))),
            "INVALID",
            "rollout.step.instances",
            {"DescribeEndpointConfig": 2, "DescribeEndpoint": 1},
        ),
        (
            replace(LIVE, rollout=replace(CANARY, alarms=("none",))),
            "NOT_FOUND",
            "rollout.alarms.0",
            {"DescribeEndpointConfig": 2, "DescribeEndpoint": 1, "DescribeAlarms": 1},
        ),
    ],
)
async def test_a_rollout_that_cannot_be_is_refused_at_once(
    serving: MutationHarness, wish: DeploySnapshot, code: str, field: str, looks: dict[str, int]
) -> None:
    with pytest.raises((UserFaultError, WriteRejectedError)) as caught:
        await deployed(serving, wish)
    errors = caught.value.errors if isinstance(caught.value, UserFaultError) else None
    if errors is None:
        assert isinstance(caught.value, WriteRejectedError)
        assert (caught.value.code, caught.value.faults[0].field) == (code, tuple(field.split(".")))
    else:
        assert [(error.code.value, error.field) for error in errors] == [(code, (field,))]
    assert serving.take_aws_calls() == looks
    assert (await serving.rows("deployments"), serving.started_work.started) == ([0], [])


NO_SNAPSHOT = ("INVALID", ("snapshotName",))
NO_RUNTIME = NO_LAUNCH = ("INVALID", ("runtimeName",))


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        ({"snapshot_name": "-churn"}, [NO_SNAPSHOT]),
        ({"snapshot_name": "c" * 64}, [NO_SNAPSHOT]),
        ({"runtime_name": "a/b"}, [NO_RUNTIME]),
        ({"runtime_name": "live", "launch": False}, [NO_LAUNCH]),
        ({"snapshot_name": "-c", "runtime_name": "a/b", "launch": False}, [NO_SNAPSHOT, NO_RUNTIME, NO_LAUNCH]),
    ],
)
async def test_a_faulty_request_reaches_nothing(
    counter: MutationHarness, options: dict[str, Any], faults: list[Any]
) -> None:
    """All that is wrong with it is told at once."""
    async with counter.mutation(DEPLOY) as context:
        with pytest.raises(UserFaultError) as caught:
            await deploy_snapshot(context, replace(CHURN, **options))
    assert [(error.code.value, error.field) for error in caught.value.errors] == faults
    assert context.target == f"Snapshot {replace(CHURN, **options).snapshot_name[:63]}"
    assert (counter.take_aws_calls(), context.role_arn, await counter.rows("deployments")) == ({}, None, [0])


async def test_what_sagemaker_does_not_have_or_show_is_not_deployed(counter: MutationHarness) -> None:
    with pytest.raises(UserFaultError) as caught:
        await deployed(counter, DeploySnapshot(snapshot_name="gone"))
    words = f"SageMaker has no endpoint configuration `gone` in account {RISK.account}, {RISK.region}."
    assert error_triples(caught.value.errors) == [("NOT_FOUND", ("snapshotName",), words)]
    counter.sandbox.faults.refuse("DescribeEndpointConfig")
    with pytest.raises(AccessDeniedError):
        await deployed(counter, CHURN)
    assert (await counter.rows("deployments"), counter.started_work.started) == ([0], [])


async def test_beside_one_that_goes_on_none_is_started(counter: MutationHarness) -> None:
    """It is shown to whoever may see it, and to others only that there is one."""
    first = (await deployed(counter, CHURN)).deployment
    assert first is not None
    counter.started_work.started.clear()
    for groups, visible in ((("risk",), True), (("other",), False), (("other", "reader"), True)):
        payload = await deployed(counter, CHURN, *groups)
        assert error_triples(payload.user_errors) == [
            (
                "CONFLICT",
                ("snapshotName",),
                "A deployment of `churn-1` is under way; a snapshot has one at a time. Cancel it, or wait for its end.",
            )
        ]
        assert payload.deployment == (first if visible else None)
    assert (await counter.rows("deployments"), counter.started_work.started) == ([1], [])
