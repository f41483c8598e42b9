"""Signing as whoever is asking."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from aiobotocore.session import AioSession

from auth.credential_entries import AssumedRole, CredentialEntries
from auth.credentials.aws_keys import AwsKeys
from auth.credentials.signing import (
    CallerCredentials,
    SigningCredentials,
    current_signer,
    new_data_loader,
    new_session,
    sign_as,
    signing_subject,
)
from auth.credentials.store import CredentialStore
from auth.errors import NoSigningCallerError
from tests.auth.conftest import CountingMoto
from tests.auth.entries import assumed_role_entry, stored_keys_entry


async def keys_of(subject: str) -> AwsKeys:
    await asyncio.sleep(0)
    return AwsKeys(f"ASIA-{subject}", "secret", "token", account_id="111111111111")


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
        signing_subject.set(subject)
        await asyncio.sleep(0)
        return (await credentials.get_frozen_credentials()).access_key

    subjects = [f"caller-{number}" for number in range(20)]
    assert await asyncio.gather(*map(ask, subjects)) == [f"ASIA-{subject}" for subject in subjects]


async def test_nobody_is_an_error_and_never_a_default() -> None:
    asked: list[str] = []

    async def remember(subject: str) -> AwsKeys:
        asked.append(subject)
        return AwsKeys("", "")

    with pytest.raises(NoSigningCallerError):
        current_signer()
    with pytest.raises(NoSigningCallerError):
        await CallerCredentials(remember).get_frozen_credentials()
    assert asked == []


async def test_it_is_its_own_provider() -> None:
    async def keys() -> AwsKeys:
        return AwsKeys("AKIA1", "secret")

    credentials = SigningCredentials(keys)
    assert await credentials.load_credentials() is credentials
    assert await credentials.get_account_id() is None
    assert credentials.method == "sagegraph"


async def test_an_attribute_is_looked_up_only_when_asked_for() -> None:
    asked: list[str] = []

    async def remember(subject: str) -> AwsKeys:
        asked.append(subject)
        return AwsKeys("ASIA1", "secret", account_id="111111111111")

    account = CallerCredentials(remember).get_deferred_property("account_id")
    assert asked == []
    with sign_as("alice"):
        assert await account() == "111111111111"
    assert asked == ["alice"]


@pytest.fixture
async def store(moto: CountingMoto, loader: Any) -> AsyncIterator[CredentialStore]:
    async with CredentialStore(
        CredentialEntries(stored=(stored_keys_entry("science"),)), endpoint_url=moto.url, data_loader=loader
    ) as store:
        yield store


@pytest.fixture
def risk() -> AssumedRole:
    return replace(assumed_role_entry("risk"), role_arn=f"arn:aws:iam::222222222222:role/risk-{uuid4().hex[:8]}")


async def whoami(session: AioSession, url: str) -> list[str]:
    """One client, used by two callers in turn and then by twenty at the same time."""

    async def ask(subject: str) -> str:
        with sign_as(subject):
            answer = await client.get_caller_identity()
        return str(answer["Arn"])

    async with session.create_client("sts", region_name="eu-west-1", endpoint_url=url) as client:
        in_turn = [await ask(subject) for subject in ("alice", "bo", "alice")]
        return [*in_turn, *await asyncio.gather(*(ask(f"caller-{number % 2}") for number in range(20)))]


async def test_one_client_signs_as_each_caller_in_turn_and_at_once(
    loader: Any, store: CredentialStore, moto: CountingMoto, risk: AssumedRole
) -> None:
    arns = await whoami(new_session(loader, store.credentials_for(risk)), moto.url)
    names = [arn.rsplit("/", 1)[1] for arn in arns]
    assert names == ["alice", "bo", "alice", *(f"caller-{number % 2}" for number in range(20))]
    assert {arn.split(":")[4] for arn in arns} == {"222222222222"}
    assert len(moto.asked("AssumeRole")) == 4
    assert len(moto.asked("GetCallerIdentity")) == 23


async def test_a_client_without_a_caller_sends_nothing(
    loader: Any, store: CredentialStore, moto: CountingMoto, risk: AssumedRole
) -> None:
    session = new_session(loader, store.credentials_for(risk))
    async with session.create_client("sts", region_name="eu-west-1", endpoint_url=moto.url) as client:
        with pytest.raises(NoSigningCallerError):
            await client.get_caller_identity()
    assert moto.bodies == []


async def test_twenty_first_uses_of_a_client_are_one_assume_role(
    loader: Any, store: CredentialStore, moto: CountingMoto, risk: AssumedRole
) -> None:
    session = new_session(loader, store.credentials_for(risk))
    async with session.create_client("sts", region_name="eu-west-1", endpoint_url=moto.url) as client:
        with sign_as("alice"):
            await asyncio.gather(*(client.get_caller_identity() for _ in range(20)))
    assert len(moto.asked("AssumeRole")) == 1
    assert len(moto.asked("GetCallerIdentity")) == 20


async def test_sessions_share_the_loader_and_sign_with_their_own_credentials() -> None:
    async def keys() -> AwsKeys:
        return AwsKeys("AKIA1", "secret")

    loader = new_data_loader()
    credentials = SigningCredentials(keys)
    one, other = new_session(loader, credentials), new_session(loader)
    assert one.get_component("data_loader") is loader
    assert other.get_component("data_loader") is loader
    assert await one.get_credentials() is credentials


def test_a_session_of_its_own_has_its_own_loader() -> None:
    assert new_session(None).get_component("data_loader") is not new_session(None).get_component("data_loader")
