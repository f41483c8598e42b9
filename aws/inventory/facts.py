"""One sort of fact by its key: what is known already, and how AWS is asked for the rest."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from aws.errors import PASSING, AWSError, NotFoundError
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

    async def of(
        self, keys: Iterable[str], horizon: Horizon, *, changing: bool = False
    ) -> Mapping[str, Fact | AWSError | None]:
        """The fact of each key. AWS is asked for those that are not known, all at once, and never twice for one.

        Args:
            keys: Whose facts.
            horizon: How new is new enough.
            changing: True for facts that change by themselves, which last for the fresh age alone.
        """
        since = horizon.fresh if changing else horizon.authority
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if not self._holds(key, horizon, since)]
        if (tally := current_tally.get()) is not None:
            tally.cached += len(wanted) - len(missing)
        if missing:
            await asyncio.gather(*(self._find(key, horizon, since) for key in missing))
        return {key: self._known[key][0] for key in wanted}

    def _holds(self, key: str, horizon: Horizon, since: datetime) -> bool:
        """A refusal or an absence lasts for the deletion age, a failure for a request."""
        known = self._known.get(key)
        if known is None:
            return False
        fact, at = known
        if isinstance(fact, PASSING):
            return at >= horizon.started
        return at >= (horizon.deletion if fact is None or isinstance(fact, AWSError) else since)

    async def _find(self, key: str, horizon: Horizon, since: datetime) -> None:
        while not self._holds(key, horizon, since):
            await self._flights.join((id(self), key), partial(self._read, key))

    async def _read(self, key: str) -> None:
        at = self._now()
        try:
            self._known[key] = await self._ask(key), at
        except NotFoundError:
            self._known[key] = None, at
        except AWSError as error:
            self._known[key] = error, at
