"""A gateway that listens, and a runtime of its AWS, for tests of subscriptions."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.idle_engine import IdleEngine
from tests.live.subscribers import ServedGateway, served_gateway

RUNTIME = "subscription Watch($ids: [ID!]!) { runtimeChanged(ids: $ids) { runtime { name status } deletedId } }"
DEPLOYMENTS = "subscription { deploymentsChanged { matches deployment { id } } }"


@pytest.fixture
def blocks() -> Mapping[str, Any]:
    """Blocks of the settings; a test says which by a parameter of this name."""
    return {}


@pytest.fixture
async def gateway(
    sandbox: Sandbox, estate: Estate, blocks: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ServedGateway]:
    """A gateway that looks at nothing by itself."""
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    async with served_gateway(sandbox.url, **{"sagemaker": {"freshSeconds": 600}, **blocks}) as served:
        yield served


@pytest.fixture
async def ids(gateway: ServedGateway) -> Mapping[str, Any]:
    """Variables with the id of a runtime that is in service."""
    nodes = (await gateway.client.ask("{ runtimes { nodes { id status } } }")).data["runtimes"]["nodes"]
    return {"ids": [next(node["id"] for node in nodes if node["status"] == "IN_SERVICE")]}
