"""docs/clients.md, "Live screens in the demo": each block of curl does under the demo what the page says."""

import json
import re
import shlex
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import httpx
import pytest

from gateway.commands.demo import FAST_DURATIONS, demo_settings
from gateway.commands.demo_examples import DemoIds, demo_examples
from gateway.commands.demo_tour import DemoTour
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.demo import look
from tests.deployments import use_fast_pace
from tests.docs.test_pages import ROOT
from tests.gateway_client import fresh_database
from tests.live.subscribers import EventStreamClient, served

SECTION = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8").split("## Live screens in the demo\n")[1]
BLOCKS = re.findall(r"```sh\n(.*?)```", SECTION.split("\n## ")[0], re.DOTALL)


@dataclass(frozen=True)
class Curl:
    """A block of the page: the headers and the body that curl would send."""

    headers: Mapping[str, str]
    body: Mapping[str, Any]


def curl_of(block: str, deployment: str) -> Curl:
    words = shlex.split(block.replace("$DEPLOYMENT", deployment))
    given = list(pairwise(words))
    assert "http://127.0.0.1:8000/graphql" in words
    headers = dict(value.split(": ", 1) for option, value in given if option == "-H")
    (body,) = (json.loads(value) for option, value in given if option == "-d")
    return Curl(headers, body)


@asynccontextmanager
async def watching(http: httpx.AsyncClient, curl: Curl) -> AsyncIterator[EventStreamClient]:
    async with http.stream("POST", "/graphql", json=curl.body, headers=curl.headers) as response:
        yield EventStreamClient(response)


async def change(http: httpx.AsyncClient, curl: Curl) -> None:
    body = (await http.post("/graphql", json=curl.body, headers=curl.headers)).json()
    ((_, payload),) = body["data"].items()
    assert payload["userErrors"] == []


async def until(events: EventStreamClient, field: str, state: str | None) -> list[Any]:
    """The states of a thing until it comes to this one; None if it is not there."""
    states: list[Any] = []
    while not states or states[-1] != state:
        ((_, shown),) = (await events.next())["data"].items()
        thing = shown[field]
        now = None if thing is None else thing.get("status") or thing.get("state")
        states += [now] if states[-1:] != [now] else []
    return states


@pytest.fixture
def fast(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    use_fast_pace(monkeypatch)
    sandbox.timeline.durations = FAST_DURATIONS
    sandbox.clock.run(100)
    return sandbox


async def test_each_screen_changes_as_the_page_says(fast: Sandbox, estate: Estate) -> None:
    settings = demo_settings(estate, fast.url, fresh_database())
    often = settings.sagemaker.model_copy(update={"fresh_seconds": 0.1})
    async with served(settings.model_copy(update={"sagemaker": often})) as gateway:
        http = gateway.client.http
        ids = await DemoTour(http, estate, look).bring_to_approval()
        # The clock stands still, so that no state is passed by unseen.
        fast.clock.freeze()
        curls = [curl_of(block, ids.deployment) for block in BLOCKS]
        watches = [*zip(curls[::2], curls[1::2], ["runtime", "job", "deployment"], strict=True)]
        expected = [
            ("IN_SERVICE", "UPDATING", "IN_SERVICE"),
            (None, "IN_PROGRESS", "COMPLETED"),
            ("AWAITING_APPROVAL", "LAUNCHING", "DEPLOYED"),
        ]
        for (watch, act, field), states in zip(watches, expected, strict=True):
            async with watching(http, watch) as events:
                assert await until(events, field, states[0]) == [states[0]]
                await change(http, act)
                assert await until(events, field, states[1]) == [states[1]]
                fast.clock.run(100)
                assert (await until(events, field, states[2]))[-1] == states[2]
                fast.clock.freeze()
        assert_examples_ask_the_same(estate, ids, curls)
        await gateway.quiet()


def assert_examples_ask_the_same(estate: Estate, ids: DemoIds, curls: list[Curl]) -> None:
    """GraphiQL's examples watch and change what the page does."""
    shown = {example.name: example.variables for example in demo_examples(estate, "newest", ids, approves=True)}
    names = ("LiveRuntime", "UpdateRuntime", "LiveJob", "CreateTransformJob", "LiveDeployment", "Approve")
    for name, curl in zip(names, curls, strict=True):
        sent, mine = curl.body["variables"], json.loads(json.dumps(shown[name]))
        assert sent.get("input", {}).items() <= mine.get("input", {}).items(), name
        assert "input" in sent or sent == mine, name
