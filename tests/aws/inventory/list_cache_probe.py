"""Probe of a list cache: what a request sees of it, and the calls it costs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aws.client.call_stats import CallStats
from aws.inventory.horizon import horizon_at
from aws.inventory.inventory import Inventory
from aws.inventory.row_store import ListRows
from aws.kinds.kind import Kind
from concurrency.single_flight import SingleFlight
from sandbox.server import Sandbox
from tests.aws.sandbox_account import AGES, RecordingClient, collected_stats, make_models

EVERYTHING = 10**6
# A page and a half: small enough to make, large enough for it to be worth asking only for what is newer.
MANY = [f"m{number:03}" for number in range(150)]
NEWEST_FIRST = MANY[::-1]
Asked = tuple[str, dict[str, Any]]
PAGE: Asked = ("ListModels", {})
NEXT: Asked = ("ListModels", {"NextToken": "…"})


class ListCacheProbe:
    """Looks at one kind's list, request after request."""

    def __init__(self, sandbox: Sandbox, inventory: Inventory, calls: RecordingClient, kind: Kind = Kind.MODEL) -> None:
        self.sandbox = sandbox
        self.inventory = inventory
        self.list_cache = inventory.lists[kind]
        self.call_stats = CallStats()
        self._calls = calls
        self._seen = 0

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.inventory.config.now()

    async def look(self, count: int = EVERYTHING, max_age: float | None = None) -> ListRows:
        """The list, as a request that begins now reads it; its calls are in `call_stats`."""
        with collected_stats() as self.call_stats:
            return await self.list_cache.ensure(horizon_at(AGES, self.now, max_age), count)

    async def names(self, count: int = EVERYTHING, max_age: float | None = None) -> list[str]:
        """The names in it."""
        return [row.name for row in (await self.look(count, max_age)).rows]

    def asked(self) -> Sequence[tuple[str, dict[str, Any]]]:
        """What was asked of AWS since this was last asked for: of lists, only how they were narrowed down."""
        new, self._seen = self._calls.asked[self._seen :], len(self._calls.asked)
        return [(operation, _narrowed(sent)) for operation, sent in new]


def _narrowed(sent: dict[str, Any]) -> dict[str, Any]:
    usual = {"SortBy", "SortOrder", "MaxResults"}
    return {key: "…" if key == "NextToken" else value for key, value in sent.items() if key not in usual}


async def single_flight_done(single_flight: SingleFlight) -> None:
    """Waits until nothing is under way, background work included; its failures are its own affair."""
    while tasks := [flight.task for flight in single_flight._calls.values()]:
        for task in tasks:
            try:
                await task
            except Exception:  # noqa: BLE001 - whatever it was, it is over.
                continue


def make_many(still: Sandbox) -> None:
    """Long enough ago for none of them to be within the two minutes to spare."""
    make_models(still, *MANY)
    still.advance(600)


def after(moment: datetime) -> Asked:
    return "ListModels", {"CreationTimeAfter": moment}
