"""Refreshable keys: fetched on first use, renewed before they expire, one renewal at a time."""

import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Final

from auth.credentials.aws_keys import AwsKeys
from auth.errors import CredentialsError, CredentialsUnavailableError, RoleRefusedError
from concurrency.single_flight import SingleFlight

ADVISORY_REFRESH: Final = timedelta(minutes=15)
"""With less than this left, keys are renewed in the background while they go on being used (botocore's own figure)."""

MANDATORY_REFRESH: Final = timedelta(minutes=5)
"""With less than this left, keys are no longer used. No request that they sign takes longer."""

FAILED_REFRESH_PAUSE: Final = timedelta(seconds=30)
"""The pause after a failed renewal in the background, so that an STS that is down is not called at every request."""

INVALIDATION_PAUSE: Final = timedelta(seconds=5)
"""The time after keys were dropped in which their successors stay: late rejections still concern the old ones."""

log = logging.getLogger(__name__)


class RefreshableKeys:
    """The keys of one caller in one role.

    botocore's RefreshableCredentials do not suit many waiters: a renewal ends with the caller who began it, each waiter
    repeats a failed renewal, and each new caller repeats a failed early one.

    Args:
        single_flight: Shares a renewal under way.
        fetch: Gets new keys.
        now: Gives the time, with its zone.
    """

    def __init__(
        self,
        single_flight: SingleFlight,
        fetch: Callable[[], Coroutine[Any, Any, AwsKeys]],
        now: Callable[[], datetime],
    ) -> None:
        self._fetch = fetch
        self._now = now
        self._single_flight = single_flight
        self._keys: AwsKeys | None = None
        self._mandatory_at: datetime | None = None
        self._advisory_at: datetime | None = None
        self._invalidated_at: datetime | None = None

    async def get(self) -> AwsKeys:
        """Give keys that are valid for some minutes yet.

        Raises:
            CredentialsError: There are no such keys, and STS gave none.
        """
        now = self._now()
        if self._keys is None or (self._mandatory_at is not None and now >= self._mandatory_at):
            return await self._single_flight.do(("keys", id(self)), self._refresh)
        if self._advisory_at is not None and now >= self._advisory_at:
            self._single_flight.start(("keys", id(self)), self._refresh)
        return self._keys

    def invalidate(self) -> None:
        """Drop the keys, because AWS rejects them; the next use gets new ones.

        A second call shortly after the first has no effect.
        """
        now = self._now()
        if self._invalidated_at is None or now - self._invalidated_at >= INVALIDATION_PAUSE:
            self._invalidated_at = now
            self._keys = None

    async def _refresh(self) -> AwsKeys:
        try:
            keys = await self._fetch()
        except RoleRefusedError:
            # The caller has lost the role, so the rest of the session must not be used.
            self._keys = None
            raise
        except CredentialsError as error:
            self._advisory_at = self._now() + FAILED_REFRESH_PAUSE
            if self._keys is not None:
                log.warning(
                    "AWS keys could not be renewed; the present ones are valid until %s. %s",
                    self._keys.expires_at,
                    error,
                )
            raise
        return self._store(keys)

    def _store(self, keys: AwsKeys) -> AwsKeys:
        if keys.expires_at is None:
            self._keys = keys
            return keys
        left = keys.expires_at - self._now()
        if left <= timedelta(0):
            raise CredentialsUnavailableError("STS gave keys that have already expired; check the gateway's clock.")
        # A session shorter than the usual hour gets shorter windows, or it would be renewed all the time.
        self._mandatory_at = keys.expires_at - min(MANDATORY_REFRESH, left / 6)
        self._advisory_at = keys.expires_at - min(ADVISORY_REFRESH, left / 3)
        self._keys = keys
        return keys
