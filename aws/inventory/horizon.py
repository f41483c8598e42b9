"""Cache ages, and the horizon they give one request: the oldest read that is fresh enough."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

RUNTIME_SECONDS: Final = 60.0
"""Age after which a runtime is described again, whatever its row in a listing says."""


class CacheAges(Protocol):
    """Cache ages in seconds: `sagemaker` in the settings."""

    @property
    def fresh_seconds(self) -> float:
        """Age inside which a query costs no call."""

    @property
    def deletion_seconds(self) -> float:
        """Age after which a listing is read whole again, to notice deletions."""

    @property
    def authority_seconds(self) -> float:
        """Age after which a resource is described again, under the permissions of that moment."""

    @property
    def tag_seconds(self) -> float:
        """Age after which tags are read again."""


@dataclass(frozen=True, slots=True)
class DefaultCacheAges:
    """Cache ages of an inventory without settings."""

    fresh_seconds: float = 5
    deletion_seconds: float = 300
    authority_seconds: float = 900
    tag_seconds: float = 300


@dataclass(frozen=True, slots=True)
class Horizon:
    """For one request: since when each sort of thing must have been read to be good enough.

    The moments are fixed when the request begins. What is read after that is therefore good for all of it, and nothing
    is asked twice.

    Attributes:
        remembered: While AWS does not answer, what was read since then is shown; None stands for `authority`.
    """

    started: datetime
    fresh: datetime
    deletion: datetime
    authority: datetime
    tags: datetime
    runtime: datetime
    remembered: datetime | None = None

    @property
    def last_known(self) -> datetime:
        """Since when something must have been read to stand for what AWS does not answer now."""
        return self.authority if self.remembered is None else self.remembered


LATEST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Validity:
    """The horizons at which something known may be shown: those of which no moment is later than these.

    Attributes:
        authority: The latest `authority`.
        runtime: The latest of the earlier one of `runtime` and `fresh`.
        fresh: The latest `fresh`.
    """

    authority: datetime = LATEST
    runtime: datetime = LATEST
    fresh: datetime = LATEST

    def holds(self, horizon: Horizon) -> bool:
        """Tell whether the value is recent enough for a horizon."""
        return (
            horizon.authority <= self.authority
            and horizon.fresh <= self.fresh
            and min(horizon.runtime, horizon.fresh) <= self.runtime
        )

    def and_also(self, other: "Validity") -> "Validity":
        """The horizons at which both values are recent enough."""
        return Validity(
            min(self.authority, other.authority), min(self.runtime, other.runtime), min(self.fresh, other.fresh)
        )


def horizon_at(ages: CacheAges, started: datetime, max_age: float | None = None) -> Horizon:
    """The horizon of a request that begins now; `max_age`, in seconds, is the client's own wish for newer facts."""

    def since(age: float) -> datetime:
        return started - timedelta(seconds=age if max_age is None else min(age, max_age))

    return Horizon(
        started,
        since(ages.fresh_seconds),
        since(ages.deletion_seconds),
        since(ages.authority_seconds),
        since(ages.tag_seconds),
        since(RUNTIME_SECONDS),
    )
