"""Lists as far as they are known at a time, for answers that wait for no more."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aws.inventory.horizon import Horizon
from aws.inventory.inventory import Inventory
from aws.inventory.list_views import ListView
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind


@dataclass(frozen=True, slots=True)
class KnownList:
    """Rows of a list, newest first, and the moment at which all of it was seen; None if there may be more."""

    rows: Sequence[AnyResource]
    complete_as_of: datetime | None


async def read_until(
    inventory: Inventory, horizon: Horizon, kind: Kind, view: ListView, bound: int, until: float
) -> KnownList:
    """The rows of a kind that are known at a time: the whole list, if its pages can be read by then.

    Reading goes on behind that, for the next question.

    Args:
        inventory: The scope's inventory.
        horizon: How new is new enough.
        kind: The kind.
        view: The request's view of the list.
        bound: The most rows that are read for it.
        until: The loop's time at which what is known is the answer.

    Raises:
        AWSError: The list is refused, or AWS does not answer and nothing known may stand for that.
    """
    try:
        async with asyncio.timeout_at(until):
            await inventory.single_flight.do(("whole", kind), partial(_read, view, bound))
            # Where another request has begun it, this one has yet to take what is there.
            await _read(view, bound)
    except TimeoutError:
        known = inventory.lists[kind].rows()
        is_shown = known.as_of is not None and known.as_of >= horizon.last_known
        return KnownList(known.rows if is_shown else (), None)
    return KnownList(view.rows, view.complete_as_of)


async def _read(view: ListView, bound: int) -> None:
    while view.complete_as_of is None and len(view.rows) < bound:
        await view.ensure(len(view.rows) + 1)
