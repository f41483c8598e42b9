"""The retry rule of AWS calls: which failures are tried again, how often, and after which pause."""

import asyncio
from collections import Counter

from aws.client.errors import AWSError, CredentialsRejectedError, ThrottledError, UnavailableError
from concurrency.backoff import Backoff

TRIES_WHEN_THROTTLED = 8
TRIES_WHEN_UNAVAILABLE = 2
# Rejected credentials have been dropped, so that the next signature takes new ones. If AWS rejects those, too, none
# are any good.
TRIES_WHEN_REJECTED = 2
# The jitter keeps callers apart that all found AWS unreachable at the same time.
UNAVAILABLE_BACKOFF = Backoff(first=0.5, most=0.5, jitter=True)


class Retries:
    """The failures of one call so far.

    Args:
        tries_when_unavailable: How often a call is made that AWS leaves unanswered; 1 for a write, which may have been
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
        """Return when the call may be made again.

        A throttled call does not wait here: the rate limiter spaces it.

        Raises:
            AWSError: The same error, if no retry can help or none is left.
        """
        kind = type(error)
        self._failures[kind] += 1
        if self._failures[kind] >= self._tries.get(kind, 1):
            raise error
        if kind is UnavailableError:
            await asyncio.sleep(UNAVAILABLE_BACKOFF.seconds(self._failures[kind]))
