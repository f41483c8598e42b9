"""Cached key set: one read at a time, rate-limited, and kept through a short outage."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from auth.errors import VerificationKeysUnavailableError
from auth.tokens.verification_keys import VerificationKey
from concurrency.single_flight import SingleFlight

KeySet = tuple[VerificationKey, ...]
ReadKeySet = Callable[[], Awaitable[KeySet]]
"""Reads the key set, which may be empty. Raises VerificationKeysUnavailableError."""

REFRESH_SECONDS: Final = 600.0
"""The age at which keys are read again in the background: a key that the issuer withdraws fails within ten minutes."""

EMPTY_REFRESH_SECONDS: Final = 60.0
"""The interval if the issuer had no keys at the last read."""

MAX_STALE_SECONDS: Final = 3600.0
"""The age up to which keys are used while they cannot be read again. Tokens seldom live longer, and an attacker who
cuts the gateway off from the issuer must not keep a withdrawn key alive."""

MIN_READ_INTERVAL_SECONDS: Final = 10.0
"""The least time between two reads, so that made-up key ids cannot make the gateway ask more often."""

KEYS_UNAVAILABLE_MESSAGE: Final = "The keys that tokens are checked with cannot be had now; ask again in a few seconds."
"""The message for callers. The address of the keys and the fault go to the log."""

_READ: Final = "read"
_log = logging.getLogger("sagegraph.keys")


class CachedKeySet:
    """The keys of one document, with their age.

    Args:
        read: Reads the key set.
        clock: Gives seconds that only grow.
    """

    def __init__(self, read: ReadKeySet, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._keys: KeySet | None = None
        self._read_at = self._tried_at = -float("inf")
        self._failed = False
        self._single_flight = SingleFlight(seconds=None)

    @property
    def has_keys(self) -> bool:
        """Tell whether the last read gave any keys."""
        return bool(self._keys)

    async def current(self) -> KeySet:
        """Give the keys; read them first if there are none yet, or if they are older than `MAX_STALE_SECONDS`.

        Raises:
            VerificationKeysUnavailableError: They cannot be read.
        """
        if self._age() > MAX_STALE_SECONDS:
            await self._reread()
        elif self._age() > (REFRESH_SECONDS if self._keys else EMPTY_REFRESH_SECONDS):
            self._start_read()
        if self._keys is None or self._age() > MAX_STALE_SECONDS:
            raise VerificationKeysUnavailableError(KEYS_UNAVAILABLE_MESSAGE)
        return self._keys

    async def reread(self) -> KeySet:
        """Give the keys after another read, for a key that is not among them.

        Within `MIN_READ_INTERVAL_SECONDS` of the last read they are given without another.

        Raises:
            VerificationKeysUnavailableError: The last read failed, so it is unknown whether there is such a key.
        """
        await self._reread()
        if self._failed or self._keys is None:
            raise VerificationKeysUnavailableError(KEYS_UNAVAILABLE_MESSAGE)
        return self._keys

    async def close(self) -> None:
        """End a read that is under way."""
        await self._single_flight.close()

    def _age(self) -> float:
        return self._clock() - self._read_at

    async def _reread(self) -> None:
        task = self._start_read()
        if task is not None:
            # asyncio.wait, not await: a waiter that is cancelled does not stop the read that others wait for.
            await asyncio.wait({task})

    def _start_read(self) -> asyncio.Task[None] | None:
        """The task of the read under way, begun here if the pause is over; None within the pause."""
        if not self._single_flight.is_running(_READ):
            if self._clock() - self._tried_at < MIN_READ_INTERVAL_SECONDS:
                return None
            self._tried_at = self._clock()
        return self._single_flight.start(_READ, self._read_once)

    async def _read_once(self) -> None:
        try:
            self._keys = await self._read()
            self._read_at = self._clock()
            self._failed = False
        except VerificationKeysUnavailableError as error:
            self._failed = True
            _log.warning("The keys that verify tokens could not be read: %s", error)
