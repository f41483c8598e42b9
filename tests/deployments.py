"""The deployment lifecycle over HTTP: settings, a model with its assets, mutations, and waits for states."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import pytest

from registry import audit
from registry.audit import AuditCriteria
from registry.database import Database
from registry.records import AuditEvent
from sandbox.server import Sandbox
from tests.gateway_client import RISK, GatewayClient, GraphQLResponse
from tests.imports import import_model
from tests.sagemaker_builder import building
from workflows.deployments.deps import DeploymentIntervals

DEPLOYMENT_PERMISSIONS: Final = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["READ", "IMPORT", "DEPLOY", "APPROVE"]},
    {"group": "mlops", "allow": ["READ", "APPROVE", "DEPLOY", "AUDIT"], "over": ["risk"]},
]
DEPLOYMENT_SETTINGS: Final = {
    "requiredAssets": ["DOCUMENTATION"],
    "rehearsal": {"outputS3Uri": f"s3://{RISK.bucket}/rehearsals/"},
}
FAST_PACE: Final = partial(DeploymentIntervals, poll=0.05, sweep=0.3)
"""The pace of tests: nothing is waited for that has happened already."""
TIMEOUT_SECONDS: Final = 60.0

DEPLOYMENT_FIELDS: Final = """{
  id state trigger group accountId region snapshotName runtimeName reason startedBy endedAt
  registrations { modelName } snapshot { name } runtime { name status snapshotName }
  steps { name state detail job { name status } }
  tickets { key url status kind } decision { outcome by comment }
  testResult { passed outputS3Uri job { name } checks { name passed expected actual } }
}"""
_PAYLOAD_FIELDS: Final = f"{{ deployment {DEPLOYMENT_FIELDS} userErrors {{ code field message }} }}"


def use_fast_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets deployments be looked after at the pace of tests."""
    monkeypatch.setattr("gateway.bootstrap.DeploymentIntervals", FAST_PACE)
    # What may heal is tried again just as often, but sooner.
    monkeypatch.setattr("workflows.durable.context._MAX_PAUSE", 0.1)


def create_model(sandbox: Sandbox, name: str = "churn") -> None:
    """A model with a snapshot, and test data in the group's bucket."""
    with building(sandbox) as made:
        made.model(name)
        made.snapshot(f"{name}-1", name)
        made.sandbox.objects.make_bucket(RISK.bucket, RISK.account, RISK.region)
        made.sandbox.objects.write(f"s3://{RISK.bucket}/tests/rows.csv", b"1,2\n3,4\n")


async def register_model(gateway: GatewayClient, name: str = "churn", *roles: str, **more: Any) -> str:
    """The id of an import of the model, with an asset of each role."""
    payload = await import_model(gateway, name, **more)
    registration: str = payload["registration"]["id"]
    for role in roles:
        await put_asset(gateway, registration, role)
    return registration


async def put_asset(
    gateway: GatewayClient, registration: str, role: str, content: Mapping[str, str] | None = None, **more: Any
) -> None:
    """Puts an asset: a text, unless test data in the bucket is meant."""
    data = {"s3Uri": f"s3://{RISK.bucket}/tests/rows.csv"} if role == "TEST_DATA" else {"text": "{}"}
    value = {"registrationId": registration, "role": role, "name": role.lower(), "content": content or data, **more}
    query = "mutation($input: PutAssetInput!) { putAsset(input: $input) { userErrors { code message } } }"
    answer = await gateway.ask(query, {"input": value})
    errors = answer.data["putAsset"]["userErrors"]
    assert errors == [], errors


async def mutate(gateway: GatewayClient, name: str, input: Mapping[str, Any], **asking: Any) -> GraphQLResponse:
    """The answer to one of the five mutations."""
    shape = f"{name[0].upper()}{name[1:]}Input"
    return await gateway.ask(
        f"mutation($input: {shape}!) {{ {name}(input: $input) {_PAYLOAD_FIELDS} }}", {"input": input}, **asking
    )


async def mutate_without_errors(gateway: GatewayClient, name: str, input: Mapping[str, Any], **asking: Any) -> Any:
    """The deployment, after a mutation that nothing is wrong with."""
    payload = (await mutate(gateway, name, input, **asking)).data[name]
    assert payload["userErrors"] == []
    return payload["deployment"]


async def deploy(gateway: GatewayClient, snapshot: str = "churn-1", **more: Any) -> str:
    """The id of a deployment that was started just now."""
    started: str = (await mutate_without_errors(gateway, "deploySnapshot", {"snapshotName": snapshot, **more}))["id"]
    return started


async def approve(gateway: GatewayClient, deployment: str, **more: Any) -> Any:
    """The deployment, approved by somebody who has not started it."""
    return await mutate_without_errors(gateway, "approveDeployment", {"id": deployment, **more}, user="eve")


async def fetch_deployment(gateway: GatewayClient, deployment: str, **asking: Any) -> Any:
    """The deployment, as it is shown."""
    query = f"query($id: ID!) {{ deployment(id: $id) {DEPLOYMENT_FIELDS} }}"
    return (await gateway.ask(query, {"id": deployment}, **asking)).data["deployment"]


async def wait_until(gateway: GatewayClient, deployment: str, condition: Callable[[Any], Any]) -> Any:
    """The deployment, once this holds of it; what happens in the gateway's own work tells nobody when it does."""
    begun = time.monotonic()
    while True:
        result = await fetch_deployment(gateway, deployment)
        if condition(result):
            return result
        assert time.monotonic() - begun < TIMEOUT_SECONDS, result
        await asyncio.sleep(0.05)


async def wait_for_state(gateway: GatewayClient, deployment: str, *states: str) -> Any:
    """The deployment, once it is in one of these states."""
    return await wait_until(gateway, deployment, lambda result: result["state"] in states)


async def wait_for_reason(gateway: GatewayClient, deployment: str, prefix: str) -> Any:
    """The deployment, once its reason begins with these words."""
    return await wait_until(gateway, deployment, lambda result: (result["reason"] or "").startswith(prefix))


async def wait_for_ticket(gateway: GatewayClient, deployment: str) -> Any:
    """The deployment, once its ticket asks for a decision; one that is approved before has none."""
    return await wait_until(
        gateway, deployment, lambda result: result["state"] == "AWAITING_APPROVAL" and result["tickets"]
    )


async def wait_for_rehearsal(gateway: GatewayClient, deployment: str) -> Any:
    """The deployment, once its transform job runs."""
    return await wait_until(gateway, deployment, lambda result: any(step["job"] for step in result["steps"]))


async def wait_for_launch(gateway: GatewayClient, deployment: str) -> Any:
    """The deployment, once its endpoint is watched."""
    return await wait_until(gateway, deployment, lambda result: result["runtimeName"])


async def list_deployments(gateway: GatewayClient, **filter: Any) -> list[Any]:
    """The deployments, the first started first."""
    query = f"query($filter: DeploymentFilter) {{ deployments(filter: $filter) {{ nodes {DEPLOYMENT_FIELDS} }} }}"
    answer = await gateway.ask(query, {"filter": filter or None})
    return list(reversed(answer.data["deployments"]["nodes"]))


def step_states(deployment: Any) -> list[tuple[str, str]]:
    """The name and the state of each step."""
    return [(step["name"], step["state"]) for step in deployment["steps"]]


def call_counts(sandbox: Sandbox, *operations: str) -> Sequence[int]:
    """How often each of these was called."""
    counts = sandbox.calls.by_operation()
    return [counts.get(operation, 0) for operation in operations]


async def deployment_events(url: str) -> list[AuditEvent]:
    """The audit's events about deployments, the first first."""
    async with Database(url) as database, database.reading() as connection:
        page = await audit.page(connection, AuditCriteria(groups=None), 500)
    return [record for record in reversed(page.records) if record.action.startswith("deployment.")]
