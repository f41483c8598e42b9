"""Keeps what was read of one document of keys: one read at a time, seldom, and known keys outlive a short outage."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from auth.errors import KeysUnavailableError
from auth.tokens.keys import VerificationKey

Keys = tuple[VerificationKey, ...]
Read = Callable[[], Awaitable[Keys]]
"""Reads the document. Raises KeysUnavailableError; no keys at all are an answer too."""

FRESH_SECONDS: Final = 600.0
"""After this time keys are read again, in the background: an issuer's withdrawal of a key counts within ten minutes."""

EMPTY_SECONDS: Final = 60.0
"""The same where the answer was that there are none."""

STALE_SECONDS: Final = 3600.0
"""How long keys count while they cannot be read again. Tokens seldom live longer, so nobody is helped by more, and
whoever can keep the gateway from the issuer should not keep a withdrawn key alive."""

PAUSE_SECONDS: Final = 10.0
"""The least time between two reads, whatever is asked for: made-up key ids cannot make the gateway ask more often."""

UNAVAILABLE: Final = "The keys that tokens are checked with cannot be had now; ask again in a few seconds."
"""What callers are told. Where the keys are and what is wrong with them is for the log."""

_log = logging.getLogger("sagegraph.keys")


class KeptKeys:
    """The keys of one document.

    Args:
        read: Reads the document.
        clock: Seconds that only grow.
    """

    def __init__(self, read: Read, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._keys: Keys | None = None
        self._read_at = self._tried_at = -float("inf")
        self._failed = False
        self._flight: asyncio.Task[None] | None = None

    @property
    def are_any(self) -> bool:
        """Whether there are keys, as far as is known."""
        return bool(self._keys)

    async def current(self) -> Keys:
        """Give the keys, reading them where there are none yet or none that still count.

        Raises:
            KeysUnavailableError: They cannot be read.
        """
        if self._age() > STALE_SECONDS:
            await self._renew()
        elif self._age() > (FRESH_SECONDS if self._keys else EMPTY_SECONDS):
            self._start()
        if self._keys is None or self._age() > STALE_SECONDS:
            raise KeysUnavailableError(UNAVAILABLE)
        return self._keys

    async def renewed(self) -> Keys:
        """Give the keys after another read, for a key that is not among them; inside the pause, give them as they are.

        Raises:
            KeysUnavailableError: The last read failed, so that nobody knows whether there is such a key by now.
        """
        await self._renew()
        if self._failed or self._keys is None:
            raise KeysUnavailableError(UNAVAILABLE)
        return self._keys

    async def close(self) -> None:
        """End a read that is under way."""
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.wait({self._flight})

    def _age(self) -> float:
        return self._clock() - self._read_at

    async def _renew(self) -> None:
        flight = self._start()
        if flight is not None:
            # Waited for, not awaited: who stops waiting does not stop the read that others wait for.
            await asyncio.wait({flight})

    def _start(self) -> asyncio.Task[None] | None:
        """The read that is under way, begun here if the pause is over; None within the pause."""
        if self._flight is None and self._clock() - self._tried_at >= PAUSE_SECONDS:
            self._tried_at = self._clock()
            self._flight = asyncio.create_task(self._read_once())
        return self._flight

    async def _read_once(self) -> None:
        try:
            self._keys = await self._read()
            self._read_at = self._clock()
            self._failed = False
        except KeysUnavailableError as error:
            self._failed = True
            _log.warning("The keys that tokens are checked with could not be read: %s", error)
        finally:
            self._flight = None
