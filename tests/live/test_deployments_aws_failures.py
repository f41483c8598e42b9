"""Deployments whose AWS throttles, loses answers or is away: one job, one endpoint, and nothing is lost."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    approve,
    call_counts,
    create_model,
    deploy,
    mutate_without_errors,
    register_model,
    use_fast_pace,
    wait_for_reason,
    wait_for_rehearsal,
    wait_for_state,
)
from tests.gateway_client import RISK, GatewayClient, OpenGateway

pytestmark = pytest.mark.usefixtures("prompt_retries")

WRITES = ("CreateTransformJob", "CreateEndpoint", "UpdateEndpoint")


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


def there(sandbox: Sandbox, operation: str, answer: str) -> list[Any]:
    result: list[Any] = sandbox.call(operation, RISK.account, RISK.region)[answer]
    return result


@pytest.mark.parametrize("trouble", ["lose", "drop", "throttle"])
async def test_each_write_in_trouble(sandbox: Sandbox, open_working: OpenGateway, trouble: str) -> None:
    """An answer that is lost was given all the same: what it tells of is found, and not made again."""
    create_model(sandbox)
    for write in WRITES:
        getattr(sandbox.faults, trouble)(write, times=1)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, "churn-1")
        await wait_for_rehearsal(gateway, deployment)
        sandbox.clock.run(1000)
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
        await approve(gateway, deployment)
        deployed = await wait_for_state(gateway, deployment, "DEPLOYED")
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-2",
                     ProductionVariants=[{"VariantName": "v1", "ModelName": "churn", "InstanceType": "ml.m5.large",
                                          "InitialInstanceCount": 1}])  # fmt: skip
        name = deployed["runtimeName"]
        second = await deploy(gateway, "churn-2", runtimeName=name, rehearse=False)
        await wait_for_state(gateway, second, "AWAITING_APPROVAL")
        await approve(gateway, second)
        moved = await wait_for_state(gateway, second, "DEPLOYED")
        assert moved["runtime"] == {"name": name, "status": "IN_SERVICE", "snapshotName": "churn-2"}
    assert len(there(sandbox, "ListTransformJobs", "TransformJobSummaries")) == 1
    assert len(there(sandbox, "ListEndpoints", "Endpoints")) == 1


async def away(gateway: GatewayClient, deployment: str, sandbox: Sandbox, state: str, operation: str) -> None:
    """AWS is away until the deployment says that it waits for that, where it stands, and comes back."""
    waiting = await wait_for_reason(
        gateway, deployment, "It cannot go on now; it is tried again, at least once a minute. "
    )
    assert waiting["state"] == state
    assert operation in waiting["reason"]
    sandbox.faults.clear()


async def test_aws_that_is_away_in_each_phase_is_waited_for(sandbox: Sandbox, open_working: OpenGateway) -> None:
    """What is approved stays approved, and nothing is made twice."""
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        sandbox.faults.fail("DescribeModel")
        deployment = await deploy(gateway, "churn-1")
        await away(gateway, deployment, sandbox, "VERIFYING", "DescribeModel")
        await wait_for_rehearsal(gateway, deployment)
        sandbox.faults.fail("ListObjectsV2")
        sandbox.clock.run(1000)
        await away(gateway, deployment, sandbox, "REHEARSING", "ListObjectsV2")
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
        sandbox.faults.fail("CreateEndpoint")
        await approve(gateway, deployment)
        await away(gateway, deployment, sandbox, "LAUNCHING", "CreateEndpoint")
        deployed = await wait_for_state(gateway, deployment, "DEPLOYED")
    assert deployed["reason"] is None
    assert [(ticket["kind"], ticket["status"]) for ticket in deployed["tickets"]] == [("APPROVAL", "Approved")]
    assert call_counts(sandbox, "DeleteEndpoint") == [0]
    assert len(there(sandbox, "ListTransformJobs", "TransformJobSummaries")) == 1
    assert len(there(sandbox, "ListEndpoints", "Endpoints")) == 1


async def test_one_that_waits_for_aws_can_be_cancelled(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway, "churn-1")
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
        sandbox.faults.fail("CreateEndpoint")
        await approve(gateway, deployment)
        await wait_for_reason(gateway, deployment, "It cannot go on now")
        cancelled = await mutate_without_errors(gateway, "cancelDeployment", {"id": deployment})
        assert cancelled["state"] == "CANCELLED"
        sandbox.faults.clear()
    assert there(sandbox, "ListEndpoints", "Endpoints") == []
