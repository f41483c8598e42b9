"""What tests of the inventory share: how its parts are made, so that no test needs to know."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from typing import Any

import pytest

from aws.calls import Calls
from aws.errors import AWSError
from aws.inventory.facts import Facts
from aws.inventory.flights import Flights
from aws.inventory.inventory import Inventory
from aws.inventory.listings import EVERYTHING, Listing, Query
from aws.kinds import Kind
from tests.aws.scene import NOON, PLACE, origin

ListingOf = Callable[..., Listing]
InventoryOf = Callable[[int], Inventory]
Ask = Callable[[str], Coroutine[Any, Any, str]]
FactsOf = Callable[[Ask], Callable[[Iterable[str]], Awaitable[Mapping[str, str | AWSError | None]]]]


@pytest.fixture
async def flights() -> AsyncIterator[Flights]:
    made = Flights()
    yield made
    await made.close()


@pytest.fixture
def listing_of(calls: Calls) -> ListingOf:
    """Makes a listing. Its pages are read at these moments, the last of them as often as need be."""

    def listing_of(
        kind: Kind = Kind.MODEL, query: Query = EVERYTHING, *moments: datetime, through: Calls | None = None
    ) -> Listing:
        left = list(moments) or [NOON]
        return Listing(kind, query, through or calls, lambda: origin(left.pop(0) if len(left) > 1 else left[0]))

    return listing_of


@pytest.fixture
def facts_of(flights: Flights) -> FactsOf:
    """Makes facts of one sort."""

    def facts_of(ask: Ask) -> Callable[[Iterable[str]], Awaitable[Mapping[str, str | AWSError | None]]]:
        return Facts(flights, ask).of

    return facts_of


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
