"""clients/typescript: the committed client asks and listens as its example says, and its operations fit the schema."""

import json
import re
from pathlib import Path
from typing import Final

import pytest
from graphql import parse, validate

from gateway.commands.demo import demo_settings
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.clients.test_python_client import output_of
from tests.contract.printed_schema import printed
from tests.docs.test_pages import ROOT
from tests.gateway_client import fresh_database
from tests.idle_engine import IdleEngine
from tests.live.subscribers import served

CLIENT: Final = ROOT / "clients" / "typescript"
SAID: Final = [
    "models: 9",
    "not readable: [ 'FORBIDDEN' ]",
    "served by: [ [ 'fraud-detection', 'IN_SERVICE' ] ]",
    "now: IN_SERVICE",
]
# CommonJS packages inside a module ask for this.
REQUIRE: Final = "import {createRequire} from 'module'; const require = createRequire(import.meta.url);"


async def bundled(node_packages: Path, folder: Path) -> str:
    """The example in one file, with the packages that the suite has."""
    script = folder / "example.mjs"
    options = ["--bundle", "--platform=node", "--format=esm", "--log-level=warning", f"--banner:js={REQUIRE}"]
    esbuild = str(node_packages / "node_modules" / ".bin" / "esbuild")
    modules = str(node_packages / "node_modules")
    source = str(CLIENT / "src" / "example.ts")
    assert await output_of(esbuild, source, *options, f"--outfile={script}", NODE_PATH=modules) == []
    return str(script)


async def test_the_example_asks_and_listens(
    estate: Estate, sandbox: Sandbox, node_packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are appended in the cache; what may not be read is left null, and told beside the rest."""
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    sandbox.faults.refuse("ListMonitoringSchedules")
    script = await bundled(node_packages, tmp_path)
    async with served(demo_settings(estate, sandbox.url, fresh_database())) as gateway:
        assert await output_of("node", script, gateway.url, "fraud-detection-v12") == SAID
        await gateway.quiet()


def test_its_operations_fit_the_schema() -> None:
    source = (CLIENT / "src" / "operations.ts").read_text(encoding="utf-8")
    documents = re.findall(r"graphql\(`(.*?)`\)", source, re.DOTALL)
    assert len(documents) == 5
    assert [fault.message for fault in validate(printed(), parse("\n".join(documents)))] == []


def test_its_packages_have_the_versions_of_the_suites() -> None:
    own, suites = (
        json.loads((folder / "package.json").read_text(encoding="utf-8"))
        for folder in (CLIENT, ROOT / "tests" / "javascript")
    )
    packages = {**own["dependencies"], **own["devDependencies"]}
    shared = packages.keys() & suites["dependencies"].keys()
    assert len(shared) == 8
    assert {name: packages[name] for name in shared} == {name: suites["dependencies"][name] for name in shared}
