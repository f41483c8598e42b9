"""Scopes: account, region and effective role, each with clients and caches of its own."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from aws.client.client import AwsClient, CallPolicy
from aws.client.rate_limit import RateLimiters
from aws.client.service_clients import AwsEndpoint, CredentialsProvider, ServiceClients
from aws.inventory.cache_states import CacheState, add_states
from aws.inventory.inventory import Inventory, InventoryConfig, ScopeId
from aws.inventory.reader import Reader
from aws.storage import ObjectStorage
from aws.write.writer import Writer
from concurrency.call_observer import UNOBSERVED, CallObserver

# The bound of all scopes together; the largest supported account has 50,000 jobs, each a row and a description.
MAX_BYTES = 512 * 2**20

WEIGH_SECONDS: Final = 1.0
"""The least time between two measurements of a scope's memory: each takes a third of a millisecond."""


@dataclass(slots=True)
class Scope:
    """One scope with everything that it keeps while it lives.

    Attributes:
        key: See `ScopeSource.key`.
        account_id: Its account.
        region: Its region.
        role: The principal that makes the calls: a role's ARN, or a word for stored keys.
        inventory: Its caches.
        writer: Its writes.
        clients: Its clients.
        users: The number of requests that use it now.
        closed: True once it is closed, so that a new one must be opened.
    """

    key: str
    account_id: str
    region: str
    role: str | None
    inventory: Inventory
    writer: Writer
    clients: ServiceClients
    users: int = field(default=0)
    closed: bool = field(default=False)

    async def close(self) -> None:
        """End the calls under way, and close the clients."""
        self.closed = True
        await self.inventory.close()
        await self.clients.close()


@dataclass(frozen=True, slots=True)
class ScopeSource:
    """The key of a scope, and the parts that a new one is made of.

    Attributes:
        identity: Everything that decides which resources it may read, beside account and region.
        account_id: Its account.
        role: The principal that makes its calls, for messages; None if it is not known.
        endpoint: The region and address of AWS.
        credentials: Signs its calls as the current caller.
        on_rejected: Called when AWS rejects the credentials that signed a call.
        rate_limiters: The process's rate limiters.
        inventory_config: The configuration of its inventory.
        observer: Hears of each call to AWS, for metrics.
        key: The scope's key: equal in every process, and a digest that reveals nothing of its content.
    """

    identity: Hashable
    account_id: str
    role: str | None
    endpoint: AwsEndpoint
    credentials: CredentialsProvider
    on_rejected: Callable[[], None]
    rate_limiters: RateLimiters
    inventory_config: InventoryConfig
    observer: CallObserver = UNOBSERVED
    key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _digest(self.identity, self.account_id, self.endpoint.region))

    def open(self) -> Scope:
        """Make a new scope with empty caches."""
        clients, region = ServiceClients(self.endpoint, self.credentials), self.endpoint.region
        policy = CallPolicy(
            self.role, self.account_id, region, self.rate_limiters, self.on_rejected, observer=self.observer
        )
        calls = AwsClient(clients, policy)
        inventory = Inventory(calls, ScopeId(self.key, self.account_id, region), self.inventory_config)
        writer = Writer(calls, inventory, ObjectStorage(calls, clients))
        return Scope(self.key, self.account_id, region, self.role, inventory, writer, clients)


@lru_cache(maxsize=1024)
def _digest(*parts: Hashable) -> str:
    return hashlib.blake2s(repr(parts).encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenScope:
    """A scope that was opened for one caller.

    Attributes:
        key: Its key.
        role: The principal that makes its calls; None if it is not known.
        account_id: Its account.
        region: Its region.
        reader: Reads its inventory for one request.
        writer: Its writes.
    """

    key: str
    role: str | None
    account_id: str
    region: str
    reader: Reader
    writer: Writer


@dataclass(frozen=True, slots=True)
class _Weight:
    """The memory of a scope's inventory, and the time of the measurement."""

    bytes: int
    at: float


class ScopePool:
    """Every scope of the process. The least recently used one is closed first, never one in use.

    Args:
        limit: The most scopes that are kept while they are not in use.
        max_bytes: The most memory of all scopes that are not in use, in bytes.
        clock: Gives the time in seconds.

    Attributes:
        evicted: The number of scopes that were closed because of these limits.
    """

    def __init__(self, limit: int, max_bytes: int = MAX_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._max_bytes = max_bytes
        self._clock = clock
        self._scopes: OrderedDict[str, Scope] = OrderedDict()
        self._weights: OrderedDict[str, _Weight] = OrderedDict()
        self._bytes = 0
        self._former: dict[str, CacheState] = {}
        self.evicted = 0

    def __len__(self) -> int:
        """The number of open scopes."""
        return len(self._scopes)

    @property
    def in_use(self) -> int:
        """The number of scopes that are in use now."""
        return sum(scope.users > 0 for scope in self._scopes.values())

    @property
    def bytes(self) -> int:
        """The memory of all open scopes, as last measured."""
        return self._bytes

    def cache_states(self) -> Mapping[str, CacheState]:
        """Give the states of caches by name; counts of closed scopes stay in the totals."""
        total = {name: replace(state) for name, state in self._former.items()}
        for scope in self._scopes.values():
            add_states(total, scope.inventory.caches())
        return total

    def use(self, source: ScopeSource) -> "_Use":
        """Give a context manager of the scope of this source, which stays open at least until the block ends."""
        return _Use(self, source)

    def inventory(self, key: str) -> Inventory | None:
        """Give the inventory of the scope with this key; None if it is not open."""
        scope = self._scopes.get(key)
        return None if scope is None else scope.inventory

    def take(self, source: ScopeSource) -> Scope:
        """Give the scope of this source, in use until `release`; see `use`."""
        if (scope := self._scopes.get(source.key)) is None:
            scope = self._scopes[source.key] = source.open()
        self._scopes.move_to_end(scope.key)
        scope.users += 1
        return scope

    def hold(self, key: str) -> Scope | None:
        """Keep the open scope `key` in use beyond the request that uses it, until `release`; None if it is not open."""
        if (scope := self._scopes.get(key)) is not None:
            scope.users += 1
        return scope

    async def release(self, scope: Scope) -> None:
        """End one use of a scope."""
        scope.users -= 1
        await self._let_go(scope)

    async def _let_go(self, scope: Scope) -> None:
        """Measure the scope, and the one that was measured longest ago; close scopes beyond the limits."""
        self._weigh(scope.key)
        self._weigh(next(iter(self._weights), scope.key))
        # Each round looks again: while one scope is closed, another may come into use.
        while self._is_over_limit() and (key := self._longest_idle()):
            self.evicted += 1
            await self._remove(key).close()

    def _weigh(self, key: str) -> None:
        now, scope, before = self._clock(), self._scopes.get(key), self._weights.get(key)
        if scope is None or (before is not None and now < before.at + WEIGH_SECONDS):
            return
        weight = self._weights[key] = _Weight(scope.inventory.bytes, now)
        self._weights.move_to_end(key)
        self._bytes += weight.bytes - (before.bytes if before else 0)

    def _remove(self, key: str) -> Scope:
        if (weight := self._weights.pop(key, None)) is not None:
            self._bytes -= weight.bytes
        scope = self._scopes.pop(key)
        add_states(self._former, scope.inventory.caches())
        for name in self._former:
            self._former[name] = replace(self._former[name], entries=0, bytes=0)
        return scope

    def _is_over_limit(self) -> bool:
        return len(self._scopes) > self._limit or self._bytes > self._max_bytes

    def _longest_idle(self) -> str | None:
        return next((key for key, scope in self._scopes.items() if not scope.users), None)

    async def close(self) -> None:
        """Close every scope."""
        while self._scopes:
            await self._remove(next(reversed(self._scopes))).close()

    async def drop(self, source: ScopeSource) -> None:
        """Close the scope of this source, because its role is refused; requests that still use it fail."""
        if source.key in self._scopes:
            await self._remove(source.key).close()


class _Use:
    """The use of a scope while a block runs."""

    def __init__(self, pool: ScopePool, source: ScopeSource) -> None:
        self._pool = pool
        self._source = source

    async def __aenter__(self) -> Scope:
        self._scope = self._pool.take(self._source)
        return self._scope

    async def __aexit__(self, *_error: object) -> None:
        await self._pool.release(self._scope)
