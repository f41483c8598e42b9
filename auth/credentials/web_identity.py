"""ASSUME_ROLE_WITH_WEB_IDENTITY: a role for the token that the cluster puts into a file."""

import asyncio
from pathlib import Path
from typing import Final

from auth.credentials.keys import AwsKeys, keys_from_sts
from auth.credentials.session_names import session_name
from auth.credentials.sts import StsClient, StsRequest
from auth.entries import WebIdentityRole
from auth.errors import CredentialsUnavailableError

WEB_IDENTITY_SESSION_SECONDS: Final = 3600
"""The longest that any role allows unless it is set to more."""

WEB_IDENTITY_OPERATION: Final = "AssumeRoleWithWebIdentity"


class WebIdentityStrategy:
    """Takes the entry's role with the token in the entry's file, which is read again each time because it is rotated.

    Args:
        entry: The entry.
        sts: Whom to ask.
    """

    def __init__(self, entry: WebIdentityRole, sts: StsClient) -> None:
        self._entry = entry
        self._sts = sts

    async def fetch(self, subject: str) -> AwsKeys:
        """Give keys of a new session, named after the caller.

        Raises:
            CredentialsError: The token file cannot be read, or STS does not give the role.
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
            # Its own words would show a part of the token.
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
