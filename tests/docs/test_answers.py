"""Questions and commands of pages, which the demo answers in the page's order as it stands beneath them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.commands.demo import demo_settings
from gateway.commands.demo_examples import DEMO_HEADERS
from sandbox.estate import Estate, watch_endpoints
from sandbox.server import Sandbox
from tests.docs.fences import ROOT, Fence, assert_shown, fences
from tests.docs.shells import localized, run_shell
from tests.gateway_client import fresh_database
from tests.live.subscribers import ServedGateway, served

PAGES = ("docs/graph.md", "docs/serving.md", "docs/deployments.md", "docs/mutations.md", "examples/README.md")


@pytest.fixture
async def gateway(sandbox: Sandbox, estate: Estate) -> AsyncIterator[ServedGateway]:
    watch_endpoints(estate)
    async with served(demo_settings(estate, sandbox.url, fresh_database())) as gateway:
        yield gateway


async def answer_of(fence: Fence, gateway: ServedGateway) -> Any:
    if fence.language == "graphql":
        return (await gateway.client.http.post("/graphql", json={"query": fence.text}, headers=DEMO_HEADERS)).json()
    return json.loads(await run_shell(localized(fence.text, {"localhost:8000": gateway.url}), ROOT))


async def test_each_answer_is_the_one_that_stands_there(gateway: ServedGateway) -> None:
    compared = 0
    for page in PAGES:
        answer: Any = None
        for fence in fences(page):
            if fence.language == "json":
                assert_shown(fence, answer["data"])
                compared += 1
            elif (fence.language == "graphql" and "$" not in fence.first) or fence.first.startswith("curl -s "):
                answer = await answer_of(fence, gateway)
                assert answer.get("errors") is None, fence
    assert compared == 4
