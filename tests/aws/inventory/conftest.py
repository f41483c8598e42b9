"""What tests of the inventory share: how its parts are made, so that no test needs to know."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from aws.calls import Calls
from aws.errors import AWSError
from aws.inventory.ages import horizon
from aws.inventory.facts import Facts
from aws.inventory.flights import Flights
from aws.inventory.inventory import Inventory
from aws.inventory.listings import EVERYTHING, Listing, Query
from aws.inventory.rolls import Roll
from aws.inventory.shelves import Shelf
from aws.kinds import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.desk import Desk
from tests.aws.inventory.sight import Sight
from tests.aws.scene import AGES, NOON, PLACE, SpiedCalls, origin, rules

ListingOf = Callable[..., Listing]
InventoryOf = Callable[..., Inventory]
Ask = Callable[[str], Coroutine[Any, Any, str]]
Answers = Mapping[str, str | AWSError | None]


class FactsAt:
    """Facts, asked for by requests that begin now; `now` is moved by hand."""

    def __init__(self, flights: Flights, ask: Ask) -> None:
        self.now = NOON
        self._facts = Facts(flights, ask, lambda: self.now)

    def __call__(self, keys: Iterable[str], max_age: float | None = None) -> Awaitable[Answers]:
        return self._facts.of(keys, horizon(AGES, self.now, max_age))

    def pass_(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += timedelta(seconds=seconds)


FactsOf = Callable[[Ask], FactsAt]


@pytest.fixture
async def flights() -> AsyncIterator[Flights]:
    made = Flights()
    yield made
    await made.close()


@pytest.fixture
def listing_of(calls: Calls, flights: Flights) -> ListingOf:
    """Makes a listing. Its pages are read at these moments, the last of them as often as need be."""

    def listing_of(
        kind: Kind = Kind.MODEL, query: Query = EVERYTHING, *moments: datetime, through: Calls | None = None
    ) -> Listing:
        left = list(moments) or [NOON]
        return Listing(
            kind, query, through or calls, lambda: origin(left.pop(0) if len(left) > 1 else left[0]), flights
        )

    return listing_of


@pytest.fixture
def facts_of(flights: Flights) -> FactsOf:
    """Makes facts of one sort."""
    return lambda ask: FactsAt(flights, ask)


@pytest.fixture
async def inventory_of(sandbox: Sandbox, calls: Calls) -> AsyncIterator[InventoryOf]:
    """Makes an inventory that lives by the sandbox's clock; keywords are its rules."""
    made: list[Inventory] = []

    def inventory_of(through: Calls | None = None, **more: Any) -> Inventory:
        made.append(Inventory(through or calls, PLACE, rules(sandbox, **more)))
        return made[-1]

    yield inventory_of
    for inventory in made:
        await inventory.close()


@pytest.fixture
def inventory(inventory_of: InventoryOf) -> Inventory:
    """An inventory without Search."""
    return inventory_of()


@pytest.fixture
def models(inventory: Inventory) -> Roll:
    """The roll of models."""
    return inventory.rolls[Kind.MODEL]


@pytest.fixture
def shelf(inventory: Inventory) -> Shelf:
    """The shelf of models."""
    return inventory.shelves[Kind.MODEL]


@pytest.fixture
def desk(flights: Flights) -> Desk:
    """A shelf of its own, whose AWS and whose roll say what they are told to."""
    return Desk(flights)


@pytest.fixture
def sight(still: Sandbox, inventory: Inventory, calls: SpiedCalls) -> Sight:
    """Sight of models."""
    return Sight(still, inventory, calls)
