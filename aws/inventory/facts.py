"""One sort of fact by its key: what is known already, and how AWS is asked for the rest."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
from typing import Any, Generic, TypeVar

from aws.errors import AWSError, NotFoundError
from aws.inventory.flights import Flights
from aws.tally import current_tally

Fact = TypeVar("Fact")


class Facts(Generic[Fact]):
    """Facts by key. A fact is what AWS says, None where the thing is gone, or the error that kept it from us.

    Args:
        flights: Where questions under way are shared.
        ask: Asks AWS for the fact of one key; raises AWSError.
    """

    def __init__(self, flights: Flights, ask: Callable[[str], Coroutine[Any, Any, Fact]]) -> None:
        self._flights = flights
        self._ask = ask
        self._known: dict[str, Fact | AWSError | None] = {}

    async def of(self, keys: Iterable[str]) -> Mapping[str, Fact | AWSError | None]:
        """The fact of each key. AWS is asked for those that are not known, all at once, and never twice for one."""
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if key not in self._known]
        if (tally := current_tally.get()) is not None:
            tally.cached += len(wanted) - len(missing)
        if missing:
            await asyncio.gather(*(self._flights.join((id(self), key), partial(self._find, key)) for key in missing))
        return {key: self._known[key] for key in wanted}

    async def _find(self, key: str) -> None:
        try:
            self._known[key] = await self._ask(key)
        except NotFoundError:
            self._known[key] = None
        except AWSError as error:
            self._known[key] = error
