"""Cost and concurrency of each caller, in this process."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from resolvers.errors import RateLimitedError

WINDOW: Final = timedelta(minutes=1)
_RETRY_CONCURRENT: Final = timedelta(seconds=1)
_FORGET_EACH: Final = timedelta(seconds=1)


class CallerLimitConfig(Protocol):
    """The limits of one caller: `limits.callers` in the settings."""

    @property
    def cost_per_minute(self) -> int | None:
        """Cost of the queries of one minute; None sets no limit."""

    @property
    def concurrent(self) -> int:
        """Requests at once."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The budget of a caller, as the schema's `RateLimit` shows it.

    Attributes:
        limit: The cost that one minute may have.
        cost: The cost of the present query.
        used: The cost of the minute so far, the present query included.
        remaining: The cost that is left.
        reset_at: The end of the minute.
    """

    limit: int
    cost: int
    used: int
    remaining: int
    reset_at: datetime


@dataclass(slots=True)
class _Account:
    """The work of one caller.

    Attributes:
        running: Requests that are being answered.
        used: The cost of the present window.
        resets_at: The end of the present window.
    """

    running: int = 0
    used: int = 0
    resets_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))


class CallerLimiter:
    """Fixed-window limiter of cost, and limiter of concurrency, per caller.

    Args:
        config: The limits.
        now: The present time, with an offset.
    """

    def __init__(self, config: CallerLimitConfig, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._config = config
        self._now = now
        self._accounts: dict[str, _Account] = {}
        self._next_look = datetime.min.replace(tzinfo=UTC)

    @property
    def size(self) -> int:
        """The number of callers that are remembered."""
        return len(self._accounts)

    def running(self, subject: str) -> "CallerBudget":
        """Count one request of the caller with this subject while a block with its budget runs.

        Raises:
            RateLimitedError: The caller has as many requests running as they may.
        """
        self._forget_idle()
        account = self._accounts.setdefault(subject, _Account())
        if account.running >= self._config.concurrent:
            raise RateLimitedError(
                f"You have {account.running} requests running, and {self._config.concurrent} is the most "
                "(`limits.callers.concurrent`); wait for one of them.",
                _RETRY_CONCURRENT.total_seconds(),
            )
        return CallerBudget(self._config.cost_per_minute, account, self._now)

    def _forget_idle(self) -> None:
        """Forget callers without work, once a second, so that their number is bounded by those of one minute."""
        now = self._now()
        if now < self._next_look:
            return
        self._next_look = now + _FORGET_EACH
        idle = [name for name, one in self._accounts.items() if not one.running and one.resets_at <= now]
        for name in idle:
            del self._accounts[name]


class CallerBudget:
    """The budget of one caller, for one request of theirs, which runs for as long as the block with it does.

    Args:
        limit: The cost of one minute; None sets no limit.
        account: The caller's work, which all of their requests share.
        now: The present time, with an offset.
    """

    def __init__(self, limit: int | None, account: _Account, now: Callable[[], datetime]) -> None:
        self._limit = limit
        self._account = account
        self._now = now
        self._cost = 0

    def __enter__(self) -> "CallerBudget":
        self._account.running += 1
        return self

    def __exit__(self, *_error: object) -> None:
        self._account.running -= 1

    def charge(self, cost: int) -> None:
        """Take the cost of a query, at least 1, off the budget; a query that is refused costs nothing.

        Raises:
            RateLimitedError: Less is left of this minute.
        """
        if self._limit is None:
            return
        now, account, cost = self._now(), self._account, max(1, cost)
        if account.resets_at <= now:
            account.used, account.resets_at = 0, now + WINDOW
        if account.used + cost > self._limit:
            raise RateLimitedError(
                f"The query costs {cost}, and {self._limit - account.used} of the {self._limit} that you may use in a "
                "minute is left (`limits.callers.costPerMinute`); wait, or ask for less.",
                math.ceil((account.resets_at - now).total_seconds()),
            )
        account.used += cost
        self._cost = cost

    def rate_limit(self) -> RateLimit | None:
        """Give the state of the budget, or None if no limit is set."""
        if self._limit is None:
            return None
        used = self._account.used
        return RateLimit(self._limit, self._cost, used, self._limit - used, self._account.resets_at)
