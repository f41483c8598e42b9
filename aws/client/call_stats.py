"""Count the AWS calls, throttles and shared answers of one request."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class CallStats:
    """Statistics of one request.

    Attributes:
        calls: The number of calls of each AWS operation, retries included.
        throttled: The number of calls that AWS throttled.
        shared: The number of answers from calls that another request of this process had begun.
        cached: The number of answers from caches.
        stale: True if an older answer was used because AWS did not answer or throttled.
        as_of: The time of the oldest read that the answer rests on; None if it rests on none.
        write_request_ids: AWS's ids of the writing calls, in their order.
        changed: The number of its own changes that the inventory recorded, including those whose answer was lost.
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
        """Note that the answer uses a read at this moment."""
        if self.as_of is None or moment < self.as_of:
            self.as_of = moment

    def note_reads_at(self, moments: Iterable[datetime]) -> None:
        """Note that the answer uses data read at these moments."""
        if (oldest := min(moments, default=None)) is not None:
            self.note_read_at(oldest)


# Set once for each request, so that a call at any depth counts for its request.
current_call_stats: ContextVar[CallStats | None] = ContextVar("current_call_stats", default=None)


@contextmanager
def collect_call_stats() -> Iterator[CallStats]:
    """Collect the statistics of the calls inside the block."""
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
