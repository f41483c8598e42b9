"""Gateways in processes of their own, which can be killed."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, settings_mapping
from tests.imports import IMPORT_SETTINGS
from tests.processes.starting import PIPE, Process, start

PATIENCE = 60.0


@asynccontextmanager
async def serving(config: Path, *point: str) -> AsyncIterator[tuple[Process, GatewayClient]]:
    """A gateway in a process of its own, which listens; with a point it kills itself there."""
    module = ("tests.live.crashing_gateway", *point) if point else ("gateway",)
    process = await start(*module, "serve", "--config", str(config), "--port", "0", stderr=PIPE)
    assert process.stderr is not None
    try:
        address = await asyncio.wait_for(_address(process.stderr), PATIENCE)
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as http:
            yield process, GatewayClient(http)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _address(lines: asyncio.StreamReader) -> str:
    while line := (await lines.readline()).decode():
        if (match := re.search(r"The gateway listens at (http://[0-9.:]+)", line)) is not None:
            return match[1]
    raise AssertionError("It ended before it listened.")


def configured(folder: Path, sandbox: Sandbox, url: str, **blocks: Any) -> Path:
    """The settings of both gateways, in a file; keywords are further blocks."""
    file = folder / "sagegraph.yaml"
    whole = settings_mapping(sandbox.url, **{**IMPORT_SETTINGS, "database": {"url": url}, **blocks})
    file.write_text(json.dumps(whole), encoding="utf-8")
    return file
