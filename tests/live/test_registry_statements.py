"""What is remembered is read in as many statements for many parents as for one."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from registry import deployments, elements
from registry.database import Database
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_PERMISSIONS
from tests.gateway_client import RISK, OpenGateway
from tests.imports import IMPORT_SETTINGS
from tests.registry.factories import NOON, create_registration_key, seen_element, start_deployment
from tests.registry.test_pages import statements
from tests.sagemaker_builder import building

REGISTRATIONS = """{ registrations(first: 100) { totalCount nodes {
  displayName assets { name } requiredAssets { role }
  elements(first: 2) { totalCount nodes { name } }
  deployments(first: 2) { totalCount nodes {
    state steps { name } tickets { key } testResult { passed } registrations { modelName }
  } }
} } }"""
SNAPSHOTS = """{ snapshots(first: 100) { totalCount nodes {
  customMetadata
  deployments(first: 2) { totalCount nodes { state steps { name } registrations { modelName } } }
  testResults(first: 2) { totalCount nodes { passed } }
} } }"""
Fill = Callable[[int], Awaitable[None]]


@pytest.fixture
def fill(sandbox: Sandbox, database: Database) -> Fill:
    """Makes a model, its snapshot, its registration with elements, and a deployment of it."""

    async def fill(number: int) -> None:
        with building(sandbox) as made:
            made.model(f"model-{number}")
            made.snapshot(f"snapshot-{number}", f"model-{number}")
        listed = sandbox.call("ListEndpointConfigs", RISK.account, RISK.region, NameContains=f"snapshot-{number}")
        created = datetime.fromtimestamp(listed["EndpointConfigs"][0]["CreationTime"], UTC)
        place = {"account_id": RISK.account, "region": RISK.region}
        key = await create_registration_key(database, f"model-{number}", **place)
        deployment = await start_deployment(database, f"snapshot-{number}", snapshot_created_at=created, **place)
        async with database.writing() as connection:
            await elements.upsert(connection, key, [seen_element(item) for item in range(3)], NOON)
            await deployments.replace_registrations(connection, deployment.key, [(key, f"model-{number}")])

    return fill


@pytest.mark.parametrize("query", [REGISTRATIONS, SNAPSHOTS], ids=["registrations", "snapshots"])
async def test_many_cost_what_one_does(open_gateway: OpenGateway, database_url: str, fill: Fill, query: str) -> None:
    async with open_gateway(
        **{**IMPORT_SETTINGS, "permissions": DEPLOYMENT_PERMISSIONS}, database={"url": database_url}
    ) as gateway:
        asked: list[int] = []
        # The first request opens the scope, which reads what earlier processes have kept of it.
        await gateway.ask(query)
        for begin, end in ((0, 1), (1, 8)):
            for number in range(begin, end):
                await fill(number)
            with statements() as sent:
                (result,) = (await gateway.ask(query, headers={"Cache-Control": "no-cache"})).data.values()
            asked.append(len(sent))
            assert [item["deployments"]["totalCount"] for item in result["nodes"]] == [1] * end
    assert asked[0] == asked[1] <= 14
