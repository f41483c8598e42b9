"""Decisions about deployments over HTTP: who may take them, for which snapshot they count, and once only."""

import asyncio
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
    fetch_deployment,
    mutate,
    mutate_without_errors,
    register_model,
    step_states,
    use_fast_pace,
    wait_for_launch,
    wait_for_rehearsal,
    wait_for_state,
)
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import building

WRITES = ("CreateEndpoint", "UpdateEndpoint", "DeleteEndpoint")


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


async def waiting(gateway: GatewayClient, snapshot: str = "churn-1", **more: Any) -> str:
    """The id of a deployment that awaits approval; its model is imported with what is required."""
    await register_model(gateway, "churn", "DOCUMENTATION")
    deployment = await deploy(gateway, snapshot, **more)
    await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
    return deployment


@pytest.mark.parametrize("user", ["ann", "ANN"])
async def test_who_started_it_does_not_decide(sandbox: Sandbox, open_working: OpenGateway, user: str) -> None:
    """Nor under another spelling of their name, nor acting for another of their groups."""
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        deployment = await waiting(gateway)
        for name in ("approveDeployment", "rejectDeployment"):
            answer = await mutate(gateway, name, {"id": deployment}, user=user, groups=("risk", "mlops"))
            assert answer.codes == ["FORBIDDEN"]
            assert "Somebody else must decide" in answer.error["message"]
        result = await fetch_deployment(gateway, deployment)
        assert (result["state"], result["decision"]) == ("AWAITING_APPROVAL", None)
    assert call_counts(sandbox, *WRITES) == [0, 0, 0]


async def test_where_the_settings_let_them_they_do(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(
        permissions=DEPLOYMENT_PERMISSIONS, deployments={**DEPLOYMENT_SETTINGS, "selfApproval": True}
    ) as gateway:
        deployment = await waiting(gateway)
        approved = await mutate_without_errors(gateway, "approveDeployment", {"id": deployment})
        assert approved["decision"] == {"outcome": "APPROVED", "by": "ann", "comment": None}


async def test_a_rejection(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        deployment = await waiting(gateway)
        value = {"id": deployment, "comment": "Not before March"}
        rejected = await mutate_without_errors(gateway, "rejectDeployment", value, user="ida", groups=("mlops",))
        assert (rejected["state"], rejected["reason"]) == ("REJECTED", "ida decided against it: Not before March")
        assert rejected["decision"] == {"outcome": "REJECTED", "by": "ida", "comment": "Not before March"}
        assert [ticket["status"] for ticket in rejected["tickets"]] in ([], ["Rejected"])
        assert step_states(rejected)[2:] == [("APPROVE", "FAILED"), ("LAUNCH", "SKIPPED"), ("NOTIFY", "SKIPPED")]
        again = await mutate(gateway, "approveDeployment", {"id": deployment}, user="eve")
        (error,) = again.data["approveDeployment"]["userErrors"]
        assert (error["code"], error["message"]) == (
            "CONFLICT",
            "The deployment is REJECTED; only one that is AWAITING_APPROVAL can be decided about.",
        )
    assert call_counts(sandbox, *WRITES) == [0, 0, 0]


async def test_of_many_who_decide_at_once_one_does(
    sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    create_model(sandbox)
    async with open_working(
        permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS, database={"url": database_url}
    ) as gateway:
        deployment = await waiting(gateway)
        names = ["approveDeployment", "rejectDeployment"] * 5
        answers = await asyncio.gather(
            *(mutate(gateway, name, {"id": deployment}, user=f"user-{number}") for number, name in enumerate(names))
        )
        payloads = [answer.data[name] for answer, name in zip(answers, names, strict=True)]
        taken = [payload["deployment"]["decision"]["by"] for payload in payloads if not payload["userErrors"]]
        assert len(taken) == 1
        assert {payload["deployment"]["decision"]["by"] for payload in payloads} == set(taken)


async def test_an_approval_is_for_this_snapshot(sandbox: Sandbox, open_working: OpenGateway) -> None:
    """Deleted and made again under its name, with the same content, it is another one."""
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        deployment = await waiting(gateway)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1",
                     ProductionVariants=[{"VariantName": "v1", "ModelName": "churn", "InstanceType": "ml.m5.large",
                                          "InitialInstanceCount": 1}])  # fmt: skip
        answer = await mutate(gateway, "approveDeployment", {"id": deployment}, user="eve")
        payload = answer.data["approveDeployment"]
        assert [error["code"] for error in payload["userErrors"]] == ["CONFLICT"]
        assert (payload["deployment"]["state"], payload["deployment"]["decision"]) == ("FAILED", None)
        assert "made anew under its name, after approval was requested" in payload["deployment"]["reason"]
        # Another attempt asks for approval of what is there now.
        await mutate_without_errors(gateway, "retryDeployment", {"id": deployment})
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
        await approve(gateway, deployment)
        await wait_for_launch(gateway, deployment)
    assert call_counts(sandbox, *WRITES) == [1, 0, 0]


async def test_an_endpoint_that_runs_something_else_by_now_is_left(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    with building(sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.snapshot("churn-2", "churn")
        made.runtime("live", "churn-0")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        deployment = await waiting(gateway, runtimeName="live")
        sandbox.call("UpdateEndpoint", RISK.account, RISK.region, EndpointName="live", EndpointConfigName="churn-2")
        sandbox.advance(600)
        sandbox.calls.clear()
        await approve(gateway, deployment)
        failed = await wait_for_state(gateway, deployment, "FAILED")
        assert failed["reason"] == (
            "The endpoint `live` runs `churn-2` now and ran `churn-0` when approval was requested, so it was left "
            "unchanged; retryDeployment asks for approval again."
        )
    assert call_counts(sandbox, *WRITES) == [0, 0, 0]


async def test_an_endpoint_that_has_come_up_since_is_left(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        deployment = await waiting(gateway, runtimeName="live")
        sandbox.call("CreateEndpoint", RISK.account, RISK.region, EndpointName="live", EndpointConfigName="churn-1")
        sandbox.calls.clear()
        await approve(gateway, deployment)
        failed = await wait_for_state(gateway, deployment, "FAILED")
        assert failed["reason"].startswith("An endpoint `live` was created after approval was requested")
        sandbox.advance(600)
    assert call_counts(sandbox, *WRITES) == [0, 0, 0]
    result = sandbox.call("DescribeEndpoint", RISK.account, RISK.region, EndpointName="live")
    assert result["EndpointStatus"] == "InService"


async def test_ten_who_start_it_at_once_start_one(
    sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    create_model(sandbox)
    async with open_working(
        permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS, database={"url": database_url}
    ) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        value = {"snapshotName": "churn-1"}
        answers = await asyncio.gather(*(mutate(gateway, "deploySnapshot", value) for _ in range(10)))
        payloads = [answer.data["deploySnapshot"] for answer in answers]
        assert len({payload["deployment"]["id"] for payload in payloads}) == 1
        errors = [error for payload in payloads for error in payload["userErrors"]]
        assert [(error["code"], error["field"]) for error in errors] == [("CONFLICT", ["snapshotName"])] * 9
        total = await gateway.ask("{ deployments { totalCount } }")
        assert total.data == {"deployments": {"totalCount": 1}}


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        ({"snapshotName": "no-such"}, "NOT_FOUND", ["snapshotName"]),
        ({"snapshotName": "not/a/name"}, "INVALID", ["snapshotName"]),
        ({"snapshotName": "churn-1", "runtimeName": "-live"}, "INVALID", ["runtimeName"]),
        ({"snapshotName": "churn-1", "runtimeName": "live", "launch": False}, "INVALID", ["runtimeName"]),
    ],
)
async def test_what_cannot_be_deployed(
    sandbox: Sandbox, open_working: OpenGateway, value: dict[str, Any], code: str, field: list[str]
) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        payload = (await mutate(gateway, "deploySnapshot", value)).data["deploySnapshot"]
        assert payload["deployment"] is None
        assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [(code, field)]
        assert (await gateway.ask("{ deployments { totalCount } }")).data == {"deployments": {"totalCount": 0}}


async def cancelled(gateway: GatewayClient, deployment: str) -> Any:
    result = await mutate_without_errors(
        gateway, "cancelDeployment", {"id": deployment, "comment": "Enough"}, user="eve"
    )
    assert (result["state"], result["reason"]) == ("CANCELLED", "eve cancelled it: Enough")
    assert result["endedAt"] is not None
    return result


async def test_a_rehearsal_is_cancelled_and_its_job_stopped(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway)
        await wait_for_rehearsal(gateway, deployment)
        assert step_states(await cancelled(gateway, deployment))[1] == ("REHEARSE", "SKIPPED")
        while call_counts(sandbox, "StopTransformJob") == [0]:
            await fetch_deployment(gateway, deployment)
        answer = await mutate(gateway, "cancelDeployment", {"id": deployment})
        (error,) = answer.data["cancelDeployment"]["userErrors"]
        assert error["message"] == "The deployment is CANCELLED; it cannot be cancelled now."
    assert call_counts(sandbox, "CreateTransformJob", "StopTransformJob", "CreateEndpoint") == [1, 1, 0]


async def test_a_wait_for_approval_is_cancelled(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        deployment = await waiting(gateway)
        await cancelled(gateway, deployment)
        answer = await mutate(gateway, "retryDeployment", {"id": deployment})
        (error,) = answer.data["retryDeployment"]["userErrors"]
        assert error["message"] == "The deployment is CANCELLED; only one that is BLOCKED or FAILED can be retried."
        assert await deploy(gateway) != deployment
    assert call_counts(sandbox, *WRITES) == [0, 0, 0]


async def test_a_launch_is_cancelled_and_its_endpoint_deleted_once_that_may_be(
    sandbox: Sandbox, open_working: OpenGateway
) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        deployment = await waiting(gateway)
        await approve(gateway, deployment)
        runtime = (await wait_for_launch(gateway, deployment))["runtimeName"]
        await cancelled(gateway, deployment)
        for _ in range(5):
            await fetch_deployment(gateway, deployment)
        assert call_counts(sandbox, *WRITES) == [1, 0, 0]
        sandbox.advance(240)
        while call_counts(sandbox, "DeleteEndpoint") == [0]:
            await fetch_deployment(gateway, deployment)
        sandbox.advance(600)
        query = "query($name: String!) { runtime(name: $name) { name } }"
        response = await gateway.ask(query, {"name": runtime}, headers={"Cache-Control": "no-cache"})
        assert response.data == {"runtime": None}
    assert call_counts(sandbox, *WRITES) == [1, 0, 1]


async def test_a_failed_one_does_not_begin_again_beside_another(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        deployment = await waiting(gateway, runtimeName="live")
        sandbox.call("CreateEndpoint", RISK.account, RISK.region, EndpointName="live", EndpointConfigName="churn-1")
        await approve(gateway, deployment)
        await wait_for_state(gateway, deployment, "FAILED")
        other = await deploy(gateway)
        answer = await mutate(gateway, "retryDeployment", {"id": deployment})
        (error,) = answer.data["retryDeployment"]["userErrors"]
        assert (error["code"], error["message"]) == (
            "CONFLICT",
            "Another deployment of `churn-1` is under way; cancel it, or wait for its end.",
        )
        assert (await fetch_deployment(gateway, deployment))["state"] == "FAILED"
        await wait_for_state(gateway, other, "AWAITING_APPROVAL")
