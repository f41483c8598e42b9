"""Cache ages, and the horizon they give one request: the oldest read that is fresh enough."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class CacheAges:
    """The settings' ages, in seconds.

    Attributes:
        fresh: Inside it a query costs nothing.
        deletion: After it a listing is read whole again, so that what was deleted is missed.
        authority: After it a thing is described again, so that the present permission is asked.
        tags: After it tags are read again.
        runtime: After it a runtime is described again, whatever a listing says of it.
    """

    fresh: float = 5
    deletion: float = 300
    authority: float = 900
    tags: float = 300
    runtime: float = 60


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


def horizon_at(ages: CacheAges, started: datetime, max_age: float | None = None) -> Horizon:
    """The horizon of a request that begins now; `max_age`, in seconds, is the client's own wish for newer facts."""

    def since(age: float) -> datetime:
        return started - timedelta(seconds=age if max_age is None else min(age, max_age))

    return Horizon(
        started, since(ages.fresh), since(ages.deletion), since(ages.authority), since(ages.tags), since(ages.runtime)
    )
