"""Questions about deployments: what leads to one, what is gone, and lists, paged and narrowed."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.deployments import (
    DEPLOYMENT_PERMISSIONS,
    DEPLOYMENT_SETTINGS,
    create_model,
    deploy,
    fetch_deployment,
    register_model,
    use_fast_pace,
    wait_for_rehearsal,
    wait_for_state,
)
from tests.gateway_client import RISK, OpenGateway
from tests.sagemaker_builder import building


@pytest.fixture(autouse=True)
def pace(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fast_pace(monkeypatch)


RELATIONS = """query($id: ID!, $snapshot: String!) {
  node(id: $id) { id ... on Deployment { state } }
  snapshot(name: $snapshot) {
    deployments { totalCount nodes { id } } testResults { totalCount nodes { id passed job { name } } }
  }
  registrations { nodes { deployments { totalCount nodes { id } } } }
}"""


async def test_what_leads_to_a_deployment(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        await register_model(gateway, "churn", "DOCUMENTATION", "TEST_DATA")
        deployment = await deploy(gateway, launch=False)
        await wait_for_rehearsal(gateway, deployment)
        sandbox.advance(600)
        job = next(
            step["job"] for step in (await wait_for_state(gateway, deployment, "COMPLETED"))["steps"] if step["job"]
        )["name"]
        variables = {"id": deployment, "snapshot": "churn-1"}
        matches: Any = (await gateway.ask(RELATIONS, variables)).data
        one = {"totalCount": 1, "nodes": [{"id": deployment}]}
        assert matches["node"] == {"id": deployment, "state": "COMPLETED"}
        assert matches["snapshot"]["deployments"] == one
        assert matches["registrations"]["nodes"] == [{"deployments": one}]
        (result,) = matches["snapshot"]["testResults"]["nodes"]
        assert (result["passed"], result["job"]) == (True, {"name": job})
        again = await gateway.ask(
            "query($id: ID!) { node(id: $id) { ... on TestResult { passed } } }", {"id": result["id"]}
        )
        assert again.data == {"node": {"passed": True}}
        # Of another account's group nobody learns anything.
        response = await gateway.ask(
            "query($id: ID!) { deployment(id: $id) { id } node(id: $id) { id } deployments { totalCount } }",
            {"id": deployment},
            groups=("marketing",),
        )
        assert response.data == {"deployment": None, "node": None, "deployments": {"totalCount": 0}}


async def test_what_is_gone_is_null(sandbox: Sandbox, open_working: OpenGateway) -> None:
    create_model(sandbox)
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        registration = await register_model(gateway, "churn", "DOCUMENTATION")
        deployment = await deploy(gateway)
        await wait_for_state(gateway, deployment, "AWAITING_APPROVAL")
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        with building(sandbox) as made:
            made.snapshot("churn-1", "churn")
        removal = "mutation($id: ID!) { removeRegistration(input: {id: $id}) { removedRegistrationId } }"
        assert (await gateway.ask(removal, {"id": registration})).data["removeRegistration"]["removedRegistrationId"]
        headers = {"Cache-Control": "no-cache"}
        result = await fetch_deployment(gateway, deployment, headers=headers)
        assert (result["snapshot"], result["registrations"], result["snapshotName"]) == (None, [], "churn-1")


PAGE = """query($filter: DeploymentFilter, $after: String) {
  deployments(first: 2, after: $after, filter: $filter) {
    nodes { snapshotName } pageInfo { hasNextPage endCursor } totalCount
  }
}"""


async def test_lists_are_paged_and_narrowed(sandbox: Sandbox, open_working: OpenGateway) -> None:
    with building(sandbox) as made:
        made.model("churn")
        for number in range(3):
            made.snapshot(f"churn-{number}", "churn")
    async with open_working(permissions=DEPLOYMENT_PERMISSIONS, deployments=DEPLOYMENT_SETTINGS) as gateway:
        registration = await register_model(gateway, "churn")
        for number in range(3):
            await wait_for_state(gateway, await deploy(gateway, f"churn-{number}"), "BLOCKED")
        first = (await gateway.ask(PAGE)).data["deployments"]
        assert [item["snapshotName"] for item in first["nodes"]] == ["churn-2", "churn-1"]
        assert (first["pageInfo"]["hasNextPage"], first["totalCount"]) == (True, 3)
        rest = (await gateway.ask(PAGE, {"after": first["pageInfo"]["endCursor"]})).data["deployments"]
        assert [element["snapshotName"] for element in rest["nodes"]] == ["churn-0"]
        for narrowed, count in (
            ({"state": ["BLOCKED"]}, 3),
            ({"state": []}, 0),
            ({"state": ["FAILED", "DEPLOYED"]}, 0),
            ({"snapshotName": "churn-1"}, 1),
            ({"registrationId": registration}, 3),
            ({"registrationId": registration, "snapshotName": "churn-2"}, 1),
        ):
            result = (await gateway.ask(PAGE, {"filter": narrowed})).data["deployments"]
            assert result["totalCount"] == count, narrowed


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('{ deployment(id: "nonsense") { id } }', "`id` is not the id of a deployment"),
        (
            '{ deployments(filter: {registrationId: "nonsense"}) { totalCount } }',
            "`filter.registrationId` is not the id",
        ),
        ('{ deployments(filter: {snapshotName: "\\u0000"}) { totalCount } }', "`filter.snapshotName` holds a NUL"),
        ('{ deployments(after: "nonsense") { totalCount } }', "`after` is not a cursor of this list"),
        ("{ deployments(first: 101) { totalCount } }", "`first` must be from 1 to 100, not 101."),
    ],
)
async def test_questions_that_are_at_fault(open_gateway: OpenGateway, query: str, text: str) -> None:
    async with open_gateway(permissions=DEPLOYMENT_PERMISSIONS) as gateway:
        answer = await gateway.ask(query)
        assert answer.codes == ["BAD_USER_INPUT"]
        assert text in answer.error["message"]
