"""What tests of aws share: clients of the sandbox over real HTTP, closed after each test, and calls through them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiobotocore.session import AioSession

from aws.client import retries
from aws.client.service_clients import AwsEndpoint, ServiceClients
from concurrency.backoff import Backoff
from sandbox.server import Sandbox
from tests.aws.manual_clock import ManualClock
from tests.aws.sandbox_account import (
    NOON,
    REGION,
    ROLE,
    RecordingClient,
    StaticCredentials,
    UnlimitedRateLimiters,
    call_policy,
)


@pytest.fixture(scope="session")
def loader() -> Any:
    """botocore's descriptions of the services, read once."""
    return AioSession().get_component("data_loader")


@pytest.fixture
def connection(sandbox: Sandbox, loader: Any) -> AwsEndpoint:
    return AwsEndpoint(REGION, sandbox.url, loader)


@pytest.fixture
async def clients(connection: AwsEndpoint) -> AsyncIterator[ServiceClients]:
    made = ServiceClients(connection, StaticCredentials())
    yield made
    await made.close()


@pytest.fixture
def rejected() -> list[str]:
    """One entry for each time that Calls has told of rejected credentials."""
    return []


@pytest.fixture
def rate_limiters() -> UnlimitedRateLimiters:
    """Rate limiters that hold nothing back."""
    return UnlimitedRateLimiters()


@pytest.fixture
def calls(
    clients: ServiceClients, rejected: list[str], rate_limiters: UnlimitedRateLimiters, monkeypatch: pytest.MonkeyPatch
) -> RecordingClient:
    """Calls that never wait before they try again."""
    monkeypatch.setattr(retries, "UNAVAILABLE_BACKOFF", Backoff(0, 0))
    return RecordingClient(clients, call_policy(rate_limiters, on_rejected=lambda: rejected.append(ROLE)))


@pytest.fixture
def still(sandbox: Sandbox) -> Sandbox:
    """The sandbox at noon, its clock standing still."""
    sandbox.clock.freeze()
    sandbox.clock.set(NOON)
    return sandbox


@pytest.fixture
async def manual_clock(monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """A clock moved by hand, which every rate limiter of the test lives by."""
    made = ManualClock()
    made.take_over(monkeypatch)
    return made
