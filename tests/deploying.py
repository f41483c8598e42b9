"""Takes snapshots through the lifecycle over HTTP: settings that allow it, a model with its assets, and questions."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import pytest

from registry import audit
from registry.audit import AuditFilter
from registry.database import Database
from registry.journal import AuditEvent
from sandbox.server import Sandbox
from tests.asking import RISK, Answer, Gateway
from tests.importing import imported
from tests.making import making
from workflows.deployments.rules import Pace

ALLOWED: Final = [
    {"group": "*", "allow": ["READ"]},
    {"group": "risk", "allow": ["READ", "IMPORT", "DEPLOY", "APPROVE"]},
    {"group": "mlops", "allow": ["READ", "APPROVE", "DEPLOY", "AUDIT"], "over": ["risk"]},
]
RULES: Final = {
    "requiredAssets": ["DOCUMENTATION"],
    "rehearsal": {"outputS3Uri": f"s3://{RISK.bucket}/rehearsals/"},
}
QUICK: Final = partial(Pace, poll=0.05, sweep=0.3)
"""The pace of tests: nothing is waited for that has happened already."""
PATIENCE: Final = 60.0

SHOWN: Final = """{
  id state trigger group accountId region snapshotName runtimeName reason startedBy endedAt
  registrations { modelName } snapshot { name } runtime { name status snapshotName }
  steps { name state detail job { name status } }
  tickets { key url status kind } decision { outcome by comment }
  testResult { passed outputS3Uri job { name } checks { name passed expected actual } }
}"""
_ANSWER: Final = f"{{ deployment {SHOWN} userErrors {{ code field message }} }}"


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets deployments be looked after at the pace of tests."""
    monkeypatch.setattr("gateway.house.Pace", QUICK)


def model(sandbox: Sandbox, name: str = "churn") -> None:
    """A model with a snapshot, and test data in the group's bucket."""
    with making(sandbox) as made:
        made.model(name)
        made.snapshot(f"{name}-1", name)
        made.sandbox.objects.make_bucket(RISK.bucket, RISK.account, RISK.region)
        made.sandbox.objects.write(f"s3://{RISK.bucket}/tests/rows.csv", b"1,2\n3,4\n")


async def registered(gateway: Gateway, name: str = "churn", *roles: str, **more: Any) -> str:
    """The id of an import of the model, with an asset of each role."""
    payload = await imported(gateway, name, **more)
    registration: str = payload["registration"]["id"]
    for role in roles:
        await put(gateway, registration, role)
    return registration


async def put(
    gateway: Gateway, registration: str, role: str, content: Mapping[str, str] | None = None, **more: Any
) -> None:
    """Puts an asset: a text, unless test data in the bucket is meant."""
    data = {"s3Uri": f"s3://{RISK.bucket}/tests/rows.csv"} if role == "TEST_DATA" else {"text": "{}"}
    given = {"registrationId": registration, "role": role, "name": role.lower(), "content": content or data, **more}
    query = "mutation($input: PutAssetInput!) { putAsset(input: $input) { userErrors { code message } } }"
    answer = await gateway.ask(query, {"input": given})
    errors = answer.data["putAsset"]["userErrors"]
    assert errors == [], errors


async def mutate(gateway: Gateway, name: str, given: Mapping[str, Any], **asking: Any) -> Answer:
    """The answer to one of the five mutations."""
    shape = f"{name[0].upper()}{name[1:]}Input"
    return await gateway.ask(
        f"mutation($input: {shape}!) {{ {name}(input: $input) {_ANSWER} }}", {"input": given}, **asking
    )


async def done(gateway: Gateway, name: str, given: Mapping[str, Any], **asking: Any) -> Any:
    """The deployment, after a mutation that nothing is wrong with."""
    payload = (await mutate(gateway, name, given, **asking)).data[name]
    assert payload["userErrors"] == []
    return payload["deployment"]


async def deploy(gateway: Gateway, snapshot: str = "churn-1", **more: Any) -> str:
    """The id of a deployment that was started just now."""
    started: str = (await done(gateway, "deploySnapshot", {"snapshotName": snapshot, **more}))["id"]
    return started


async def approve(gateway: Gateway, deployment: str, **more: Any) -> Any:
    """The deployment, approved by somebody who has not started it."""
    return await done(gateway, "approveDeployment", {"id": deployment, **more}, user="eve")


async def seen(gateway: Gateway, deployment: str, **asking: Any) -> Any:
    """The deployment, as it is shown."""
    query = f"query($id: ID!) {{ deployment(id: $id) {SHOWN} }}"
    return (await gateway.ask(query, {"id": deployment}, **asking)).data["deployment"]


async def comes(gateway: Gateway, deployment: str, holds: Callable[[Any], Any]) -> Any:
    """The deployment, once this holds of it; what happens in the gateway's own work tells nobody when it does."""
    begun = time.monotonic()
    while True:
        found = await seen(gateway, deployment)
        if holds(found):
            return found
        assert time.monotonic() - begun < PATIENCE, found
        await asyncio.sleep(0.05)


async def reaches(gateway: Gateway, deployment: str, *states: str) -> Any:
    """The deployment, once it is in one of these states."""
    return await comes(gateway, deployment, lambda found: found["state"] in states)


async def says(gateway: Gateway, deployment: str, words: str) -> Any:
    """The deployment, once its reason begins with these words."""
    return await comes(gateway, deployment, lambda found: (found["reason"] or "").startswith(words))


async def asks(gateway: Gateway, deployment: str) -> Any:
    """The deployment, once its ticket asks for a decision; one that is approved before has none."""
    return await comes(gateway, deployment, lambda found: found["state"] == "AWAITING_APPROVAL" and found["tickets"])


async def rehearses(gateway: Gateway, deployment: str) -> Any:
    """The deployment, once its transform job runs."""
    return await comes(gateway, deployment, lambda found: any(step["job"] for step in found["steps"]))


async def launches(gateway: Gateway, deployment: str) -> Any:
    """The deployment, once its endpoint is watched."""
    return await comes(gateway, deployment, lambda found: found["runtimeName"])


async def listed(gateway: Gateway, **filter: Any) -> list[Any]:
    """The deployments, the first started first."""
    query = f"query($filter: DeploymentFilter) {{ deployments(filter: $filter) {{ nodes {SHOWN} }} }}"
    answer = await gateway.ask(query, {"filter": filter or None})
    return list(reversed(answer.data["deployments"]["nodes"]))


def steps(deployment: Any) -> list[tuple[str, str]]:
    """The name and the state of each step."""
    return [(step["name"], step["state"]) for step in deployment["steps"]]


def calls(sandbox: Sandbox, *operations: str) -> Sequence[int]:
    """How often each of these was called."""
    counts = sandbox.calls.by_operation()
    return [counts.get(operation, 0) for operation in operations]


async def events(url: str) -> list[AuditEvent]:
    """The audit's events about deployments, the first first."""
    async with Database(url) as database, database.reading() as connection:
        found = await audit.page(connection, AuditFilter(groups=None), 500)
    return [each for each in reversed(found.records) if each.action.startswith("deployment.")]
