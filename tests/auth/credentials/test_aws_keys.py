"""Keys as a value."""

from datetime import UTC, datetime

import pytest

from auth.credentials.aws_keys import AwsKeys, AwsPrincipal, keys_from_sts, principal_of, stored_keys
from auth.errors import CredentialsUnavailableError
from tests.auth.entries import SECRET, stored_keys_entry

EXPIRES = datetime(2030, 1, 1, 1, tzinfo=UTC)
ANSWER = {"AccessKeyId": "ASIA1", "SecretAccessKey": "secret-1", "SessionToken": "token-1", "Expiration": EXPIRES}


def test_from_answer() -> None:
    assert keys_from_sts({"Credentials": ANSWER}) == AwsKeys("ASIA1", "secret-1", "token-1", expires_at=EXPIRES)


@pytest.mark.parametrize("answer", [{}, {"Credentials": {"AccessKeyId": "ASIA1", "SecretAccessKey": "secret-1"}}])
def test_an_answer_without_keys_is_an_error_that_does_not_repeat_it(answer: dict[str, dict[str, str]]) -> None:
    with pytest.raises(CredentialsUnavailableError, match="STS answered without") as failed:
        keys_from_sts(answer)
    assert "ASIA1" not in str(failed.value)
    assert failed.value.__cause__ is None


def test_keys_are_not_shown() -> None:
    assert repr(AwsKeys("ASIA1", "secret-1", "token-1")) == "AwsKeys(account_id=None, expires_at=None, principal=None)"


def test_the_keys_are_those_of_the_settings_and_do_not_expire() -> None:
    assert stored_keys(stored_keys_entry()) == AwsKeys("AKIASCIENCE", SECRET, token=None, expires_at=None)


USER = "arn:aws:iam::111111111111:user/ci/deploy"
ROLE = "arn:aws:sts::111111111111:assumed-role/team/risk"


@pytest.mark.parametrize(
    ("arn", "user_id", "principal"),
    [
        (f"{ROLE}/ann", "AROARISK:ann", AwsPrincipal(ROLE, "AROARISK")),
        (f"{ROLE}/bob", "AROARISK:bob", AwsPrincipal(ROLE, "AROARISK")),
        (USER, "AIDADEPLOY", AwsPrincipal(USER, "AIDADEPLOY")),
    ],
)
def test_a_principal_is_the_role_whatever_its_session_or_the_user(
    arn: str, user_id: str, principal: AwsPrincipal
) -> None:
    assert principal_of(arn, user_id) == principal


def test_the_principal_of_an_assumed_role() -> None:
    user = {"Arn": f"{ROLE}/ann", "AssumedRoleId": "AROARISK:ann"}
    keys = keys_from_sts({"Credentials": ANSWER, "AssumedRoleUser": user})
    assert keys.principal == AwsPrincipal(ROLE, "AROARISK")
