"""One sort of fact that does not change, by its key: what is known already, and how AWS is asked for the rest."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from aws.errors import AWSError, NotFoundError, ThrottledError, UnavailableError
from aws.inventory.ages import Horizon
from aws.inventory.flights import Flights
from aws.tally import current_tally

Fact = TypeVar("Fact")


class Facts(Generic[Fact]):
    """Facts by key. A fact is what AWS says, None where the thing is gone, or the error that kept it from us.

    Args:
        flights: Where questions under way are shared.
        ask: Asks AWS for the fact of one key; raises AWSError.
        now: The time.
    """

    def __init__(
        self, flights: Flights, ask: Callable[[str], Coroutine[Any, Any, Fact]], now: Callable[[], datetime]
    ) -> None:
        self._flights = flights
        self._ask = ask
        self._now = now
        self._known: dict[str, tuple[Fact | AWSError | None, datetime]] = {}

    async def of(self, keys: Iterable[str], horizon: Horizon) -> Mapping[str, Fact | AWSError | None]:
        """The fact of each key. AWS is asked for those that are not known, all at once, and never twice for one."""
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if not self._holds(key, horizon)]
        if (tally := current_tally.get()) is not None:
            tally.cached += len(wanted) - len(missing)
        if missing:
            await asyncio.gather(*(self._find(key, horizon) for key in missing))
        return {key: self._known[key][0] for key in wanted}

    def _holds(self, key: str, horizon: Horizon) -> bool:
        """A fact lasts for the authority age, a refusal or an absence for the deletion age, a failure for a request."""
        known = self._known.get(key)
        if known is None:
            return False
        fact, at = known
        if isinstance(fact, ThrottledError | UnavailableError):
            return at >= horizon.started
        return at >= (horizon.deletion if fact is None or isinstance(fact, AWSError) else horizon.authority)

    async def _find(self, key: str, horizon: Horizon) -> None:
        while not self._holds(key, horizon):
            await self._flights.join((id(self), key), partial(self._read, key))

    async def _read(self, key: str) -> None:
        at = self._now()
        try:
            self._known[key] = await self._ask(key), at
        except NotFoundError:
            self._known[key] = None, at
        except AWSError as error:
            self._known[key] = error, at
