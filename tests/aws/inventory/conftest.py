"""What tests of the inventory share: how its parts are made, so that no test needs to know."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from aws.client.client import AwsClient
from aws.client.errors import AWSError
from aws.inventory.describe_cache import DescribeCache
from aws.inventory.horizon import horizon_at
from aws.inventory.inventory import Inventory
from aws.inventory.keyed_cache import KeyedCache
from aws.inventory.list_cache import ListCache
from aws.inventory.listings import EVERYTHING, Listing, ListQuery
from aws.kinds.kind import Kind
from concurrency.single_flight import SingleFlight
from sandbox.server import Sandbox
from tests.aws.inventory.describe_cache_harness import DescribeCacheHarness
from tests.aws.inventory.list_cache_probe import ListCacheProbe
from tests.aws.sandbox_account import AGES, NOON, SCOPE_ID, RecordingClient, inventory_config, provenance

ListingOf = Callable[..., Listing]
InventoryOf = Callable[..., Inventory]
Ask = Callable[[str], Coroutine[Any, Any, str]]
Answers = Mapping[str, str | AWSError | None]


class FactsAt:
    """Facts, asked for by requests that begin now; `now` is moved by hand."""

    def __init__(self, single_flight: SingleFlight, ask: Ask) -> None:
        self.now = NOON
        self._facts = KeyedCache(single_flight, ask, lambda: self.now)

    def __call__(self, keys: Iterable[str], max_age: float | None = None) -> Awaitable[Answers]:
        return self._facts.get_many(keys, horizon_at(AGES, self.now, max_age))

    def pass_(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += timedelta(seconds=seconds)


FactsOf = Callable[[Ask], FactsAt]


@pytest.fixture
def listing_of(calls: AwsClient, single_flight: SingleFlight) -> ListingOf:
    """Makes a listing. Its pages are read at these moments, the last of them as often as need be."""

    def listing_of(
        kind: Kind = Kind.MODEL, query: ListQuery = EVERYTHING, *moments: datetime, through: AwsClient | None = None
    ) -> Listing:
        left = list(moments) or [NOON]
        return Listing(
            kind, query, through or calls, lambda: provenance(left.pop(0) if len(left) > 1 else left[0]), single_flight
        )

    return listing_of


@pytest.fixture
def facts_of(single_flight: SingleFlight) -> FactsOf:
    """Makes facts of one sort."""
    return lambda ask: FactsAt(single_flight, ask)


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
    """The list of models."""
    return inventory.lists[Kind.MODEL]


@pytest.fixture
def describe_cache(inventory: Inventory) -> DescribeCache:
    """The cache of models."""
    return inventory.descriptions[Kind.MODEL]


@pytest.fixture
def harness(single_flight: SingleFlight) -> DescribeCacheHarness:
    """A cache of its own, whose AWS and whose list say what they are told to."""
    return DescribeCacheHarness(single_flight)


@pytest.fixture
def probe(still: Sandbox, inventory: Inventory, calls: RecordingClient) -> ListCacheProbe:
    """A probe of the models' list."""
    return ListCacheProbe(still, inventory, calls)
