"""AssumeRole and AssumeRoleWithWebIdentity: sessions of a role, named after the caller."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auth.credential_entries import AssumedRole, WebIdentityRole
from auth.credentials.aws_keys import AwsKeys, keys_from_sts
from auth.credentials.signing import SigningCredentials
from auth.credentials.sts import StsClient, StsRequest
from auth.errors import CredentialsExpiredError, CredentialsUnavailableError

MAX_SESSION_NAME_CHARACTERS: Final = 64
"""The most characters that STS takes in RoleSessionName; the fewest are 2."""

SESSION_NAME_DIGEST_DIGITS: Final = 20
"""Hexadecimal digits of the digest: 80 bits, beyond anyone's search for a second name with the same digest."""

LEGAL_SESSION_NAME: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
ILLEGAL_CHARACTER: Final = re.compile(r"[^\w+=,.@-]", re.ASCII)
ALTERED_SESSION_NAME: Final = re.compile(rf"=[0-9a-f]{{{SESSION_NAME_DIGEST_DIGITS}}}\Z")


def session_name(subject: str) -> str:
    """The RoleSessionName of the caller `subject`: the name itself if STS allows it, else an altered one with a digest.

    Two callers never get one name. A legal name that looks as if it had a digest is altered too, so that nobody can
    take the altered name of another caller.
    """
    if LEGAL_SESSION_NAME.fullmatch(subject) and not ALTERED_SESSION_NAME.search(subject):
        return subject
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:SESSION_NAME_DIGEST_DIGITS]
    likeness = ILLEGAL_CHARACTER.sub("-", subject)[: MAX_SESSION_NAME_CHARACTERS - SESSION_NAME_DIGEST_DIGITS - 1]
    return f"{likeness}={digest}"


SESSION_SECONDS: Final = 3600
"""A role taken with another role's session lasts an hour at most, whatever the role allows."""


@dataclass(frozen=True, slots=True)
class BaseCredentials:
    """Credentials that assume a role.

    Attributes:
        signer: Signs the call to AssumeRole.
        invalidate: Drops the base's keys after STS has rejected them.
    """

    signer: SigningCredentials
    invalidate: Callable[[], None]


class AssumeRoleStrategy:
    """Assumes the entry's role, with its external id if it has one.

    Args:
        entry: The entry.
        sts: The client of STS.
        base: The credentials that sign the call.
    """

    def __init__(self, entry: AssumedRole, sts: StsClient, base: BaseCredentials) -> None:
        self._entry = entry
        self._sts = sts
        self._base = base

    async def fetch(self, subject: str) -> AwsKeys:
        """Give keys of a new session of the role, named after the caller `subject`.

        Raises:
            CredentialsError: The base has no keys, or STS refuses the role.
        """
        try:
            return await self._request_session(subject)
        except CredentialsExpiredError:
            # The base's own session may have ended before its time, so one new session is tried.
            self._base.invalidate()
            return await self._request_session(subject)

    async def _request_session(self, subject: str) -> AwsKeys:
        return keys_from_sts(await self._sts.call(self._request(subject), self._base.signer))

    def _request(self, subject: str) -> StsRequest:
        role = self._entry.role_arn
        arguments = {"RoleArn": role, "RoleSessionName": session_name(subject), "DurationSeconds": SESSION_SECONDS}
        if self._entry.external_id is not None:
            arguments["ExternalId"] = self._entry.external_id
        return StsRequest(
            operation="AssumeRole",
            region=self._entry.region,
            credentials_name=f"the role {role}",
            role=role,
            arguments=arguments,
        )


WEB_IDENTITY_SESSION_SECONDS: Final = 3600
"""Every role allows this; more must be set on the role (MaxSessionDuration)."""

WEB_IDENTITY_OPERATION: Final = "AssumeRoleWithWebIdentity"


class WebIdentityStrategy:
    """Assumes the entry's role with the token in its file, which is read again each time because it is rotated.

    Args:
        entry: The entry.
        sts: The client of STS.
    """

    def __init__(self, entry: WebIdentityRole, sts: StsClient) -> None:
        self._entry = entry
        self._sts = sts

    async def fetch(self, subject: str) -> AwsKeys:
        """Give keys of a new session of the role, named after the caller `subject`.

        Raises:
            CredentialsError: The token file cannot be read, or STS refuses the role.
        """
        token = await asyncio.to_thread(self._read_token)
        arguments = {
            "RoleArn": self._entry.role_arn,
            "RoleSessionName": session_name(subject),
            "WebIdentityToken": token,
            "DurationSeconds": WEB_IDENTITY_SESSION_SECONDS,
        }
        role = self._entry.role_arn
        question = StsRequest(
            operation=WEB_IDENTITY_OPERATION,
            region=self._entry.region,
            credentials_name=f"the role {role}",
            role=role,
            arguments=arguments,
        )
        return keys_from_sts(await self._sts.call(question))

    def _read_token(self) -> str:
        try:
            token = Path(self._entry.token_file).read_text("utf-8").strip()
        except OSError as error:
            raise self._token_error(error.strerror or type(error).__name__) from error
        except UnicodeDecodeError:
            # The message of this error would show a part of the token.
            raise self._token_error("not a text file") from None
        if not token:
            raise self._token_error("the file is empty")
        return token

    def _token_error(self, reason: str) -> CredentialsUnavailableError:
        setting = f"{self._entry.key}.webIdentityTokenFile"
        return CredentialsUnavailableError(
            f"There is no web-identity token in the file that `{setting}` names, {self._entry.token_file}: {reason}.",
            role=self._entry.role_arn,
            operation=WEB_IDENTITY_OPERATION,
        )
