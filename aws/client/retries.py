"""The retry rule of AWS calls: the failures that are retried, the number of tries, and the pauses."""

import asyncio
from collections import Counter

from aws.client.errors import AWSError, CredentialsRejectedError, ThrottledError, UnavailableError
from concurrency.backoff import Backoff

TRIES_WHEN_THROTTLED = 8
TRIES_WHEN_UNAVAILABLE = 2
# Rejected credentials have been dropped, so the next signature uses new ones. If AWS rejects those, too, a further
# retry cannot help.
TRIES_WHEN_REJECTED = 2
# The jitter spreads the retries of callers that failed at the same time.
UNAVAILABLE_BACKOFF = Backoff(first=0.5, most=0.5, jitter=True)


class Retries:
    """The failures of one call so far.

    Args:
        tries_when_unavailable: The most tries of a call that AWS does not answer; 1 for a write, which may have been
            executed.
    """

    def __init__(self, tries_when_unavailable: int = TRIES_WHEN_UNAVAILABLE) -> None:
        self._tries: dict[type[AWSError], int] = {
            ThrottledError: TRIES_WHEN_THROTTLED,
            CredentialsRejectedError: TRIES_WHEN_REJECTED,
            UnavailableError: tries_when_unavailable,
        }
        self._failures: Counter[type[AWSError]] = Counter()

    async def pause_or_raise(self, error: AWSError) -> None:
        """Return when the call may be repeated after this error; raise the error if it may not.

        A throttled call does not wait here: the rate limiter spaces it.

        Raises:
            AWSError: `error` itself, if no retry can help or none is left.
        """
        kind = type(error)
        self._failures[kind] += 1
        if self._failures[kind] >= self._tries.get(kind, 1):
            raise error
        if kind is UnavailableError:
            await asyncio.sleep(UNAVAILABLE_BACKOFF.seconds(self._failures[kind]))
