"""The console in a browser: a gateway with the demo's people and estate, and scripts that drive Chromium."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.types import ASGIApp

from gateway.app import create_app
from gateway.browser_assets.install import BUNDLES
from gateway.commands.demo import FAST_DURATIONS, demo_settings
from gateway.commands.demo_people import demo_people
from gateway.server import create_server, server_url, wait_until_started
from gateway.settings.settings import Settings
from sandbox.estate import Estate, watch_endpoints, write_traffic
from sandbox.server import Sandbox
from tests.gateway_client import fresh_database
from tests.live.conftest import prompt_retries
from tests.node_packages import install_packages

__all__ = ["prompt_retries"]

SCRIPTS: Final = Path(__file__).parents[1] / "browser"
# A walk takes 180 s where Chromium has a tenth of a processor.
SECONDS: Final = 600
CHROMIUM: Final = shutil.which("chromium")


@pytest.fixture(scope="session")
def browser_packages() -> Path:
    """The folder of the scripts, with their packages beside them."""
    install_packages(SCRIPTS)
    return SCRIPTS


class Script:
    """A script that runs: what it says, line by line, and answers to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def said(self) -> Any:
        """Give the next line, read as JSON; the message of a failure is what the script wrote to its error stream."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, (await self._process.communicate())[1].decode()
        return json.loads(line)

    def answer(self) -> None:
        """Let it go on."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")

    async def ended(self) -> None:
        """Wait for its end, which is a good one."""
        _, errors = await self._process.communicate()
        assert self._process.returncode == 0, errors.decode()


@asynccontextmanager
async def running_script(scripts: Path, name: str, **arguments: Any) -> AsyncIterator[Script]:
    """Run a script of the browser with these arguments; it ends with the block."""
    assert CHROMIUM is not None, "There is no Chromium; run `apt-get install chromium`."
    process = await asyncio.create_subprocess_exec(
        *("node", name, json.dumps({"chromium": CHROMIUM, **arguments})),
        cwd=scripts,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            yield Script(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@asynccontextmanager
async def demo_gateway(
    sandbox: Sandbox,
    estate: Estate,
    around: Callable[[ASGIApp], ASGIApp] | None = None,
    *,
    change: Callable[[Settings], Settings] | None = None,
    jira: Mapping[str, Any] | None = None,
) -> AsyncIterator[str]:
    """Serve the demo's settings and people on the estate; gives the address.

    Args:
        sandbox: The AWS.
        estate: What is in it.
        around: Makes another application of the gateway's, as a proxy in front would be; None for none.
        change: Makes other settings of the demo's; None for those.
        jira: The block `jira` if Jira approves; None for the gateway's own approvals.
    """
    assert BUNDLES["console"].assets.joinpath("manifest.json").is_file(), "Build the console: make console"
    write_traffic(sandbox, estate)
    watch_endpoints(estate)
    sandbox.enforce()
    sandbox.clock.run(20)
    sandbox.timeline.durations = FAST_DURATIONS
    settings = demo_settings(estate, sandbox.url, fresh_database(), jira)
    app = create_app(change(settings) if change else settings, people=demo_people(estate))
    running = create_server(app, "127.0.0.1", 0)
    if around is not None:
        running.config.app = around(app)
    serving = asyncio.create_task(running.serve())
    assert await wait_until_started(running, serving)
    try:
        yield server_url(running)
    finally:
        running.should_exit = True
        await serving
