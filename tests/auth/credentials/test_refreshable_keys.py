"""Keys that are renewed before they expire."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from auth.credentials.aws_keys import AwsKeys
from auth.credentials.refreshable_keys import RefreshableKeys
from auth.errors import AuthError, CredentialsExpiredError, CredentialsUnavailableError, RoleRefusedError
from concurrency.single_flight import SingleFlight
from tests.auth.fake_sts import Clock


class Source:
    """Gives keys numbered by the call, fails as told, and can be held."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls = 0
        self.lifetime: timedelta | None = timedelta(hours=1)
        self.failure: AuthError | None = None
        self.begun = asyncio.Event()
        self.let_end = asyncio.Event()
        self.let_end.set()

    async def __call__(self) -> AwsKeys:
        self.calls += 1
        self.begun.set()
        await self.let_end.wait()
        if self.failure is not None:
            raise self.failure
        expires = None if self.lifetime is None else self.clock() + self.lifetime
        return AwsKeys(f"ASIA{self.calls}", "secret", "token", expires_at=expires)


@pytest.fixture
def source(clock: Clock) -> Source:
    return Source(clock)


@pytest.fixture
async def single_flight() -> AsyncIterator[SingleFlight]:
    flight = SingleFlight(seconds=None)
    yield flight
    await flight.close()


@pytest.fixture
def keys(single_flight: SingleFlight, source: Source, clock: Clock) -> RefreshableKeys:
    return RefreshableKeys(single_flight, source, clock)


async def access_key(keys: RefreshableKeys) -> str:
    return (await keys.get()).access_key


async def settled(keys: RefreshableKeys) -> None:
    """Wait until a renewal in the background has ended, however it ends."""
    await asyncio.wait([keys._single_flight.start(("keys", id(keys)), keys._refresh)])


async def test_keys_are_taken_once_and_kept(keys: RefreshableKeys, source: Source, clock: Clock) -> None:
    assert source.calls == 0
    assert await access_key(keys) == "ASIA1"
    clock.forward(minutes=44, seconds=59)
    assert await access_key(keys) == "ASIA1"
    assert source.calls == 1


async def test_twenty_first_uses_are_one_call(keys: RefreshableKeys, source: Source) -> None:
    assert await asyncio.gather(*(access_key(keys) for _ in range(20))) == ["ASIA1"] * 20
    assert source.calls == 1


async def test_keys_that_never_expire_are_never_renewed(keys: RefreshableKeys, source: Source, clock: Clock) -> None:
    source.lifetime = None
    assert await access_key(keys) == "ASIA1"
    clock.forward(days=1000)
    assert await access_key(keys) == "ASIA1"
    assert source.calls == 1


async def test_early_renewal_keeps_nobody_waiting(keys: RefreshableKeys, source: Source, clock: Clock) -> None:
    await keys.get()
    clock.forward(minutes=45)
    source.let_end.clear()
    assert await asyncio.gather(*(access_key(keys) for _ in range(20))) == ["ASIA1"] * 20
    source.let_end.set()
    await settled(keys)
    assert await access_key(keys) == "ASIA2"
    assert source.calls == 2


async def test_late_renewal_is_waited_for_by_all(keys: RefreshableKeys, source: Source, clock: Clock) -> None:
    await keys.get()
    clock.forward(minutes=55)
    assert await asyncio.gather(*(access_key(keys) for _ in range(20))) == ["ASIA2"] * 20
    assert source.calls == 2


@pytest.mark.parametrize("failure", [CredentialsUnavailableError("down"), CredentialsExpiredError("token expired")])
async def test_a_failed_early_renewal_keeps_the_keys_and_is_tried_again_later(
    keys: RefreshableKeys, source: Source, clock: Clock, failure: AuthError, caplog: pytest.LogCaptureFixture
) -> None:
    await keys.get()
    clock.forward(minutes=45)
    source.failure = failure
    await keys.get()
    await settled(keys)
    assert [await access_key(keys) for _ in range(5)] == ["ASIA1"] * 5
    assert source.calls == 2
    assert caplog.messages == [
        f"AWS keys could not be renewed; the present ones are valid until 2030-01-01 01:00:00+00:00. {failure}"
    ]
    clock.forward(seconds=30)
    source.failure = None
    assert await access_key(keys) == "ASIA1"
    await settled(keys)
    assert await access_key(keys) == "ASIA3"


async def test_a_failed_late_renewal_is_an_error_although_the_keys_have_minutes_left(
    keys: RefreshableKeys, source: Source, clock: Clock
) -> None:
    await keys.get()
    clock.forward(minutes=55)
    source.failure = CredentialsUnavailableError("down")
    with pytest.raises(CredentialsUnavailableError):
        await keys.get()
    source.failure = None
    assert await access_key(keys) == "ASIA3"


async def test_who_is_refused_early_loses_the_keys_at_once(keys: RefreshableKeys, source: Source, clock: Clock) -> None:
    await keys.get()
    clock.forward(minutes=45)
    source.failure = RoleRefusedError("no")
    assert await access_key(keys) == "ASIA1"
    await settled(keys)
    with pytest.raises(RoleRefusedError):
        await keys.get()


async def test_a_failure_at_first_use_is_not_kept(keys: RefreshableKeys, source: Source) -> None:
    source.failure = RoleRefusedError("no")
    outcomes = await asyncio.gather(*(keys.get() for _ in range(20)), return_exceptions=True)
    assert outcomes == [source.failure] * 20
    assert source.calls == 1
    source.failure = None
    assert await access_key(keys) == "ASIA2"


async def test_a_short_session_is_not_renewed_all_the_time(keys: RefreshableKeys, source: Source, clock: Clock) -> None:
    source.lifetime = timedelta(minutes=15)
    await keys.get()
    clock.forward(minutes=9, seconds=59)
    assert await access_key(keys) == "ASIA1"
    assert source.calls == 1
    clock.forward(minutes=3)
    assert await access_key(keys) == "ASIA2"


async def test_keys_that_have_already_expired_are_an_error(keys: RefreshableKeys, source: Source) -> None:
    source.lifetime = timedelta(0)
    with pytest.raises(CredentialsUnavailableError, match="clock"):
        await keys.get()


async def test_forgotten_keys_are_taken_anew(keys: RefreshableKeys, source: Source) -> None:
    await keys.get()
    keys.invalidate()
    assert await access_key(keys) == "ASIA2"
    assert source.calls == 2


async def test_late_news_of_the_old_keys_does_not_drop_the_new_ones(
    keys: RefreshableKeys, source: Source, clock: Clock
) -> None:
    await keys.get()
    for _ in range(20):
        keys.invalidate()
        assert await access_key(keys) == "ASIA2"
    clock.forward(seconds=5)
    keys.invalidate()
    assert await access_key(keys) == "ASIA3"
    assert source.calls == 3
