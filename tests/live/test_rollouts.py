"""Rollouts over HTTP: a canary that is approved, taken back by an alarm, told of everywhere, and tried again."""

from functools import partial
from typing import Any

import pytest

from sandbox.alarms import put_alarm, set_alarm
from sandbox.server import Sandbox
from tests.databases import on_both_databases
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    approve,
    call_counts,
    create_model,
    mutate_without_errors,
    register_model,
    use_fast_pace,
    wait_for_launch,
    wait_for_reason,
    wait_for_state,
    wait_for_ticket,
)
from tests.gateway_client import RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import building
from tests.workflows.notifications.receiver import SECRET, receiving
from workflows.notifications.delivery import WebhookTimings

PLAN = """rollout {
  strategy step { percent instances } rollbackStep { percent } waitSeconds terminationWaitSeconds maximumSeconds alarms
}"""
CANARY = {"strategy": "CANARY", "step": {"percent": 10}, "terminationWaitSeconds": 60, "alarms": ["errors"]}
SHOWN = {
    "strategy": "CANARY",
    "step": {"percent": 10, "instances": None},
    "rollbackStep": None,
    "waitSeconds": 300,
    "terminationWaitSeconds": 60,
    "maximumSeconds": None,
    "alarms": ["errors"],
}
TEXT = (
    "`live`, which runs `churn-0` now. Canary: 10 % first, the rest after 300 s. The old instances stay 60 s longer. "
    "These alarms roll it back: `errors`."
)
PLACE = (RISK.account, RISK.region)


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)
    monkeypatch.setattr("gateway.bootstrap.WebhookTimings", partial(WebhookTimings, turn=0.05))


def serve(sandbox: Sandbox) -> None:
    create_model(sandbox)
    with building(sandbox) as made:
        made.snapshot("churn-0", "churn")
        made.runtime("live", "churn-0")
    put_alarm(*PLACE, "errors", "OK", EndpointName="live")


async def shown(gateway: GatewayClient, deployment: str) -> Any:
    """The deployment's plan, and its endpoint's."""
    query = f"query($id: ID!) {{ deployment(id: $id) {{ {PLAN} runtime {{ status snapshotName lastR{PLAN[1:]} }} }} }}"
    return (await gateway.ask(query, {"id": deployment})).data["deployment"]


@on_both_databases
async def test_a_canary_that_an_alarm_takes_back(
    sandbox: Sandbox, open_working: OpenGateway, database_url: str
) -> None:
    serve(sandbox)
    blocks: dict[str, Any] = {
        "permissions": DEPLOYMENT_PERMISSIONS,
        "deployments": DEPLOYMENT_SETTINGS,
        "database": {"url": database_url},
    }
    async with receiving() as receiver:
        hook = {"url": receiver.url, "secret": SECRET, "events": ["deployment.failed"]}
        async with open_working(**blocks, notifications={"webhooks": [hook]}) as gateway:
            await register_model(gateway, "churn", "DOCUMENTATION")
            wish = {"snapshotName": "churn-1", "runtimeName": "live", "rehearse": False, "rollout": CANARY}
            key = (await mutate_without_errors(gateway, "deploySnapshot", wish))["id"]
            waiting = await wait_for_ticket(gateway, key)
            assert next(step["detail"] for step in waiting["steps"] if step["name"] == "APPROVE") == TEXT
            assert (await shown(gateway, key))["rollout"] == SHOWN
            await approve(gateway, key)
            await wait_for_launch(gateway, key)
            set_alarm(*PLACE, "errors", "ALARM")
            sandbox.advance(180 + 300)
            await wait_for_reason(gateway, key, "SageMaker rolls the endpoint `live` back to `churn-0`.")
            sandbox.advance(60)
            failed = await wait_for_state(gateway, key, "FAILED")
            reason = "SageMaker rolled the endpoint `live` back to `churn-0`: the alarm `errors` is in ALARM."
            assert failed["reason"] == reason
            after = await shown(gateway, key)
            assert after["runtime"] == {"status": "IN_SERVICE", "snapshotName": "churn-0", "lastRollout": SHOWN}
            (told,) = await receiver.until(lambda came: len(came) == 1)
            data = told.verified()["data"]
            assert (data["reason"], data["rollout"]) == (reason, SHOWN)
            metrics = (await gateway.http.get("/metrics")).text
            assert 'sagegraph_rollouts_total{outcome="rolled_back",strategy="CANARY"} 1.0' in metrics
            assert call_counts(sandbox, "UpdateEndpoint", "CreateEndpoint") == [1, 0]
            await goes_through(sandbox, gateway, key)


async def goes_through(sandbox: Sandbox, gateway: GatewayClient, key: str) -> None:
    """Once the alarm is over, the deployment begins again, and comes through by the same plan."""
    set_alarm(*PLACE, "errors", "OK")
    await mutate_without_errors(gateway, "retryDeployment", {"id": key})
    await wait_for_ticket(gateway, key)
    await approve(gateway, key)
    await wait_for_launch(gateway, key)
    sandbox.advance(180 + 660)
    await wait_for_state(gateway, key, "DEPLOYED")
    runtime = (await shown(gateway, key))["runtime"]
    assert (runtime["snapshotName"], runtime["lastRollout"]) == ("churn-1", SHOWN)
    assert call_counts(sandbox, "UpdateEndpoint") == [2]


UPDATE = """mutation($input: UpdateRuntimeInput!) { updateRuntime(input: $input) {
  runtime { status pendingSnapshot { name } lastRollout { strategy step { percent instances } } }
  userErrors { code field } } }"""


async def test_a_runtime_is_updated_in_steps(sandbox: Sandbox, open_working: OpenGateway) -> None:
    """What breaks a rule is told by its field, and reaches nothing."""
    serve(sandbox)
    grants = [{"group": "risk", "allow": ["READ", "DEPLOY_WITHOUT_APPROVAL"]}]

    async def update(gateway: GatewayClient, rollout: Any) -> Any:
        input = {"name": "live", "snapshotName": "churn-1", "rollout": rollout}
        return (await gateway.ask(UPDATE, {"input": input})).data["updateRuntime"]

    async with open_working(permissions=grants) as gateway:
        sandbox.calls.clear()
        wrong = {"strategy": "ROLLING", "step": {"percent": 60}, "terminationWaitSeconds": 1, "alarms": ["errors"]}
        refused = await update(gateway, wrong)
        assert refused["runtime"] is None
        assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [
            ("INVALID", ["rollout", "step", "percent"]),
            ("INVALID", ["rollout", "terminationWaitSeconds"]),
        ]
        assert call_counts(sandbox, "UpdateEndpoint", "DescribeEndpoint") == [0, 0]
        linear = {"strategy": "LINEAR", "step": {"percent": 50}}
        assert await update(gateway, linear) == {
            "runtime": {
                "status": "UPDATING",
                "pendingSnapshot": {"name": "churn-1"},
                "lastRollout": {"strategy": "LINEAR", "step": {"percent": 50, "instances": None}},
            },
            "userErrors": [],
        }
    assert call_counts(sandbox, "UpdateEndpoint") == [1]
