"""auth.tokens.jwks_cache: one read at a time, seldom, and known keys outlive a short outage."""

import asyncio
import logging
from typing import Any

import pytest

from auth.errors import VerificationKeysUnavailableError
from auth.tokens.jwks_cache import (
    EMPTY_REFRESH_SECONDS,
    KEYS_UNAVAILABLE_MESSAGE,
    MAX_STALE_SECONDS,
    MIN_READ_INTERVAL_SECONDS,
    REFRESH_SECONDS,
    CachedKeySet,
    KeySet,
)
from auth.tokens.verification_keys import VerificationKey
from tests.auth.tokens.token_issuer import Clock, SigningKey


class Document:
    """What is read; counts the reads."""

    def __init__(self, *keys: VerificationKey) -> None:
        self.keys: KeySet = keys
        self.reads = 0
        self.is_down = False
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> KeySet:
        self.reads += 1
        self.begun.set()
        await self.may_end.wait()
        if self.is_down:
            raise VerificationKeysUnavailableError("The keys' address is down.")
        return self.keys


@pytest.fixture
def key(ec_key: SigningKey) -> VerificationKey:
    public: Any = ec_key.key.public_key()
    return VerificationKey("k", ("ES256",), public)


async def background() -> None:
    """Lets a read in the background end."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_keys_are_read_once_while_they_are_fresh(key: VerificationKey, seconds: Clock) -> None:
    document = Document(key)
    cached_key_set = CachedKeySet(document, seconds)
    assert not cached_key_set.has_keys
    assert await cached_key_set.current() == (key,)
    seconds.seconds += REFRESH_SECONDS
    assert await cached_key_set.current() == (key,)
    assert (document.reads, cached_key_set.has_keys) == (1, True)


async def test_then_they_are_read_again_in_the_background(key: VerificationKey, seconds: Clock) -> None:
    document = Document(key)
    cached_key_set = CachedKeySet(document, seconds)
    await cached_key_set.current()
    document.keys = ()
    seconds.seconds += REFRESH_SECONDS + 1
    assert [await cached_key_set.current(), await cached_key_set.current()] == [(key,), (key,)]
    await background()
    assert (await cached_key_set.current(), document.reads) == ((), 2)


async def test_that_there_are_none_is_known_for_a_shorter_time(key: VerificationKey, seconds: Clock) -> None:
    document = Document()
    cached_key_set = CachedKeySet(document, seconds)
    assert await cached_key_set.current() == ()
    document.keys = (key,)
    seconds.seconds += EMPTY_REFRESH_SECONDS + 1
    await cached_key_set.current()
    await background()
    assert (await cached_key_set.current(), document.reads) == ((key,), 2)


async def test_many_wait_for_one_read_and_leaving_it_does_not_end_it(key: VerificationKey, seconds: Clock) -> None:
    document = Document(key)
    document.may_end.clear()
    cached_key_set = CachedKeySet(document, seconds)
    waiting = [asyncio.create_task(cached_key_set.current()) for _ in range(20)]
    await document.begun.wait()
    waiting[0].cancel()
    await asyncio.wait({waiting[0]})
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    waiting.append(asyncio.create_task(cached_key_set.current()))
    await background()
    document.may_end.set()
    assert await asyncio.gather(*waiting[1:]) == [(key,)] * 20
    assert document.reads == 1


async def test_known_keys_outlive_an_outage_for_an_hour(
    key: VerificationKey, seconds: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    document = Document(key)
    cached_key_set = CachedKeySet(document, seconds)
    await cached_key_set.current()
    document.is_down = True
    seconds.seconds += MAX_STALE_SECONDS
    with caplog.at_level(logging.WARNING, "sagegraph.keys"):
        assert await cached_key_set.current() == (key,)
        await background()
    assert caplog.messages == ["The keys that verify tokens could not be read: The keys' address is down."]
    seconds.seconds += 1
    with pytest.raises(VerificationKeysUnavailableError, match=KEYS_UNAVAILABLE_MESSAGE):
        await cached_key_set.current()
    document.is_down = False
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    assert await cached_key_set.current() == (key,)


async def test_between_two_reads_there_is_a_pause_whatever_is_asked(key: VerificationKey, seconds: Clock) -> None:
    document = Document(key)
    cached_key_set = CachedKeySet(document, seconds)
    for _ in range(100):
        await cached_key_set.current()
        assert await cached_key_set.reread() == (key,)
    assert document.reads == 1
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    for _ in range(100):
        await cached_key_set.reread()
    assert document.reads == 2


async def test_after_a_read_that_failed_there_is_a_pause_too(key: VerificationKey, seconds: Clock) -> None:
    document = Document(key)
    document.is_down = True
    cached_key_set = CachedKeySet(document, seconds)
    for _ in range(100):
        with pytest.raises(VerificationKeysUnavailableError, match=KEYS_UNAVAILABLE_MESSAGE):
            await cached_key_set.current()
    assert document.reads == 1
    document.is_down = False
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    assert (await cached_key_set.current(), document.reads) == ((key,), 2)


async def test_whether_there_is_a_new_key_is_unknown_while_reads_fail(key: VerificationKey, seconds: Clock) -> None:
    document = Document(key)
    cached_key_set = CachedKeySet(document, seconds)
    await cached_key_set.current()
    document.is_down = True
    seconds.seconds += MIN_READ_INTERVAL_SECONDS
    for _ in range(2):
        with pytest.raises(VerificationKeysUnavailableError, match=KEYS_UNAVAILABLE_MESSAGE):
            await cached_key_set.reread()
    assert (await cached_key_set.current(), document.reads) == ((key,), 2)


async def test_closing_ends_a_read(key: VerificationKey, seconds: Clock) -> None:
    document = Document(key)
    document.may_end.clear()
    cached_key_set = CachedKeySet(document, seconds)
    waiting = asyncio.create_task(cached_key_set.current())
    await document.begun.wait()
    await cached_key_set.close()
    with pytest.raises(VerificationKeysUnavailableError):
        await waiting
    await cached_key_set.close()
    assert len(asyncio.all_tasks()) == 1
