"""The default AWS chain as a base."""

import sys
from pathlib import Path

import pytest

from auth.credentials.ambient import AmbientCredentials
from auth.credentials.aws_keys import AwsKeys
from auth.credentials.signing import new_session
from auth.errors import CredentialsExpiredError, CredentialsUnavailableError
from tests.auth.entries import TOKEN
from tests.auth.fake_sts import FakeSTS, fault


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials from the machine on which the tests run."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


async def test_keys_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAAMBIENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ambient-secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "ambient-token")
    ambient = AmbientCredentials(new_session(None))
    assert await ambient.keys() == AwsKeys("AKIAAMBIENT", "ambient-secret", "ambient-token")


async def test_nothing_found_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ambient = AmbientCredentials(new_session(None))
    with pytest.raises(CredentialsUnavailableError, match=r"no credentials in the default AWS chain \(nothing found\)"):
        await ambient.keys()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAAMBIENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ambient-secret")
    assert (await ambient.keys()).access_key == "AKIAAMBIENT"


async def test_a_profile_that_does_not_exist_is_told_without_its_name() -> None:
    with pytest.raises(CredentialsUnavailableError, match="has no profile") as failed:
        await AmbientCredentials(new_session(None, profile="hush")).keys()
    assert "hush" not in f"{failed.value}{failed.value.__cause__}"


async def test_a_program_that_fails_is_not_quoted(tmp_path: Path) -> None:
    program = f"{sys.executable} -c \"import sys; sys.exit('hush')\""
    (tmp_path / "config").write_text(f"[default]\ncredential_process = {program}\n")
    with pytest.raises(CredentialsUnavailableError, match="CredentialRetrievalError") as failed:
        await AmbientCredentials(new_session(None)).keys()
    assert "hush" not in f"{failed.value}{failed.value.__cause__}"


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [("ExpiredTokenException", 400, CredentialsExpiredError), ("Throttling", 400, CredentialsUnavailableError)],
)
async def test_a_chain_that_sts_refuses(
    sts: FakeSTS, token_file: Path, monkeypatch: pytest.MonkeyPatch, code: str, status: int, kind: type[Exception]
) -> None:
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(token_file))
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/pod")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL", sts.url)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    sts.script.append(fault(code, status, TOKEN))
    with pytest.raises(kind, match="the default AWS chain") as failed:
        await AmbientCredentials(new_session(None)).keys()
    assert TOKEN not in f"{failed.value}{failed.value.__cause__}"
    assert len(sts.calls) == 1
