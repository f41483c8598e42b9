"""Who sees a group's deployments: another group with a role in the same account sees the snapshot, and none of them."""

import pytest

from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    create_model,
    deploy,
    mutate,
    register_model,
    use_fast_pace,
    wait_for_rehearsal,
    wait_for_state,
)
from tests.gateway_client import RISK, OpenGateway, assume_role_entry, credential_settings
from tests.imports import import_model

ASKED = """query($snapshot: ID!, $registration: ID!, $deployment: ID!, $result: ID!, $run: ID!) {
  snapshot: node(id: $snapshot) { ... on Snapshot { name
    deployments { totalCount nodes { id } } testResults { totalCount nodes { id } } } }
  deployments { totalCount nodes { id } }
  named: deployments(filter: {snapshotName: "churn-1", registrationId: $registration}) { totalCount nodes { id } }
  one: deployment(id: $deployment) { id tickets { key } }
  node: node(id: $deployment) { id } result: node(id: $result) { id } run: node(id: $run) { id }
}"""
EMPTY = {"totalCount": 0, "nodes": []}


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


async def test_two_groups_in_one_account(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    allowed = [*DEPLOYMENT_PERMISSIONS, {"group": "others", "allow": ["READ", "IMPORT", "DEPLOY", "APPROVE"]}]
    served = credential_settings(assume_role_entry(RISK), assume_role_entry(RISK, "others"))
    async with open_working(**served, permissions=allowed, deployments=DEPLOYMENT_SETTINGS) as gateway:
        registration = await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway)
        await wait_for_rehearsal(gateway, deployment)
        sandbox.advance(600)
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
        run = (await import_model(gateway, "churn", {"startDeployments": True}))["importRun"]["id"]
        ids = "{ deployments { nodes { testResult { id } snapshot { id } } } }"
        (shown,) = (await gateway.ask(ids)).data["deployments"]["nodes"]
        snapshot, result = shown["snapshot"]["id"], shown["testResult"]["id"]
        value = {
            "snapshot": snapshot, "registration": registration, "deployment": deployment, "result": result, "run": run
        }  # fmt: skip

        seen = (await gateway.ask(ASKED, value)).data
        one = {"totalCount": 1, "nodes": [{"id": deployment}]}
        results = {"totalCount": 1, "nodes": [{"id": result}]}
        assert seen["snapshot"] == {"name": "churn-1", "deployments": one, "testResults": results}
        assert (seen["deployments"], seen["named"]) == (one, one)
        assert seen["one"] == {"id": deployment, "tickets": [{"key": "SG-1"}]}
        assert [seen[name]["id"] for name in ("node", "result", "run")] == [deployment, result, run]

        own = (await gateway.ask('{ snapshot(name: "churn-1") { id } }', groups=("others",))).data["snapshot"]["id"]
        assert own != snapshot
        hidden = (await gateway.ask(ASKED, {**value, "snapshot": own}, groups=("others",))).data
        assert hidden["snapshot"] == {"name": "churn-1", "deployments": EMPTY, "testResults": EMPTY}
        assert (hidden["deployments"], hidden["named"]) == (EMPTY, EMPTY)
        assert [hidden[name] for name in ("one", "node", "result", "run")] == [None] * 4
        # That one goes on is no secret: there is one at a time for a snapshot. Which one it is, is.
        payload = (await mutate(gateway, "deploySnapshot", {"snapshotName": "churn-1"}, groups=("others",))).data
        assert payload["deploySnapshot"]["deployment"] is None
        assert [error["code"] for error in payload["deploySnapshot"]["userErrors"]] == ["CONFLICT"]
