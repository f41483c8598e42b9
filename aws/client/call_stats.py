"""Count the AWS calls, throttles and shared answers of one request."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class CallStats:
    """The running account of one request.

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
        """Notes that the answer uses something read at this moment."""
        if self.as_of is None or moment < self.as_of:
            self.as_of = moment


# Set once for each request, so that a call made anywhere below is put on the account of the request that opened it.
current_call_stats: ContextVar[CallStats | None] = ContextVar("current_tally", default=None)


@contextmanager
def collect_call_stats() -> Iterator[CallStats]:
    """Puts the calls that are made inside on an account of their own."""
    tally = CallStats()
    token = current_call_stats.set(tally)
    try:
        yield tally
    finally:
        current_call_stats.reset(token)


def write_request_ids_so_far() -> tuple[str, ...]:
    """The request ids of what has been changed on the account of here; empty where nobody keeps one."""
    tally = current_call_stats.get()
    return () if tally is None else tuple(tally.write_request_ids)


def record_change() -> None:
    """Puts a change on the account of here, if there is one."""
    if (tally := current_call_stats.get()) is not None:
        tally.changed += 1


def changes_so_far() -> int:
    """How many changes of its own the account of here has learned of; none where nobody keeps one."""
    tally = current_call_stats.get()
    return 0 if tally is None else tally.changed
