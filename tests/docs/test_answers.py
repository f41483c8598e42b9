"""Questions and commands of pages, which the demo answers in the page's order as it stands beneath them."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.commands.demo import demo_settings
from gateway.commands.demo_examples import DEMO_HEADERS
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.docs.fences import ROOT, Fence, assert_shown, fences
from tests.docs.shells import localized, run_shell
from tests.gateway_client import fresh_database
from tests.idle_engine import IdleEngine
from tests.live.subscribers import ServedGateway, served

# docs/graph.md, docs/serving.md, docs/deployments.md and examples/README.md
RUN = {
    "docs/graph.md": ("graphql", "json"),
    "docs/serving.md": ("json",),
    "docs/deployments.md": ("graphql", "json"),
    "examples/README.md": ("json",),
}


@pytest.fixture
async def gateway(sandbox: Sandbox, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ServedGateway]:
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    async with served(demo_settings(estate, sandbox.url, fresh_database())) as gateway:
        yield gateway


async def answer_of(fence: Fence, gateway: ServedGateway, folder: Path) -> Any:
    if fence.language == "graphql":
        return (await gateway.client.http.post("/graphql", json={"query": fence.text}, headers=DEMO_HEADERS)).json()
    return json.loads(await run_shell(localized(fence.text, {"localhost:8000": gateway.url}), ROOT))


@pytest.mark.parametrize("page", RUN)
async def test_each_answer_is_the_one_that_stands_there(page: str, gateway: ServedGateway, tmp_path: Path) -> None:
    answer: Any = None
    for fence in fences(page):
        if fence.language == "json" and answer is not None:
            assert_shown(fence, answer["data"])
        elif fence.language in RUN[page] or fence.first.startswith("curl "):
            answer = await answer_of(fence, gateway, tmp_path)
            assert answer.get("errors") is None, fence
