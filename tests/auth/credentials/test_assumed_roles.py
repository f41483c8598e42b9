"""ASSUME_ROLE."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from auth.credentials.assumed_roles import AssumeRoleStrategy, BaseCredentials
from auth.credentials.keys import AwsKeys
from auth.credentials.signing import SigningCredentials
from auth.credentials.sts import StsClient
from auth.errors import CredentialsExpiredError, CredentialsUnavailableError, RoleRefusedError
from tests.auth.estate import EXTERNAL_ID, assumed_role_entry
from tests.auth.fake_sts import FakeSTS, fault, garble

ROLE = "arn:aws:iam::222222222222:role/risk"


class Forgetting:
    """Counts how often the base was forgotten."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


async def base_keys() -> AwsKeys:
    return AwsKeys("AKIABASE", "base-secret")


@pytest.fixture
def forget() -> Forgetting:
    return Forgetting()


@pytest.fixture
async def strategy(loader: Any, sts: FakeSTS, forget: Forgetting) -> AsyncIterator[AssumeRoleStrategy]:
    asking = StsClient(sts.url, loader)
    base = BaseCredentials(SigningCredentials(base_keys), forget)
    yield AssumeRoleStrategy(assumed_role_entry(external_id=EXTERNAL_ID), asking, base)
    await asking.close()


async def test_the_role_is_asked_for_with_the_base_for_an_hour(strategy: AssumeRoleStrategy, sts: FakeSTS) -> None:
    keys = await strategy.fetch("alice")
    assert (keys.access_key, keys.secret_key, keys.token) == ("ASIA1", "secret-1", "token-1")
    (call,) = sts.calls
    assert call.access_key == "AKIABASE"
    assert call.arguments == {
        "Action": "AssumeRole",
        "Version": "2011-06-15",
        "RoleArn": ROLE,
        "RoleSessionName": "alice",
        "ExternalId": EXTERNAL_ID,
        "DurationSeconds": "3600",
    }


async def test_no_external_id_is_sent_where_there_is_none(loader: Any, sts: FakeSTS, forget: Forgetting) -> None:
    asking = StsClient(sts.url, loader)
    await AssumeRoleStrategy(
        assumed_role_entry(), asking, BaseCredentials(SigningCredentials(base_keys), forget)
    ).fetch("alice")
    await asking.close()
    assert "ExternalId" not in sts.calls[0].arguments


async def test_a_refusal_names_the_role_and_leaves_the_base_alone(
    strategy: AssumeRoleStrategy, sts: FakeSTS, forget: Forgetting
) -> None:
    sts.script.append(fault("AccessDenied"))
    with pytest.raises(RoleRefusedError, match=f"STS refused AssumeRole for the role {ROLE}") as failed:
        await strategy.fetch("alice")
    assert EXTERNAL_ID not in str(failed.value)
    assert forget.times == 0
    assert len(sts.calls) == 1


async def test_a_base_that_has_expired_is_forgotten_and_taken_anew_once(
    strategy: AssumeRoleStrategy, sts: FakeSTS, forget: Forgetting
) -> None:
    sts.script.append(fault("ExpiredToken"))
    assert (await strategy.fetch("alice")).access_key
    assert (forget.times, len(sts.asked("AssumeRole"))) == (1, 2)


async def test_a_base_whose_new_keys_are_no_good_either_is_the_answer(
    strategy: AssumeRoleStrategy, sts: FakeSTS, forget: Forgetting
) -> None:
    sts.script += [fault("ExpiredToken"), fault("ExpiredToken")]
    with pytest.raises(CredentialsExpiredError):
        await strategy.fetch("alice")
    assert (forget.times, len(sts.asked("AssumeRole"))) == (1, 2)


async def test_an_answer_without_keys(strategy: AssumeRoleStrategy, sts: FakeSTS) -> None:
    sts.script.append(garble("<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>"))
    with pytest.raises(CredentialsUnavailableError, match="STS answered without"):
        await strategy.fetch("alice")
