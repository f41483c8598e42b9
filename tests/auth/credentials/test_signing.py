"""Signing as whoever is asking."""

import asyncio

import pytest

from auth.credentials.keys import Keys
from auth.credentials.signing import CallerCredentials, SigningCredentials, sign_as, signer, signing_as
from auth.errors import NobodySigningError


async def keys_of(subject: str) -> Keys:
    await asyncio.sleep(0)
    return Keys(f"ASIA-{subject}", "secret", "token", account_id="111111111111")


async def test_the_current_callers_keys_are_given() -> None:
    credentials = CallerCredentials(keys_of)
    with sign_as("alice"):
        assert (await credentials.get_frozen_credentials()).access_key == "ASIA-alice"
        with sign_as("bo"):
            assert (await credentials.get_frozen_credentials()).access_key == "ASIA-bo"
        assert (await credentials.get_frozen_credentials()).access_key == "ASIA-alice"
        assert await credentials.get_account_id() == "111111111111"


async def test_callers_at_the_same_time_do_not_meet() -> None:
    credentials = CallerCredentials(keys_of)

    async def ask(subject: str) -> str:
        signing_as.set(subject)
        await asyncio.sleep(0)
        return (await credentials.get_frozen_credentials()).access_key

    subjects = [f"caller-{number}" for number in range(20)]
    assert await asyncio.gather(*map(ask, subjects)) == [f"ASIA-{subject}" for subject in subjects]


async def test_nobody_is_an_error_and_never_a_default() -> None:
    asked: list[str] = []

    async def remember(subject: str) -> Keys:
        asked.append(subject)
        return Keys("", "")

    with pytest.raises(NobodySigningError):
        signer()
    with pytest.raises(NobodySigningError):
        await CallerCredentials(remember).get_frozen_credentials()
    assert asked == []


async def test_it_is_its_own_provider() -> None:
    async def keys() -> Keys:
        return Keys("AKIA1", "secret")

    credentials = SigningCredentials(keys)
    assert await credentials.load_credentials() is credentials
    assert await credentials.get_account_id() is None
    assert credentials.method == "sagegraph"


async def test_an_attribute_is_looked_up_only_when_asked_for() -> None:
    asked: list[str] = []

    async def remember(subject: str) -> Keys:
        asked.append(subject)
        return Keys("ASIA1", "secret", account_id="111111111111")

    account = CallerCredentials(remember).get_deferred_property("account_id")
    assert asked == []
    with sign_as("alice"):
        assert await account() == "111111111111"
    assert asked == ["alice"]
