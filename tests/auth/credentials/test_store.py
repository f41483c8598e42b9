"""The credentials of every caller in every role."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from auth.credential_entries import CredentialEntries, CredentialEntry, GroupBase, PathBase
from auth.credentials.signing import new_data_loader
from auth.credentials.store import CredentialStore
from auth.errors import (
    CredentialsError,
    CredentialsExpiredError,
    CredentialsUnavailableError,
    RoleRefusedError,
)
from tests.auth.conftest import CountingMoto
from tests.auth.entries import (
    AMBIENT,
    PLATFORM,
    SECRET,
    TOKEN,
    assumed_role_entry,
    stored_keys_entry,
    web_identity_entry,
    write_token_file,
)
from tests.auth.fake_sts import Clock, FakeSTS, fault

RISK = assumed_role_entry("risk")
FRAUD = assumed_role_entry("fraud")
SCIENCE = stored_keys_entry("science")


@pytest.fixture
async def store(loader: Any, sts: FakeSTS, clock: Clock) -> AsyncIterator[CredentialStore]:
    entries = CredentialEntries(assumed=(RISK, FRAUD), stored=(SCIENCE,))
    async with CredentialStore(entries, endpoint_url=sts.url, data_loader=loader, now=clock) as store:
        yield store


@pytest.fixture
def platform(token_file: Path) -> CredentialEntries:
    return CredentialEntries(
        assumed=(assumed_role_entry("risk", PLATFORM),),
        web_identity=(web_identity_entry(str(token_file), ("platform",)),),
    )


async def test_twenty_first_uses_by_one_caller_are_one_call(store: CredentialStore, sts: FakeSTS) -> None:
    sts.hold()
    uses = [asyncio.create_task(store.keys(RISK, "alice")) for _ in range(20)]
    await sts.arrival()
    sts.released.set()
    assert [keys.access_key for keys in await asyncio.gather(*uses)] == ["ASIA1"] * 20
    assert len(sts.calls) == 1


async def test_the_first_of_twenty_may_go_away(store: CredentialStore, sts: FakeSTS) -> None:
    sts.hold()
    uses = [asyncio.create_task(store.keys(RISK, "alice")) for _ in range(20)]
    await sts.arrival()
    uses[0].cancel()
    sts.released.set()
    outcomes = await asyncio.gather(*uses, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert {getattr(outcome, "access_key", None) for outcome in outcomes[1:]} == {"ASIA1"}
    assert len(sts.calls) == 1


async def test_each_caller_has_credentials_named_after_him(store: CredentialStore, sts: FakeSTS) -> None:
    for _ in range(2):
        for subject in ("alice", "bo", "Alice"):
            await store.keys(RISK, subject)
    assert [call.arguments["RoleSessionName"] for call in sts.calls] == ["alice", "bo", "Alice"]
    await store.keys(FRAUD, "alice")
    assert [call.arguments["RoleArn"].split("/")[1] for call in sts.calls] == ["risk", "risk", "risk", "fraud"]


async def test_entries_with_the_same_role_share_credentials(store: CredentialStore, sts: FakeSTS) -> None:
    again = replace(RISK, key="assumeRoleByGroup[7]", group="risk-readers")
    assert await store.keys(RISK, "alice") == await store.keys(again, "alice")
    assert len(sts.calls) == 1


async def test_credentials_are_renewed_before_they_expire(store: CredentialStore, sts: FakeSTS, clock: Clock) -> None:
    assert (await store.keys(RISK, "alice")).access_key == "ASIA1"
    clock.forward(minutes=56)
    assert (await store.keys(RISK, "alice")).access_key == "ASIA2"
    assert [call.arguments["RoleSessionName"] for call in sts.calls] == ["alice", "alice"]


async def test_an_sts_that_is_down_does_not_take_good_credentials_away(
    store: CredentialStore, sts: FakeSTS, clock: Clock
) -> None:
    await store.keys(RISK, "alice")
    clock.forward(minutes=46)
    sts.script.extend([fault("ServiceUnavailable", 503)] * 2)
    sts.hold()
    assert (await store.keys(RISK, "alice")).access_key == "ASIA1"
    await sts.arrival()
    sts.released.set()
    assert (await store.keys(RISK, "alice")).access_key == "ASIA1"


async def test_only_so_many_are_kept(loader: Any, sts: FakeSTS, clock: Clock) -> None:
    entries = CredentialEntries(assumed=(RISK,), stored=(SCIENCE,))
    async with CredentialStore(entries, endpoint_url=sts.url, data_loader=loader, now=clock, max_key_sets=2) as store:
        for subject in ("alice", "bo", "alice", "cy", "alice", "bo"):
            await store.keys(RISK, subject)
        assert len(store._key_sets) == 2
    assert [call.arguments["RoleSessionName"] for call in sts.calls] == ["alice", "bo", "cy", "bo"]


async def test_forgotten_credentials_are_taken_anew(store: CredentialStore, sts: FakeSTS) -> None:
    await store.keys(RISK, "alice")
    await store.keys(RISK, "bo")
    store.invalidate(RISK, "alice")
    store.invalidate(RISK, "nobody")
    assert (await store.keys(RISK, "alice")).access_key == "ASIA3"
    assert (await store.keys(RISK, "bo")).access_key == "ASIA2"


async def test_stored_keys_are_used_as_they_are(store: CredentialStore, sts: FakeSTS) -> None:
    keys = await store.keys(SCIENCE, "alice")
    assert (keys.access_key, keys.secret_key, keys.token) == ("AKIASCIENCE", SECRET, None)
    assert sts.calls == []


async def test_a_web_identity_base_is_taken_once_as_the_gateway(
    loader: Any, platform: CredentialEntries, sts: FakeSTS, clock: Clock
) -> None:
    (risk,) = platform.assumed
    async with CredentialStore(platform, endpoint_url=sts.url, data_loader=loader, now=clock) as store:
        subjects = ["alice", "bo", "cy"]
        await asyncio.gather(*(store.keys(risk, subject) for subject in subjects))
    (base,) = sts.asked("AssumeRoleWithWebIdentity")
    assert base.arguments["RoleSessionName"] == "sagegraph"
    roles = sts.asked("AssumeRole")
    assert sorted(call.arguments["RoleSessionName"] for call in roles) == subjects
    assert {(call.access_key, call.token) for call in roles} == {("ASIA1", "token-1")}


async def test_a_base_is_renewed_before_it_expires(
    loader: Any, platform: CredentialEntries, sts: FakeSTS, clock: Clock, token_file: Path
) -> None:
    (risk,) = platform.assumed
    async with CredentialStore(platform, endpoint_url=sts.url, data_loader=loader, now=clock) as store:
        await store.keys(risk, "alice")
        write_token_file(token_file, "the-next-token")
        clock.forward(minutes=56)
        await store.keys(risk, "alice")
    assert [call.arguments["WebIdentityToken"] for call in sts.asked("AssumeRoleWithWebIdentity")] == [
        TOKEN,
        "the-next-token",
    ]
    assert [call.access_key for call in sts.asked("AssumeRole")] == ["ASIA1", "ASIA3"]


async def test_a_base_that_was_revoked_is_taken_anew(
    loader: Any, platform: CredentialEntries, sts: FakeSTS, clock: Clock
) -> None:
    (risk,) = platform.assumed
    async with CredentialStore(platform, endpoint_url=sts.url, data_loader=loader, now=clock) as store:
        await store.keys(risk, "alice")
        sts.script.append(fault("InvalidClientTokenId"))
        await store.keys(risk, "bo")
    assert len(sts.asked("AssumeRoleWithWebIdentity")) == 2
    assert len(sts.asked("AssumeRole")) == 3


async def test_a_web_identity_role_that_serves_a_group_names_its_callers(
    loader: Any, platform: CredentialEntries, sts: FakeSTS, clock: Clock
) -> None:
    async with CredentialStore(platform, endpoint_url=sts.url, data_loader=loader, now=clock) as store:
        await store.keys(platform.web_identity[0], "alice")
    assert [call.arguments["RoleSessionName"] for call in sts.calls] == ["alice"]


async def test_the_ambient_chain_as_a_base(
    loader: Any, sts: FakeSTS, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAAMBIENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ambient-secret")
    risk = assumed_role_entry("risk", AMBIENT)
    async with CredentialStore(
        CredentialEntries(assumed=(risk,)), endpoint_url=sts.url, data_loader=loader, now=clock
    ) as store:
        await store.keys(risk, "alice")
    assert [(call.operation, call.access_key) for call in sts.calls] == [("AssumeRole", "AKIAAMBIENT")]


@pytest.mark.parametrize("base", [PathBase("nowhere"), GroupBase("nobody")])
async def test_a_base_that_the_settings_do_not_have(loader: Any, sts: FakeSTS, base: PathBase | GroupBase) -> None:
    risk = assumed_role_entry("risk", base)
    async with CredentialStore(CredentialEntries(assumed=(risk,)), endpoint_url=sts.url, data_loader=loader) as store:
        with pytest.raises(RoleRefusedError, match=r"assumeRoleByGroup\[0\].base"):
            await store.keys(risk, "alice")
    assert sts.calls == []


async def test_a_refusal_is_shared_by_those_who_wait_and_not_kept(store: CredentialStore, sts: FakeSTS) -> None:
    sts.script.append(fault("AccessDenied"))
    sts.hold()
    uses = [asyncio.create_task(store.keys(RISK, "alice")) for _ in range(20)]
    await sts.arrival()
    sts.released.set()
    outcomes = await asyncio.gather(*uses, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {RoleRefusedError}
    assert len(sts.calls) == 1
    assert (await store.keys(RISK, "alice")).access_key == "ASIA2"


async def test_no_error_shows_a_secret(store: CredentialStore, sts: FakeSTS) -> None:
    """Keys that have expired are taken anew and tried once more, which the others are not."""
    for code, tries in {"AccessDenied": 1, "ExpiredToken": 2, "SignatureDoesNotMatch": 2, "ValidationError": 1}.items():
        sts.script += [fault(code, message=f"{SECRET} AKIASCIENCE")] * tries
        with pytest.raises(CredentialsError) as failed:
            await store.keys(RISK, "alice")
        assert SECRET not in str(failed.value)
        assert "AKIASCIENCE" not in str(failed.value)
        assert not sts.script
    assert len(sts.calls) == 6


async def test_the_account_of_a_role_takes_no_call(store: CredentialStore, sts: FakeSTS) -> None:
    assert await store.account(RISK) == "222222222222"
    assert sts.calls == []


async def test_the_account_of_stored_keys_is_asked_for_once(store: CredentialStore, sts: FakeSTS) -> None:
    assert await asyncio.gather(*(store.account(SCIENCE) for _ in range(20))) == ["999999999999"] * 20
    assert await store.account(SCIENCE) == "999999999999"
    assert [(call.operation, call.access_key) for call in sts.calls] == [("GetCallerIdentity", "AKIASCIENCE")]


async def test_an_account_that_could_not_be_had_is_asked_for_again(store: CredentialStore, sts: FakeSTS) -> None:
    sts.script.append(fault("InvalidClientTokenId"))
    with pytest.raises(CredentialsExpiredError, match=r"GetCallerIdentity for storedCredentials\[0\]"):
        await store.account(SCIENCE)
    assert await store.account(SCIENCE) == "999999999999"


async def test_check_tells_as_whom_the_role_is_taken(store: CredentialStore, sts: FakeSTS) -> None:
    identity = await store.verify(RISK)
    assert (identity.arn, identity.account) == ("arn:aws:sts::222222222222:assumed-role/risk/sagegraph", "222222222222")
    assert [(call.operation, call.access_key) for call in sts.calls] == [
        ("AssumeRole", "AKIASCIENCE"),
        ("GetCallerIdentity", "ASIA1"),
    ]


async def test_check_of_a_role_that_is_refused(store: CredentialStore, sts: FakeSTS) -> None:
    sts.script.append(fault("AccessDenied"))
    with pytest.raises(RoleRefusedError, match="AssumeRole for the role"):
        await store.verify(RISK)
    assert sts.asked("GetCallerIdentity") == []


async def test_closing_ends_what_is_under_way(loader: Any, sts: FakeSTS, clock: Clock) -> None:
    sts.hold()
    async with CredentialStore(
        CredentialEntries(stored=(SCIENCE,)), endpoint_url=sts.url, data_loader=loader, now=clock
    ) as store:
        use = asyncio.create_task(store.keys(RISK, "alice"))
        await sts.arrival()
    with pytest.raises(CredentialsUnavailableError, match="shutting down"):
        await use
    with pytest.raises(CredentialsUnavailableError, match="shutting down"):
        await store.keys(RISK, "bo")
    assert len(sts.calls) == 1


async def test_a_loader_can_be_shared(sts: FakeSTS) -> None:
    loader = new_data_loader()
    async with CredentialStore(CredentialEntries(stored=(SCIENCE,)), endpoint_url=sts.url, data_loader=loader) as store:
        await store.account(SCIENCE)
    assert any("sts" in str(key) for key in loader._cache)


# ---------------------------------------------------------------- against moto


@pytest.fixture
async def real(loader: Any, moto: CountingMoto) -> AsyncIterator[CredentialStore]:
    async with CredentialStore(
        CredentialEntries(stored=(SCIENCE,)), endpoint_url=moto.url, data_loader=loader
    ) as store:
        yield store


def random_role() -> CredentialEntry:
    return replace(RISK, role_arn=f"arn:aws:iam::222222222222:role/risk-{uuid4().hex[:8]}")


async def test_check_against_moto(real: CredentialStore, moto: CountingMoto) -> None:
    assert (await real.verify(SCIENCE)).account == "123456789012"
    identity = await real.verify(random_role())
    assert identity.account == "222222222222"
    assert identity.arn.endswith("/sagegraph")
    assert len(moto.asked("AssumeRole")) == 1


async def test_web_identity_against_moto(loader: Any, moto: CountingMoto, platform: CredentialEntries) -> None:
    async with CredentialStore(platform, endpoint_url=moto.url, data_loader=loader) as store:
        identity = await store.verify(platform.web_identity[0])
        assert (identity.arn, identity.account) == (
            "arn:aws:sts::111111111111:assumed-role/gateway/sagegraph",
            "111111111111",
        )
        assert (await store.verify(platform.assumed[0])).account == "222222222222"
    assert len(moto.asked("AssumeRoleWithWebIdentity")) == 1
