"""What tests of aws share: clients of the sandbox over real HTTP, closed after each test, and calls through them."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiobotocore.session import AioSession

from aws import calls as calls_module
from aws.calls import Calls
from aws.clients import Clients, Connection
from aws.inventory.inventory import Inventory
from sandbox.server import Sandbox
from tests.aws.scene import NOON, PLACE, REGION, ROLE, StaticCredentials


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
def calls(clients: Clients, rejected: list[str], monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Calls that never wait before they try again."""
    monkeypatch.setattr(calls_module, "_FIRST_WAIT", 0)
    return Calls(clients, ROLE, lambda: rejected.append(ROLE))


@pytest.fixture
def still(sandbox: Sandbox) -> Sandbox:
    """The sandbox at noon, its clock standing still."""
    sandbox.clock.freeze()
    sandbox.clock.set(NOON)
    return sandbox


InventoryOf = Callable[[int], Inventory]


@pytest.fixture
async def inventory_of(calls: Calls) -> AsyncIterator[InventoryOf]:
    """Makes an inventory with a scan bound."""
    made: list[Inventory] = []

    def inventory_of(scan_bound: int) -> Inventory:
        made.append(Inventory(calls, PLACE, scan_bound))
        return made[-1]

    yield inventory_of
    for inventory in made:
        await inventory.close()


@pytest.fixture
def inventory(inventory_of: InventoryOf) -> Inventory:
    return inventory_of(1000)
