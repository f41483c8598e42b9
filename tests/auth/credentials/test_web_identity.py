"""ASSUME_ROLE_WITH_WEB_IDENTITY."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from auth.credentials.sts import StsClient
from auth.credentials.web_identity import WebIdentityStrategy
from auth.errors import CredentialsExpiredError, CredentialsUnavailableError, RoleRefusedError
from tests.auth.estate import TOKEN, web_identity_entry, write_token_file
from tests.auth.fake_sts import REQUEST_ID, FakeSTS, fault

ROLE = "arn:aws:iam::111111111111:role/gateway"


@pytest.fixture
async def strategy(loader: Any, sts: FakeSTS, token_file: Path) -> AsyncIterator[WebIdentityStrategy]:
    asking = StsClient(sts.url, loader)
    yield WebIdentityStrategy(web_identity_entry(str(token_file)), asking)
    await asking.close()


async def test_the_role_is_asked_for_with_the_token_and_unsigned(strategy: WebIdentityStrategy, sts: FakeSTS) -> None:
    keys = await strategy.fetch("alice smith")
    assert (keys.access_key, keys.secret_key, keys.token) == ("ASIA1", "secret-1", "token-1")
    (call,) = sts.calls
    assert call.access_key is None
    assert call.arguments == {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": "2011-06-15",
        "RoleArn": ROLE,
        "RoleSessionName": "alice-smith=038bd15a1ecf0f7b85db",
        "WebIdentityToken": TOKEN,
        "DurationSeconds": "3600",
    }


async def test_the_file_is_read_again_each_time(strategy: WebIdentityStrategy, sts: FakeSTS, token_file: Path) -> None:
    await strategy.fetch("alice")
    write_token_file(token_file, "the-next-token")
    await strategy.fetch("alice")
    assert [call.arguments["WebIdentityToken"] for call in sts.calls] == [TOKEN, "the-next-token"]


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "No such file or directory"), (b" \n", "the file is empty"), (b"\xff" + TOKEN.encode(), "not a text file")],
)
async def test_a_missing_or_unreadable_token_names_the_setting(
    strategy: WebIdentityStrategy, sts: FakeSTS, token_file: Path, content: bytes | None, why: str
) -> None:
    write_token_file(token_file, content)
    with pytest.raises(CredentialsUnavailableError) as failed:
        await strategy.fetch("alice")
    assert str(failed.value) == (
        "There is no web-identity token in the file that `eksServiceAccountCredentials[0].webIdentityTokenFile` names, "
        f"{token_file}: {why}."
    )
    assert (failed.value.role, failed.value.operation) == (ROLE, "AssumeRoleWithWebIdentity")
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
async def test_refusals(strategy: WebIdentityStrategy, sts: FakeSTS, code: str, kind: type[Exception]) -> None:
    sts.script.append(fault(code, 400, f"bad token {TOKEN}"))
    with pytest.raises(kind, match=f"AssumeRoleWithWebIdentity for the role {ROLE}") as failed:
        await strategy.fetch("alice")
    assert TOKEN not in str(failed.value)
    assert getattr(failed.value, "request_id", None) == REQUEST_ID
    assert len(sts.calls) == 1
