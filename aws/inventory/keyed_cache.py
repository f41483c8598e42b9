"""Cache of values by key, fetched through single-flight."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from aws.client.call_stats import current_call_stats
from aws.client.errors import TRANSIENT_ERRORS, AWSError, NotFoundError
from aws.inventory.horizon import Horizon
from aws.inventory.weights import weigh_alike
from concurrency.single_flight import SingleFlight

Value = TypeVar("Value")


class KeyedCache(Generic[Value]):
    """Values by key: AWS's answer, None if the resource is gone, or the error of the read.

    Args:
        single_flight: Shares calls under way.
        fetch: Reads the value of one key from AWS; raises AWSError.
        now: Gives the time.

    Attributes:
        hits: The number of lookups that found a value.
        misses: The number of lookups that called AWS.
    """

    def __init__(
        self,
        single_flight: SingleFlight,
        fetch: Callable[[str], Coroutine[Any, Any, Value]],
        now: Callable[[], datetime],
    ) -> None:
        self._flights = single_flight
        self._fetch = fetch
        self._now = now
        self._entries: dict[str, tuple[Value | AWSError | None, datetime]] = {}
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """The number of values kept."""
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """The memory of the values."""
        return weigh_alike(self._entries)

    async def get_many(
        self, keys: Iterable[str], horizon: Horizon, *, volatile: bool = False
    ) -> Mapping[str, Value | AWSError | None]:
        """Give the value of each key; those that are not cached are read at once, each by one call.

        Args:
            keys: The keys.
            horizon: The oldest reads that are fresh enough.
            volatile: True for values that change by themselves, which are valid for the fresh age only.
        """
        since = horizon.fresh if volatile else horizon.authority
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if not self._is_known(key, horizon, since)]
        self.hits += (hits := len(wanted) - len(missing))
        self.misses += len(missing)
        if (stats := current_call_stats.get()) is not None:
            stats.cached += hits
        if missing:
            await asyncio.gather(*(self._fetch_until_known(key, horizon, since) for key in missing))
        return {key: self._entries[key][0] for key in wanted}

    def known(self, key: str, since: datetime) -> Value | None:
        """Give the cached value of `key` if it was read at `since` or later, else None; AWS is not called."""
        value, at = self._entries.get(key, (None, since))
        return None if isinstance(value, AWSError) or at < since else value

    def _is_known(self, key: str, horizon: Horizon, since: datetime) -> bool:
        """A refusal or an absence is valid for the deletion age, a transient failure for one request."""
        known = self._entries.get(key)
        if known is None:
            return False
        fact, at = known
        if isinstance(fact, TRANSIENT_ERRORS):
            return at >= horizon.started
        return at >= (horizon.deletion if fact is None or isinstance(fact, AWSError) else since)

    async def _fetch_until_known(self, key: str, horizon: Horizon, since: datetime) -> None:
        while not self._is_known(key, horizon, since):
            await self._flights.do((id(self), key), partial(self._read, key))

    async def _read(self, key: str) -> None:
        at = self._now()
        try:
            self._entries[key] = await self._fetch(key), at
        except NotFoundError:
            self._entries[key] = None, at
        except AWSError as error:
            self._entries[key] = error, at
