"""Session names that STS takes and that no two callers share."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.credentials.assume_role import AssumeRoleStrategy, BaseCredentials, WebIdentityStrategy, session_name
from auth.credentials.aws_keys import AwsKeys
from auth.credentials.signing import SigningCredentials
from auth.credentials.sts import StsClient
from auth.errors import CredentialsExpiredError, CredentialsUnavailableError, RoleRefusedError
from tests.auth.entries import EXTERNAL_ID, TOKEN, assumed_role_entry, web_identity_entry, write_token_file
from tests.auth.fake_sts import REQUEST_ID, FakeSTS, fault, garble

LEGAL = re.compile(r"[A-Za-z0-9_+=,.@-]{2,64}")
SUBJECTS = st.one_of(st.text(max_size=80), st.from_regex(LEGAL, fullmatch=True), st.text("aA=-0@ ", max_size=70))


@pytest.mark.parametrize("subject", ["alice", "alice@example.com", "A_b+c=d,e.f@g-h", "ab", "x" * 64, "sagegraph"])
def test_a_legal_name_is_kept(subject: str) -> None:
    assert session_name(subject) == subject


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Jörg Weiß", "J-rg-Wei-=85cbf494fcdba2c83a0c"),
        ("alice smith", "alice-smith=038bd15a1ecf0f7b85db"),
        ("CN=alice/OU=risk", "CN=alice-OU=risk=a854d5fefdae3a4e23d0"),
        ("a", "a=ca978112ca1bbdcafac2"),
        ("", "=e3b0c44298fc1c149afb"),
        ("x" * 65, "x" * 43 + "=9537c5fdf120482f7d58"),
        ("alice\n", "alice-=f87165e305b0f7c4824d"),
    ],
)
def test_any_other_is_altered_and_gets_a_digest(subject: str, name: str) -> None:
    assert session_name(subject) == name


def test_names_that_look_alike_differ() -> None:
    subjects = ["al ice", "al-ice", "al/ice", "Al ice", "AL ICE", "x" * 64, "x" * 65, "x" * 66, "X" * 65, "李", "王"]
    assert len({session_name(subject) for subject in subjects}) == len(subjects)


def test_nobody_can_take_the_altered_name_of_another() -> None:
    altered = session_name("alice smith")
    assert session_name(altered) != altered
    assert session_name(session_name(altered)) != session_name(altered)


@given(SUBJECTS)
def test_every_name_is_legal(subject: str) -> None:
    assert LEGAL.fullmatch(session_name(subject))


@given(SUBJECTS, SUBJECTS)
def test_two_callers_never_share_a_name(one: str, other: str) -> None:
    assert (session_name(one) == session_name(other)) == (one == other)


@given(SUBJECTS)
def test_an_altered_name_is_nobody_elses(subject: str) -> None:
    name = session_name(subject)
    assert name == subject or session_name(name) != name


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


ROLE_WEB_IDENTITY = "arn:aws:iam::111111111111:role/gateway"


@pytest.fixture
async def strategy_web_identity(loader: Any, sts: FakeSTS, token_file: Path) -> AsyncIterator[WebIdentityStrategy]:
    asking = StsClient(sts.url, loader)
    yield WebIdentityStrategy(web_identity_entry(str(token_file)), asking)
    await asking.close()


async def test_the_role_is_asked_for_with_the_token_and_unsigned(
    strategy_web_identity: WebIdentityStrategy, sts: FakeSTS
) -> None:
    keys = await strategy_web_identity.fetch("alice smith")
    assert (keys.access_key, keys.secret_key, keys.token) == ("ASIA1", "secret-1", "token-1")
    (call,) = sts.calls
    assert call.access_key is None
    assert call.arguments == {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": "2011-06-15",
        "RoleArn": ROLE_WEB_IDENTITY,
        "RoleSessionName": "alice-smith=038bd15a1ecf0f7b85db",
        "WebIdentityToken": TOKEN,
        "DurationSeconds": "3600",
    }


async def test_the_file_is_read_again_each_time(
    strategy_web_identity: WebIdentityStrategy, sts: FakeSTS, token_file: Path
) -> None:
    await strategy_web_identity.fetch("alice")
    write_token_file(token_file, "the-next-token")
    await strategy_web_identity.fetch("alice")
    assert [call.arguments["WebIdentityToken"] for call in sts.calls] == [TOKEN, "the-next-token"]


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "No such file or directory"), (b" \n", "the file is empty"), (b"\xff" + TOKEN.encode(), "not a text file")],
)
async def test_a_missing_or_unreadable_token_names_the_setting(
    strategy_web_identity: WebIdentityStrategy, sts: FakeSTS, token_file: Path, content: bytes | None, why: str
) -> None:
    write_token_file(token_file, content)
    with pytest.raises(CredentialsUnavailableError) as failed:
        await strategy_web_identity.fetch("alice")
    assert str(failed.value) == (
        "There is no web-identity token in the file that `eksServiceAccountCredentials[0].webIdentityTokenFile` names, "
        f"{token_file}: {why}."
    )
    assert (failed.value.role, failed.value.operation) == (ROLE_WEB_IDENTITY, "AssumeRoleWithWebIdentity")
    assert TOKEN not in f"{failed.value}{failed.value.__cause__}"
    assert sts.calls == []


async def test_a_directory_in_its_place_names_the_setting(loader: Any, sts: FakeSTS, tmp_path: Path) -> None:
    asking = StsClient(sts.url, loader)
    with pytest.raises(CredentialsUnavailableError, match="Is a directory"):
        await WebIdentityStrategy(web_identity_entry(str(tmp_path)), asking).fetch("alice")
    assert sts.calls == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDenied", RoleRefusedError),
        ("ExpiredTokenException", CredentialsExpiredError),
        ("InvalidIdentityToken", CredentialsExpiredError),
    ],
)
async def test_refusals(
    strategy_web_identity: WebIdentityStrategy, sts: FakeSTS, code: str, kind: type[Exception]
) -> None:
    sts.script.append(fault(code, 400, f"bad token {TOKEN}"))
    with pytest.raises(kind, match=f"AssumeRoleWithWebIdentity for the role {ROLE_WEB_IDENTITY}") as failed:
        await strategy_web_identity.fetch("alice")
    assert TOKEN not in str(failed.value)
    assert getattr(failed.value, "request_id", None) == REQUEST_ID
    assert len(sts.calls) == 1
