"""What tests of the inventory share: how its parts are made, so that no test needs to know."""

from aws.client.client import AwsClient
from aws.client.errors import AWSError
from aws.inventory.describe_cache import DescribeCache
from aws.inventory.horizon import horizon_at
from aws.inventory.inventory import Inventory
from aws.inventory.keyed_cache import KeyedCache
from aws.inventory.list_cache import ListCache
from aws.inventory.listings import EVERYTHING
from aws.inventory.listings import ListQuery
from aws.inventory.listings import Listing
from aws.kinds.kind import Kind
from collections.abc import AsyncIterator
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Coroutine
from collections.abc import Iterable
from collections.abc import Mapping
from concurrency.single_flight import SingleFlight
from datetime import datetime
from datetime import timedelta
from sandbox.server import Sandbox
from tests.aws.inventory.describe_cache_harness import DescribeCacheHarness
from tests.aws.inventory.list_cache_probe import ListCacheProbe
from tests.aws.sandbox_account import AGES
from tests.aws.sandbox_account import NOON
from tests.aws.sandbox_account import RecordingClient
from tests.aws.sandbox_account import SCOPE_ID
from tests.aws.sandbox_account import inventory_config
from tests.aws.sandbox_account import provenance
from tests.conftest import flights
from typing import Any
import pytest


ListingOf = Callable[..., Listing]
InventoryOf = Callable[..., Inventory]
Ask = Callable[[str], Coroutine[Any, Any, str]]
Answers = Mapping[str, str | AWSError | None]


class FactsAt:
    """Facts, asked for by requests that begin now; `now` is moved by hand."""

    def __init__(self, flights: SingleFlight, ask: Ask) -> None:
        self.now = NOON
        self._facts = KeyedCache(flights, ask, lambda: self.now)

    def __call__(self, keys: Iterable[str], max_age: float | None = None) -> Awaitable[Answers]:
        return self._facts.get_many(keys, horizon_at(AGES, self.now, max_age))

    def pass_(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += timedelta(seconds=seconds)


FactsOf = Callable[[Ask], FactsAt]


@pytest.fixture
def listing_of(calls: AwsClient, flights: SingleFlight) -> ListingOf:
    """Makes a listing. Its pages are read at these moments, the last of them as often as need be."""

    def listing_of(
        kind: Kind = Kind.MODEL, query: ListQuery = EVERYTHING, *moments: datetime, through: AwsClient | None = None
    ) -> Listing:
        left = list(moments) or [NOON]
        return Listing(
            kind, query, through or calls, lambda: provenance(left.pop(0) if len(left) > 1 else left[0]), flights
        )

    return listing_of


@pytest.fixture
def facts_of(flights: SingleFlight) -> FactsOf:
    """Makes facts of one sort."""
    return lambda ask: FactsAt(flights, ask)


@pytest.fixture
async def inventory_of(sandbox: Sandbox, calls: AwsClient) -> AsyncIterator[InventoryOf]:
    """Makes an inventory that lives by the sandbox's clock; keywords are its rules."""
    made: list[Inventory] = []

    def inventory_of(through: AwsClient | None = None, **more: Any) -> Inventory:
        made.append(Inventory(through or calls, SCOPE_ID, inventory_config(sandbox, **more)))
        return made[-1]

    yield inventory_of
    for inventory in made:
        await inventory.close()


@pytest.fixture
def inventory(inventory_of: InventoryOf) -> Inventory:
    """An inventory without Search."""
    return inventory_of()


@pytest.fixture
def models(inventory: Inventory) -> ListCache:
    """The roll of models."""
    return inventory.lists[Kind.MODEL]


@pytest.fixture
def shelf(inventory: Inventory) -> DescribeCache:
    """The shelf of models."""
    return inventory.descriptions[Kind.MODEL]


@pytest.fixture
def desk(flights: SingleFlight) -> DescribeCacheHarness:
    """A shelf of its own, whose AWS and whose roll say what they are told to."""
    return DescribeCacheHarness(flights)


@pytest.fixture
def sight(still: Sandbox, inventory: Inventory, calls: RecordingClient) -> ListCacheProbe:
    """Sight of models."""
    return ListCacheProbe(still, inventory, calls)
