"""docs/clients.md: its commands and scripts do what the page says, on the demo's estate."""

import asyncio
import json
import re
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from gateway.commands.demo import demo_settings
from gateway.settings.documents import DocumentsSettings
from gateway.settings.settings import Settings
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.auth.tokens.token_issuer import AUDIENCE, ISSUER, KID, claims, ec
from tests.auth.tokens.token_issuer import serving as serving_keys
from tests.docs.test_pages import ROOT
from tests.gateway_client import RISK, fresh_database, load_test_settings
from tests.idle_engine import IdleEngine
from tests.live.subscribers import ServedGateway, served
from tests.node_packages import FOLDER, run_node

# "Live screens in the demo" has a test of its own.
PAGE: Final = re.sub(
    r"## Live screens in the demo\n.*?\n(?=## )", "", (ROOT / "docs" / "clients.md").read_text("utf-8"), flags=re.DOTALL
)
ADDRESS: Final = "127.0.0.1:8000"
SECONDS: Final = 60
OpenSettings = Callable[..., Settings]
# Where the files lie, and the language that they are in.
RELAY_OWN: Final = {"src", "schema", "language", "artifactDirectory", "eagerEsModules"}


def blocks(language: str) -> list[str]:
    """The examples of a language, in the page's order."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def settings(
    estate: Estate, sandbox: Sandbox, front_end_documents: Path, monkeypatch: pytest.MonkeyPatch
) -> OpenSettings:
    """Makes the demo's settings with those of documents on the page, changed as told; nothing durable goes on."""
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    sandbox.faults.refuse("ListMonitoringSchedules")
    (setting,) = blocks("yaml")
    documents = yaml.safe_load(setting)["documents"] | {"path": str(front_end_documents / "generated" / "manifests")}

    def made(**changes: Any) -> Settings:
        own = DocumentsSettings(**documents | changes)
        return demo_settings(estate, sandbox.url, fresh_database()).model_copy(update={"documents": own})

    return made


@pytest.fixture
async def gateway(settings: OpenSettings) -> AsyncIterator[ServedGateway]:
    """A gateway with these settings."""
    async with served(settings()) as gateway:
        yield gateway


async def a_runtime(gateway: ServedGateway, token: Mapping[str, str] | None = None) -> str:
    """The id of a runtime that is in service; with a token where one names the caller."""
    query, user = '{ runtime(name: "fraud-detection") { id } }', None if token else "demo"
    answer = await gateway.client.ask(query, user=user, headers=token)
    id: str = answer.data["runtime"]["id"]
    return id


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[asyncio.StreamReader]:
    """The output of a command while the block runs."""
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            yield process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed (Debian: apt-get install curl)")
async def test_curl_asks_and_listens(gateway: ServedGateway) -> None:
    host, runtime = gateway.url.removeprefix("http://"), await a_runtime(gateway)
    asked, listened = (command.replace(ADDRESS, host).replace("…", runtime) for command in blocks("sh"))
    async with running("sh", "-c", f"exec {asked}") as output:
        models = json.loads(await output.read())["data"]["models"]
    assert [node["name"] for node in models["nodes"]] == ["fraud-detection-v12", "credit-risk-scorer-v7"]
    assert models["pageInfo"]["hasNextPage"] is True
    async with running("sh", "-c", f"exec {listened}") as output:
        event, data = await output.readline(), await output.readline()
    assert event == b"event: next\n"
    change = json.loads(data.removeprefix(b"data: "))["data"]["runtimeChanged"]
    assert change["runtime"] == {"name": "fraud-detection", "status": "IN_SERVICE"}
    await gateway.quiet()


def written(folder: Path, login: str) -> Path:
    """The folder, with the page's scripts in it, and the one that is the reader's own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "login.js").write_text(login)
    for text in blocks("js"):
        name = re.match(r"// ([\w.]+\.js)\n", text)
        assert name is not None
        (folder / name[1]).write_text(text)
    return folder


async def test_the_scripts_do_what_the_page_says(
    gateway: ServedGateway, settings: OpenSettings, front_end_documents: Path
) -> None:
    folder = written(front_end_documents / "generated" / "page", 'export const token = async () => "any"\n')
    id = await a_runtime(gateway)
    async with served(settings(mode="only")) as strict:
        shown = json.loads(await run_node(FOLDER / "snippets.mjs", str(folder), gateway.url, strict.url, id))
        await strict.quiet()
    refused: list[Any] = [1, ["FORBIDDEN"], "IN_SERVICE"]
    assert shown == {
        "apollo": [8, *refused],
        "urql": [8, *refused],
        "relay": ["fraud-detection-v11-shadow-v12", None, "IN_SERVICE"],
        "events": "IN_SERVICE",
        "trusted": [["IN_SERVICE"] * 5, ["FORBIDDEN"]],
        "proxy": [f"http://{ADDRESS}", True],
        "jobs": ["TrainingJob", "TransformJob", "ProcessingJob", "TuningJob"],
        "embedded": True,
        "codegen": True,
    }
    await gateway.quiet()


def test_the_configuration_of_relay_is_that_of_the_screens(front_end_documents: Path) -> None:
    (example,) = map(json.loads, blocks("json"))
    own = json.loads((front_end_documents / "relay.config.json").read_text())
    for config in (example, own):
        config["persistConfig"].pop("file")
    assert {key: example[key] for key in example.keys() - RELAY_OWN} == {
        key: own[key] for key in own.keys() - RELAY_OWN
    }


async def test_python_asks_and_listens(gateway: ServedGateway, tmp_path: Path) -> None:
    (text,) = blocks("python")
    script = tmp_path / "script.py"
    script.write_text(text.replace(ADDRESS, gateway.url.removeprefix("http://")))
    async with running(sys.executable, str(script)) as output:
        assert (await output.read()).decode().splitlines() == ["9", "['FORBIDDEN']", "IN_SERVICE"]
    await gateway.quiet()


async def test_a_page_stays_subscribed_through_a_new_token_and_a_restart(
    estate: Estate, sandbox: Sandbox, front_end_documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each connection begins with the present state; what happens while there is none is shown after all."""
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    key, token = ec(KID), tmp_path / "token"
    login = f"import fs from 'node:fs'\nexport const token = async () => fs.readFileSync('{token}', 'utf8')\n"
    folder = written(front_end_documents / "generated" / "staying", login)
    async with serving_keys() as keys:
        keys.publish(key)
        jwt = {"jwksUrl": f"{keys.url}/jwks", "issuer": ISSUER, "audience": AUDIENCE}
        parts = {"identity": {"mode": "jwt", "jwt": jwt}, "sagemaker": {"freshSeconds": 0.2}}
        settings = load_test_settings(sandbox.url, **parts, server={"drainSeconds": 0})
        async with AsyncExitStack() as page:
            async with served(settings) as gateway:
                lasting = key.sign(claims(groups=["risk"], exp=int(time.time()) + 600))
                id = await a_runtime(gateway, {"Authorization": f"Bearer {lasting}"})
                token.write_text(key.sign(claims(groups=["risk"], exp=int(time.time()) + 3)))
                url = gateway.url
                command = ("node", str(FOLDER / "staying.mjs"), str(folder), url, id)
                output = await page.enter_async_context(running(*command))
                assert await two_states(output) == {("ws", "IN_SERVICE"), ("sse", "IN_SERVICE")}
                token.write_text(lasting)
                assert await two_states(output) == {("ws", "IN_SERVICE"), ("sse", "IN_SERVICE")}
            sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName="fraud-detection")
            async with served(settings, int(url.rpartition(":")[2])):
                assert await two_states(output) == {("ws", "DELETING"), ("sse", "DELETING")}
                assert await output.read() == b""


async def two_states(output: asyncio.StreamReader) -> set[tuple[str, str]]:
    """The next two states that a page has shown, each with the protocol that told it."""
    states = [json.loads(await output.readline()) for _ in range(2)]
    return {(protocol, status) for protocol, status in states}
