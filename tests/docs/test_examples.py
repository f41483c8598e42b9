"""examples/ and the notebook tutorial: questions are answered under the demo, settings load, and scripts run."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from auth.permissions import Permission
from gateway.commands.demo import demo_settings
from gateway.commands.demo_approval import APPROVER_HEADERS
from gateway.commands.demo_examples import DEMO_HEADERS
from gateway.settings.settings import load
from sandbox.estate import fill
from sandbox.server import Sandbox
from tests.docs.fences import ROOT, fences, is_shown
from tests.gateway_client import fresh_database
from tests.live.subscribers import event_stream, served

EXAMPLES = ROOT / "examples"
TUTORIAL = ROOT / "docs" / "tutorials" / "first-question.md"
VARIABLES = {
    "lineage": {"name": "fraud-detection-v12"},
    "whole-model": {"name": "uplift-ranker-v3", "group": "marketing"},
}
IDS = "{ runtimes(first: 1) { nodes { id name } } }"
SECRETS = ("GATEWAY_SECRET", "GATEWAY_ACCESS_KEY_ID", "GATEWAY_SECRET_ACCESS_KEY", "JIRA_TOKEN", "DATABASE_PASSWORD")


def test_the_page_names_every_file() -> None:
    page = (EXAMPLES / "README.md").read_text("utf-8")
    files = {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.glob("*/*")}
    assert set(re.findall(r"\]\(([\w/.-]+)\)", page)) == files


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("settings/*.yaml")), ids=lambda path: path.stem)
def test_settings_load(path: Path) -> None:
    environment = dict.fromkeys((*SECRETS, "RISK_EXTERNAL_ID"), "a-secret-of-some-length")
    settings = load(path, environment)
    assert any(Permission.DEPLOY in grant.allow for grant in settings.permissions)
    assert settings.deployments.rehearsal.output_s3_uri is not None


async def test_questions_are_answered_and_scripts_run(sandbox: Sandbox) -> None:
    estate = fill(sandbox, pipelined=True)
    async with served(demo_settings(estate, sandbox.url, fresh_database())) as gateway:
        for path in sorted(EXAMPLES.glob("questions/*.graphql")):
            query = path.read_text("utf-8")
            if "subscription" in query:
                continue
            headers = APPROVER_HEADERS if path.stem == "inbox" else DEMO_HEADERS
            body = {"query": query, "variables": VARIABLES.get(path.stem, {})}
            answer = (await gateway.client.http.post("/graphql", json=body, headers=headers)).json()
            assert answer.get("errors") is None, path.stem
            assert all(value is not None for value in answer["data"].values()), path.stem
        runtimes = await gateway.client.http.post("/graphql", json={"query": IDS}, headers=DEMO_HEADERS)
        (first,) = runtimes.json()["data"]["runtimes"]["nodes"]
        follow = (EXAMPLES / "questions" / "follow-runtime.graphql").read_text("utf-8")
        async with event_stream(gateway.client.http, follow, {"ids": [first["id"]]}, headers=DEMO_HEADERS) as events:
            event = (await events.next())["data"]["runtimeChanged"]
        assert event["runtime"]["name"] == first["name"]
        blocks = re.findall(r"```python\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)
        script = "\n".join(blocks).replace('"http://127.0.0.1:8000"', repr(gateway.url))
        program = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
        out, _ = await program.communicate()
    assert program.returncode == 0
    shown = [
        fence.text for fence in fences("docs/tutorials/first-question.md", "") if not fence.first.startswith("make")
    ]
    assert len(shown) == 3
    assert is_shown("".join(shown), out.decode())
