"""docs/tools.md: its client asks the demo's estate, its own document is a tool, and its table has those that ship."""

import asyncio
import json
import re
import sys
from pathlib import Path

from gateway.commands.demo import demo_settings
from gateway.mcp.tools import Toolbox, shipped_documents
from gateway.settings.mcp import McpSettings
from gateway.settings.settings import load
from sandbox.estate import Estate
from sandbox.server import Sandbox
from schema.build import build_schema
from schema.limits.trusted_documents import trusted_set
from tests.docs.test_pages import ROOT
from tests.gateway_client import fresh_database
from tests.live.subscribers import served

PAGE = (ROOT / "docs" / "tools.md").read_text(encoding="utf-8")
SECONDS = 60


def block(language: str) -> str:
    """The one example of a language."""
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


def test_the_table_has_the_tools_that_ship_and_the_document_is_one() -> None:
    schema = build_schema()
    schema.trusted.ship(shipped_documents(schema))
    toolbox = Toolbox(schema, mutations=False)
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == toolbox.tools().keys()
    schema.trusted.replace(trusted_set(schema._schema, {"own": block("graphql")}))
    assert "endpoints_of_team" in toolbox.tools()


def test_its_settings_load(tmp_path: Path) -> None:
    path = tmp_path / "sagegraph.yaml"
    path.write_text(block("yaml"), encoding="utf-8")
    mcp = load(path, {}).mcp
    assert (mcp.enabled, mcp.mutations) == (True, False)


async def test_the_client_asks(estate: Estate, sandbox: Sandbox, tmp_path: Path) -> None:
    settings = demo_settings(estate, sandbox.url, fresh_database())
    async with served(settings.model_copy(update={"mcp": McpSettings(enabled=True)})) as gateway:
        script = tmp_path / "script.py"
        script.write_text(block("python").replace("http://127.0.0.1:8000", gateway.url))
        process = await asyncio.create_subprocess_exec(sys.executable, str(script), stdout=asyncio.subprocess.PIPE)
        async with asyncio.timeout(SECONDS):
            output, _ = await process.communicate()
    count, answer = output.decode().splitlines()
    # The demo's group risk has no AUDIT, so it is not shown who did what.
    assert count == "9"
    assert json.loads(answer)["data"]["model"]["name"] == "fraud-detection-v12"
