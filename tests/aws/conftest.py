"""What tests of aws share: clients of the sandbox over real HTTP, closed after each test, and calls through them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiobotocore.session import AioSession

from aws import calls as calls_module
from aws.clients import Clients, Connection
from sandbox.server import Sandbox
from tests.aws.hand import Hand
from tests.aws.scene import NOON, REGION, ROLE, LooseBrakes, SpiedCalls, StaticCredentials, manner


@pytest.fixture(scope="session")
def loader() -> Any:
    """botocore's descriptions of the services, read once."""
    return AioSession().get_component("data_loader")


@pytest.fixture
def connection(sandbox: Sandbox, loader: Any) -> Connection:
    return Connection(REGION, sandbox.url, loader)


@pytest.fixture
async def clients(connection: Connection) -> AsyncIterator[Clients]:
    made = Clients(connection, StaticCredentials())
    yield made
    await made.close()


@pytest.fixture
def rejected() -> list[str]:
    """One entry for each time that Calls has told of rejected credentials."""
    return []


@pytest.fixture
def brakes() -> LooseBrakes:
    """Brakes that hold nothing back."""
    return LooseBrakes()


@pytest.fixture
def calls(clients: Clients, rejected: list[str], brakes: LooseBrakes, monkeypatch: pytest.MonkeyPatch) -> SpiedCalls:
    """Calls that never wait before they try again."""
    monkeypatch.setattr(calls_module, "_WAIT", 0)
    return SpiedCalls(clients, manner(brakes, on_rejected=lambda: rejected.append(ROLE)))


@pytest.fixture
def still(sandbox: Sandbox) -> Sandbox:
    """The sandbox at noon, its clock standing still."""
    sandbox.clock.freeze()
    sandbox.clock.set(NOON)
    return sandbox


@pytest.fixture
async def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """A clock moved by hand, which every brake of the test lives by."""
    made = Hand()
    made.take_over(monkeypatch)
    return made
