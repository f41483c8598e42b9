"""Approval in Jira, end to end: a gateway over HTTP, the sandbox's AWS, and a Jira of either kind over HTTP."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from sandbox.jira.accounts import BEN, GATEWAY, Account
from sandbox.jira.faults import JiraFault
from sandbox.jira.server import JiraServer, running
from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    create_model,
    deploy,
    fetch_deployment,
    mutate,
    mutate_without_errors,
    register_model,
    step_states,
    use_fast_pace,
    wait_for_launch,
    wait_for_state,
    wait_until,
)
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import variant
from tests.workflows.approvals.jira.pending_deployments import comment_texts
from workflows.approvals.backend import UNKNOWN_AUTHOR
from workflows.approvals.jira.markup import plain_text

SECRET = "webhook-secret"
SUBJECT = Account("ann", "Ann Smith", "ann@example.com")
"""Who asks in these tests, as Jira knows them: the gateway knows `ann`."""


@pytest.fixture(params=["cloud", "data-center"])
async def jira(request: pytest.FixtureRequest) -> AsyncIterator[JiraServer]:
    async with running(cloud=request.param == "cloud") as server:
        yield server


CLOUD = pytest.mark.parametrize("jira", ["cloud"], indirect=True)
DATA_CENTER = pytest.mark.parametrize("jira", ["data-center"], indirect=True)


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


def opened(
    open_working: OpenGateway, jira: JiraServer, url: str, **more: Any
) -> AbstractAsyncContextManager[GatewayClient]:
    """A gateway whose deployments are approved in that Jira."""
    block = {
        "url": jira.url,
        "user": GATEWAY.email,
        "token": GATEWAY.token,
        "project": "MLOPS",
        "pollSeconds": 0.1,
        "webhookSecret": SECRET,
        "gatewayUrl": "https://gateway.example.com",
        **more,
    }
    rules = {**DEPLOYMENT_SETTINGS, "approval": "jira"}
    return open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=rules, jira=block, database={"url": url})


async def asked(gateway: GatewayClient, deployment: str) -> Any:
    """The deployment, once its ticket is filed."""
    return await wait_until(gateway, deployment, lambda result: bool(result["tickets"]))


async def test_the_whole_way(
    jira: JiraServer,
    sandbox: Sandbox,
    open_working: OpenGateway,
    database_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    create_model(sandbox)
    async with opened(open_working, jira, database_url) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        ticket = {"key": "MLOPS-1", "url": f"{jira.url}/browse/MLOPS-1", "status": "To Do", "kind": "APPROVAL"}
        waiting = await wait_until(gateway, deployment, lambda result: result["tickets"] == [ticket])
        assert waiting["state"] == "AWAITING_APPROVAL"
        text = plain_text(jira.project.issues["MLOPS-1"].description).replace("*", "")
        for words in ("Model: ", "churn", "Variant ", "1 of ml.m5.large", "Started by: ann,", "There was no rehearsal"):
            assert words in text
        refused = await mutate(gateway, "approveDeployment", {"id": deployment}, user="eve")
        assert [item["code"] for item in refused.data["approveDeployment"]["userErrors"]] == ["DISABLED"]

        jira.project.move("MLOPS-1", "Done", BEN, "Go ahead.")
        launching = await wait_for_launch(gateway, deployment)
        assert launching["decision"] == {"outcome": "APPROVED", "by": "ben@example.com", "comment": "Go ahead."}
        sandbox.advance(600)
        deployed = await wait_for_state(gateway, deployment, "DEPLOYED")
        assert deployed["runtime"]["status"] == "IN_SERVICE"
        assert dict(step_states(deployed))["APPROVE"] == "DONE"
        await wait_until(gateway, deployment, lambda _: len(jira.project.issues["MLOPS-1"].comments) == 2)
    string = comment_texts(jira.project.issues["MLOPS-1"].comments)[-1].replace("*", "")
    assert string == "SageGraph: The deployment is DEPLOYED."
    assert list(jira.project.issues) == ["MLOPS-1"]
    assert GATEWAY.token not in caplog.text
    assert SECRET not in caplog.text


@DATA_CENTER
async def test_a_webhook_has_it_read_at_once(
    jira: JiraServer, sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """The poller looks but once an hour; what the webhook says is made up, and counts for nothing."""
    create_model(sandbox)
    async with opened(open_working, jira, database_url, pollSeconds=3600) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        await asked(gateway, deployment)
        body = b'{"issue": {"key": "MLOPS-1", "fields": {"status": {"name": "Done"}}}, "user": {"name": "ben"}}'
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={signature}"}
        for status in (204, 204):
            answer = await gateway.http.post("/webhooks/jira", content=body, headers=headers)
            assert answer.status_code == status
        await wait_until(gateway, deployment, lambda _: bool(jira.asked("GET search")))
        assert (await fetch_deployment(gateway, deployment))["state"] == "AWAITING_APPROVAL"

        jira.project.move("MLOPS-1", "Rejected", BEN)
        await gateway.http.post("/webhooks/jira", content=body, headers=headers)
        rejected = await wait_for_state(gateway, deployment, "REJECTED")
    assert rejected["decision"]["by"] == "ben@example.com"


@CLOUD
async def test_the_starter_may_not_decide(
    jira: JiraServer, sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    create_model(sandbox)
    async with opened(open_working, jira, database_url) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        await asked(gateway, deployment)
        jira.project.move("MLOPS-1", "Done", SUBJECT)
        waiting = await wait_until(gateway, deployment, lambda result: "must decide" in (result["reason"] or ""))
        assert waiting["state"] == "AWAITING_APPROVAL"
        assert waiting["reason"].endswith("who caused the deployment; somebody else must decide.")
        jira.project.move("MLOPS-1", "To Do", BEN)
        jira.project.move("MLOPS-1", "Done", BEN)
        await wait_for_state(gateway, deployment, "LAUNCHING")


async def test_jira_is_away_and_comes_back(
    jira: JiraServer, sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """The first answer is lost after the ticket was filed; the index is behind; then searches fail for a while."""
    create_model(sandbox)
    jira.project.index_is_behind = True
    jira.trouble.append(JiraFault("POST issue$", late=True))
    async with opened(open_working, jira, database_url) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        waiting = await wait_until(gateway, deployment, lambda result: "not filed yet" in (result["reason"] or ""))
        assert waiting["state"] == "AWAITING_APPROVAL"
        jira.project.catch_up()
        await asked(gateway, deployment)
        jira.trouble += [JiraFault("GET search", 503)] * 20
        await wait_until(gateway, deployment, lambda matches: "cannot be read" in (matches["reason"] or ""))
        jira.trouble.clear()
        await wait_until(gateway, deployment, lambda found: found["reason"] == UNKNOWN_AUTHOR)
        jira.project.move("MLOPS-1", "Done", BEN)
        await wait_for_state(gateway, deployment, "LAUNCHING")
    assert list(jira.project.issues) == ["MLOPS-1"]


async def cancelled(gateway: GatewayClient, jira: JiraServer, deployment: str) -> None:
    """Cancels it, and waits until that is said beneath its ticket, which is not to be decided about any more."""
    await mutate_without_errors(gateway, "cancelDeployment", {"id": deployment}, user="eve")
    jira.hold = None
    jira.held.set()
    jira.project.catch_up()
    await wait_until(gateway, deployment, lambda _: bool(jira.project.issues["MLOPS-1"].comments))
    (ticket,) = (await fetch_deployment(gateway, deployment))["tickets"]
    assert (ticket["key"], ticket["status"]) == ("MLOPS-1", "Closed")
    (text,) = comment_texts(jira.project.issues["MLOPS-1"].comments)
    assert text.replace("*", "") == "SageGraph: The deployment is CANCELLED. eve cancelled it."


@DATA_CENTER
async def test_it_is_cancelled_while_its_ticket_is_filed(
    jira: JiraServer, sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    create_model(sandbox)
    jira.hold = "POST issue$"
    async with opened(open_working, jira, database_url) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        await asyncio.wait_for(jira.arrived.wait(), 20)
        await cancelled(gateway, jira, deployment)


@CLOUD
async def test_it_is_cancelled_while_its_ticket_is_looked_for(
    jira: JiraServer, sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """The ticket was filed, and the answer lost: nobody knows its key before the index shows it."""
    create_model(sandbox)
    jira.project.index_is_behind = True
    jira.trouble.append(JiraFault("POST issue$", late=True))
    async with opened(open_working, jira, database_url) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        await wait_until(gateway, deployment, lambda result: "not filed yet" in (result["reason"] or ""))
        await cancelled(gateway, jira, deployment)
    assert list(jira.project.issues) == ["MLOPS-1"]


@CLOUD
async def test_an_approval_is_for_this_snapshot(
    jira: JiraServer, sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    """It is made again under its name, approved, and neither launched nor forgotten: a ticket tells."""
    create_model(sandbox)
    async with opened(open_working, jira, database_url) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        await asked(gateway, deployment)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        again = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn", "other")]}
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **again)
        jira.project.move("MLOPS-1", "Done", BEN)
        failed = await wait_for_state(gateway, deployment, "FAILED")
        assert "made anew under its name" in failed["reason"]
        assert failed["decision"] is None
        result = await wait_until(gateway, deployment, lambda matches: len(matches["tickets"]) == 2)
    assert [item["kind"] for item in result["tickets"]] == ["APPROVAL", "NOTIFICATION"]
    assert "made anew under its name" in plain_text(jira.project.issues["MLOPS-2"].description)
    assert sandbox.calls.by_operation().get("CreateEndpoint", 0) == 0
