"""Count the AWS calls, throttles and shared answers of one request."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class CallStats:
    """Statistics of one request.

    Attributes:
        calls: How often each AWS operation was called on its behalf, retries included.
        throttled: How many of those AWS refused for being too many.
        shared: How many answers came from a call that another caller of this process had already begun.
        cached: How many answers were already known.
        stale: Whether something had to be answered from before, because AWS was down or turned calls away.
        as_of: The oldest moment that the answer rests on.
        write_request_ids: The request ids that AWS gave to what was changed, in their order.
        changed: How many changes of its own the inventory has learned of, those whose answer was lost among them.
    """

    calls: Counter[str] = field(default_factory=Counter)
    throttled: int = 0
    shared: int = 0
    cached: int = 0
    stale: bool = False
    as_of: datetime | None = None
    write_request_ids: list[str] = field(default_factory=list)
    changed: int = 0

    def note_read_at(self, moment: datetime) -> None:
        """Note that the answer uses something read at this moment."""
        if self.as_of is None or moment < self.as_of:
            self.as_of = moment


# Set once for each request, so that a call made anywhere below counts for the request that began it.
current_call_stats: ContextVar[CallStats | None] = ContextVar("current_call_stats", default=None)


@contextmanager
def collect_call_stats() -> Iterator[CallStats]:
    """Collect the statistics of the calls made inside."""
    stats = CallStats()
    token = current_call_stats.set(stats)
    try:
        yield stats
    finally:
        current_call_stats.reset(token)


def write_request_ids_so_far() -> tuple[str, ...]:
    """The request ids of the current request's writes so far; empty outside of a request."""
    stats = current_call_stats.get()
    return () if stats is None else tuple(stats.write_request_ids)


def record_change() -> None:
    """Count a change of the current request, if there is one."""
    if (stats := current_call_stats.get()) is not None:
        stats.changed += 1


def changes_so_far() -> int:
    """The number of its own changes that the current request knows of; 0 outside of a request."""
    stats = current_call_stats.get()
    return 0 if stats is None else stats.changed
