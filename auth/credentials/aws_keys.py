"""AWS keys as values that do not show their secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auth.credential_entries import StoredKeys
from auth.errors import CredentialsUnavailableError


@dataclass(frozen=True, slots=True)
class AwsPrincipal:
    """The user or role behind credentials; all sessions of one role have one principal.

    Attributes:
        arn: The ARN of the user, or of the assumed role without its session.
        unique_id: The id that no other user or role ever gets, such as AROA….
    """

    arn: str
    unique_id: str


def principal_of(arn: str, user_id: str) -> AwsPrincipal:
    """Give the principal of the ARN and the user id in an answer of STS (GetCallerIdentity, AssumedRoleUser)."""
    session = arn.split(":", 5)[-1].startswith("assumed-role/")
    return AwsPrincipal(arn.rpartition("/")[0] if session else arn, user_id.partition(":")[0])


@dataclass(frozen=True, slots=True)
class AwsKeys:
    """Keys that AWS requests are signed with. botocore's signers read the first four attributes by these names.

    Attributes:
        access_key: The access key id.
        secret_key: The secret access key.
        token: The session token; None for long-lived keys.
        account_id: The id of the account; None if it is not known.
        expires_at: The moment from which AWS rejects them, with its time zone; None for never.
        principal: The role that they are a session of; None if it is not known.
    """

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    account_id: str | None = None
    expires_at: datetime | None = None
    principal: AwsPrincipal | None = None


def keys_from_sts(response: Mapping[str, Any]) -> AwsKeys:
    """Give the keys in `response`, STS's answer to AssumeRole or AssumeRoleWithWebIdentity.

    Raises:
        CredentialsUnavailableError: A part of the keys is missing.
    """
    try:
        credentials = response["Credentials"]
        return AwsKeys(
            access_key=credentials["AccessKeyId"],
            secret_key=credentials["SecretAccessKey"],
            token=credentials["SessionToken"],
            expires_at=credentials["Expiration"],
            principal=_assumed(response),
        )
    except KeyError as error:
        raise CredentialsUnavailableError(f"STS answered without {error}; is the endpoint really STS?") from None


def _assumed(response: Mapping[str, Any]) -> AwsPrincipal | None:
    user = response.get("AssumedRoleUser") or {}
    return principal_of(user["Arn"], user["AssumedRoleId"]) if {"Arn", "AssumedRoleId"} <= user.keys() else None


def stored_keys(entry: StoredKeys) -> AwsKeys:
    """The entry's keys, which serve every caller and do not expire.

    CloudTrail shows their IAM user; only the gateway's own audit names the caller.
    """
    return AwsKeys(access_key=entry.access_key_id, secret_key=entry.secret_access_key, token=entry.session_token)
