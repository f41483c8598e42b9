"""Lists as far as they are known at a deadline, for answers that wait no longer."""

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
    """The known rows of a list.

    Attributes:
        rows: The rows, newest first.
        complete_as_of: The time at which the whole list was seen; None if there may be more rows.
    """

    rows: Sequence[AnyResource]
    complete_as_of: datetime | None


async def read_until(
    inventory: Inventory, horizon: Horizon, kind: Kind, view: ListView, bound: int, until: float
) -> KnownList:
    """Give the rows of a kind that are known at a deadline: the whole list, if its pages can be read by then.

    The read goes on after the deadline, for the next query.

    Args:
        inventory: The scope's inventory.
        horizon: The oldest reads that are fresh enough.
        kind: The kind.
        view: The request's view of the list.
        bound: The most rows that are read for it.
        until: The event loop's time of the deadline.

    Raises:
        AWSError: The list is refused, or AWS does not answer and no cached rows are recent enough.
    """
    try:
        async with asyncio.timeout_at(until):
            await inventory.single_flight.do(("whole", kind), partial(_read, view, bound))
            # If another request has begun the read, this request's view has yet to take its rows.
            await _read(view, bound)
    except TimeoutError:
        known = inventory.lists[kind].rows()
        is_shown = known.as_of is not None and known.as_of >= horizon.last_known
        return KnownList(known.rows if is_shown else (), None)
    return KnownList(view.rows, view.complete_as_of)


async def _read(view: ListView, bound: int) -> None:
    while view.complete_as_of is None and len(view.rows) < bound:
        await view.ensure(len(view.rows) + 1)
