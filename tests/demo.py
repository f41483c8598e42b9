"""A gateway with the demo's settings, whose deployments are looked after at the pace of tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from gateway.app import create_app
from gateway.commands.demo import FAST_DURATIONS, demo_settings
from gateway.commands.demo_approval import jira_settings
from sandbox.estate import Estate
from sandbox.jira.server import JiraServer
from sandbox.server import Sandbox
from tests.deployments import use_fast_pace
from tests.gateway_client import GatewayClient, fresh_database, run_app

OpenDemo = Callable[..., AbstractAsyncContextManager[GatewayClient]]


@pytest.fixture
def open_demo(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> OpenDemo:
    """Opens the gateway on an estate; with a Jira, that approves."""
    use_fast_pace(monkeypatch)
    sandbox.clock.run(100)
    sandbox.timeline.durations = FAST_DURATIONS

    @asynccontextmanager
    async def opened(estate: Estate, jira: JiraServer | None = None) -> AsyncIterator[GatewayClient]:
        block = jira_settings(jira, "http://gateway") if jira else None
        settings = demo_settings(estate, sandbox.url, fresh_database(), block)
        async with run_app(create_app(settings)) as gateway:
            yield gateway

    return opened


async def look(_: float) -> None:
    await asyncio.sleep(0.05)
