"""README.md and the first tutorial: questions are answered, and changes made, under the demo that they tell of."""

import asyncio
import json
import shlex
import sys
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import boto3

from gateway.commands.demo_examples import APPROVED_MODEL, DEMO_HEADERS, WAITING_MODEL
from gateway.commands.demo_tour import DemoTour
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.demo import OpenDemo, look
from tests.docs.fences import ROOT, Fence, assert_shown, fences, is_shown
from tests.gateway_client import GatewayClient

README = (ROOT / "README.md").read_text("utf-8")
TUTORIAL = "docs/tutorials/model-to-endpoint.md"
WAITING = Fence(
    TUTORIAL,
    0,
    "graphql",
    "query($id: ID!) { node(id: $id) { ... on Registration { deployments { nodes { state reason } } } } }",
)
STATE = Fence(TUTORIAL, 0, "graphql", "query($id: ID!) { deployment(id: $id) { state } }")
(QUESTION,) = fences("README.md", "graphql")
(ANSWER,) = fences("README.md", "json")
(SCRIPT,) = fences("README.md", "python")
CALLS = 36


async def test_the_tutorial_does_what_the_page_says(estate: Estate, open_demo: OpenDemo) -> None:
    """In its order; the assets are kept with a model that still waits for them, as the demo has the other one's."""
    async with open_demo(estate) as gateway:

        async def ask(fence: Fence, headers: Mapping[str, str] = DEMO_HEADERS, **variables: str) -> Any:
            query = fence.text.replace(APPROVED_MODEL, WAITING_MODEL) if variables else fence.text
            body = {"query": query, "variables": variables}
            answer = (await gateway.http.post("/graphql", json=body, headers=headers)).json()
            assert answer.get("errors") is None, fence
            return answer["data"]

        ids = await DemoTour(gateway.http, estate, look).bring_to_approval()
        imports, assets, rehearsal, everything = fences(TUTORIAL, "graphql")
        imported, blocked, rehearsed, deployed = fences(TUTORIAL, "json")
        assert_shown(imported, await ask(imports))
        (waiting,) = (await ask(WAITING, id=ids.waiting_registration))["node"]["deployments"]["nodes"]
        assert is_shown(json.loads(blocked.text.replace(APPROVED_MODEL, WAITING_MODEL)), waiting)
        stored = await ask(assets, id=ids.waiting_registration)
        assert stored["putAssets"]["userErrors"] == []
        assert all(asset["present"] for asset in stored["putAssets"]["registration"]["requiredAssets"])
        (actual,) = (await ask(rehearsal))["deployments"]["nodes"]
        assert_shown(rehearsed, actual)
        await approve(gateway, ids.deployment)
        while (await ask(STATE, id=ids.deployment))["deployment"]["state"] == "LAUNCHING":
            await look(0)
        (actual,) = (node for node in (await ask(everything))["deployments"]["nodes"] if node["decision"])
        assert_shown(deployed, actual)


async def approve(gateway: GatewayClient, deployment: str) -> None:
    """Send what the page's command sends."""
    (command,) = fences(TUTORIAL, "")
    words = shlex.split(command.text.replace("…", deployment))
    pairs = list(pairwise(words))
    headers = dict(value.split(": ", 1) for option, value in pairs if option == "-H")
    (body,) = (json.loads(value) for option, value in pairs if option == "-d")
    answer = (await gateway.http.post("/graphql", json=body, headers=headers)).json()
    assert answer["data"]["approveDeployment"]["userErrors"] == []


async def test_the_script_takes_as_many_calls_as_the_page_says(
    sandbox: Sandbox, estate: Estate, open_demo: OpenDemo
) -> None:
    """The question costs the same the first time, and then nothing."""
    group = estate.marketing
    place = {"endpoint_url": sandbox.url, "region_name": group.region}
    own = {"aws_access_key_id": estate.access_key_id, "aws_secret_access_key": estate.secret_access_key}
    sts = boto3.client("sts", **place, **own)
    session = sts.assume_role(RoleArn=group.role_arn, RoleSessionName="ann")["Credentials"]
    environment = {
        "AWS_ENDPOINT_URL": sandbox.url,
        "AWS_DEFAULT_REGION": group.region,
        "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
        "AWS_SESSION_TOKEN": session["SessionToken"],
    }
    sandbox.calls.clear()
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT.text), env=environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await program.communicate()
    assert program.returncode == 0
    assert b"('churn-predictor', 'InService')" in out
    assert sum(sandbox.calls.by_operation().values()) == CALLS
    async with open_demo(estate) as gateway:
        headers = DEMO_HEADERS | {"X-Acting-Group": "marketing"}
        costs = [await gateway.http.post("/graphql", json={"query": QUESTION.text}, headers=headers) for _ in range(2)]
    assert_shown(ANSWER, costs[0].json()["data"])
    calls = [sum(answer.json()["extensions"]["aws"]["calls"].values()) for answer in costs]
    assert calls[0] == CALLS
    # The lists alone, if asking took longer than the answer is fresh.
    assert calls[1] <= 5
    assert README.count(f"{CALLS} calls") == 2


def test_the_page_counts_the_lines_right() -> None:
    words = {32: "32 lines", 9: "nine lines"}
    assert all(words[len(fence.text.strip().splitlines())] in README for fence in (SCRIPT, QUESTION))
