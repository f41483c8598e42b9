"""clients/python: the committed client asks and listens as its example says, and its operations fit the schema."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from graphql import parse, validate

from gateway.commands.demo import demo_settings
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.contract.printed_schema import printed
from tests.docs.test_pages import ROOT
from tests.gateway_client import fresh_database
from tests.idle_engine import IdleEngine
from tests.live.subscribers import served

CLIENT: Final = ROOT / "clients" / "python"
SAID: Final = ["models: 9", "not readable: ['FORBIDDEN']", "served by: [('fraud-detection', 'IN_SERVICE')]"]
SECONDS: Final = 60


async def output_of(*command: str, **environment: str) -> list[str]:
    """The lines that a program writes, which ends well."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment}
    )
    async with asyncio.timeout(SECONDS):
        out, errors = await process.communicate()
    assert (process.returncode, errors.decode()) == (0, "")
    return out.decode().splitlines()


async def test_the_example_asks_and_listens(estate: Estate, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What may not be read is left null, and told beside the rest."""
    monkeypatch.setattr("gateway.bootstrap.Engine", IdleEngine)
    sandbox.faults.refuse("ListMonitoringSchedules")
    async with served(demo_settings(estate, sandbox.url, fresh_database())) as gateway:
        script = str(CLIENT / "example.py")
        lines = await output_of(sys.executable, "-B", script, gateway.url, "fraud-detection-v12")
        await gateway.quiet()
    assert lines == [*SAID, "now: IN_SERVICE"]


def test_its_operations_fit_the_schema() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((CLIENT / "operations").glob("*.graphql"))]
    assert [fault.message for fault in validate(printed(), parse("\n".join(texts)))] == []


def test_a_value_that_comes_later_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(CLIENT))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    client: Any = __import__("sagegraph_client")
    assert client.RuntimeStatus("PAUSED") is client.RuntimeStatus.UNKNOWN
    with pytest.raises(ValueError, match="PAUSED"):
        client.ImportRunState("PAUSED")


def test_its_version_is_the_gateways() -> None:
    versions = [
        Path(folder / "pyproject.toml").read_text(encoding="utf-8").split('version = "')[1] for folder in (CLIENT, ROOT)
    ]
    assert versions[0].split('"')[0] == versions[1].split('"')[0]
