"""A gateway behind a real socket in the test's own event loop, and one that lives by the sandbox's clock."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import httpx
import pytest
import uvicorn

from aws.inventory.inventory import InventoryConfig
from concurrency.backoff import Backoff
from gateway.app import create_app
from gateway.server import create_server, server_url
from sandbox.server import Sandbox
from tests.gateway_client import GatewayClient, OpenGateway, load_test_settings

OpenStill = Callable[..., AbstractAsyncContextManager[GatewayClient]]


@asynccontextmanager
async def listening(url: str, **blocks: Any) -> AsyncIterator[tuple[uvicorn.Server, GatewayClient]]:
    """The gateway's server and a client of it; both end with the block."""
    running = create_server(create_app(load_test_settings(url, **blocks)), "127.0.0.1", 0)
    serving = asyncio.create_task(running.serve())
    while not running.started:
        assert not serving.done()
        await asyncio.sleep(0.005)
    async with httpx.AsyncClient(base_url=server_url(running), timeout=30) as http:
        yield running, GatewayClient(http)
    running.should_exit = True
    await serving


@pytest.fixture
def prompt_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has calls of AWS tried again at once, throttled ones nearly so."""
    monkeypatch.setattr("aws.client.retries.UNAVAILABLE_BACKOFF", Backoff(0, 0))
    monkeypatch.setattr("aws.client.rate_limit._MIN_RATE", 20)


@pytest.fixture
async def live(sandbox: Sandbox) -> AsyncIterator[GatewayClient]:
    """A client of a gateway that listens."""
    async with listening(sandbox.url) as (_, gateway):
        yield gateway


@pytest.fixture
def open_still(sandbox: Sandbox, open_gateway: OpenGateway, monkeypatch: pytest.MonkeyPatch) -> OpenStill:
    """Opens a gateway whose inventories live by the sandbox's clock; keywords are blocks of its settings."""
    sandbox.clock.freeze()
    monkeypatch.setattr("gateway.bootstrap.InventoryConfig", partial(InventoryConfig, now=sandbox.clock.at))

    def opened(**blocks: Any) -> AbstractAsyncContextManager[GatewayClient]:
        return open_gateway(**blocks)

    return opened
