"""Cache ages, and the horizon of a request that follows from them: the oldest reads that are fresh enough."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

RUNTIME_SECONDS: Final = 60.0
"""Age after which a runtime is described again, even if its row in a list has not changed."""


class CacheAges(Protocol):
    """Cache ages in seconds: `sagemaker` in the settings."""

    @property
    def fresh_seconds(self) -> float:
        """Age below which a cached read is used without a call."""

    @property
    def deletion_seconds(self) -> float:
        """Age after which a list is read whole again, to notice deletions."""

    @property
    def authority_seconds(self) -> float:
        """Age after which a resource is described again, to check the present permissions."""

    @property
    def tag_seconds(self) -> float:
        """Age after which tags are read again."""


@dataclass(frozen=True, slots=True)
class DefaultCacheAges:
    """Cache ages of an inventory without settings; see `CacheAges`.

    Attributes:
        fresh_seconds: Age below which a cached read is used without a call.
        deletion_seconds: Age after which a list is read whole again.
        authority_seconds: Age after which a resource is described again.
        tag_seconds: Age after which tags are read again.
    """

    fresh_seconds: float = 5
    deletion_seconds: float = 300
    authority_seconds: float = 900
    tag_seconds: float = 300


@dataclass(frozen=True, slots=True)
class Horizon:
    """The oldest reads that are fresh enough for one request, by their purpose.

    The moments are fixed when the request begins. A read after that is therefore fresh enough for all of it, and no
    call is repeated.

    Attributes:
        started: The beginning of the request.
        fresh: For lists, and descriptions whose row cannot show a change.
        deletion: For whole lists, in which a missing row means a deletion.
        authority: For descriptions, under the permissions of that time.
        tags: For tags.
        runtime: For descriptions of runtimes.
        remembered: For reads that are shown while AWS does not answer; None stands for `authority`.
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
        """The oldest read that is shown while AWS does not answer."""
        return self.authority if self.remembered is None else self.remembered


LATEST: Final = datetime.max.replace(tzinfo=UTC)
"""The moment of a `Validity` without a bound."""


@dataclass(frozen=True, slots=True)
class Validity:
    """The horizons at which a cached value may be shown: those whose moments are not later than these.

    Attributes:
        authority: The latest `authority`.
        runtime: The latest value of the earlier of `runtime` and `fresh`.
        fresh: The latest `fresh`.
    """

    authority: datetime = LATEST
    runtime: datetime = LATEST
    fresh: datetime = LATEST

    def holds(self, horizon: Horizon) -> bool:
        """Tell whether the value is recent enough for `horizon`."""
        return (
            horizon.authority <= self.authority
            and horizon.fresh <= self.fresh
            and min(horizon.runtime, horizon.fresh) <= self.runtime
        )

    def and_also(self, other: "Validity") -> "Validity":
        """Give the horizons at which this value and the `other` one are recent enough."""
        return Validity(
            min(self.authority, other.authority), min(self.runtime, other.runtime), min(self.fresh, other.fresh)
        )


def horizon_at(ages: CacheAges, started: datetime, max_age: float | None = None) -> Horizon:
    """Give the horizon of a request that begins at `started`; `max_age`, in seconds, asks for newer reads."""

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
