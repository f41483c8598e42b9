"""The base that the settings need not name: the default AWS chain of the process."""

import asyncio
from typing import Any, Final

from aiobotocore.session import AioSession
from aiohttp import ClientError as HTTPFault
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound

from auth.credentials import error_mapping
from auth.credentials.aws_keys import AwsKeys
from auth.errors import CredentialsError, CredentialsUnavailableError

CHAIN_NAME: Final = "the default AWS chain"


class AmbientCredentials:
    """The chain's credentials. aiobotocore gets and renews them; this class maps its errors to those of auth.

    Args:
        session: A session with the default chain.
    """

    def __init__(self, session: AioSession) -> None:
        self._session = session
        self._lock = asyncio.Lock()

    async def keys(self) -> AwsKeys:
        """Give the keys that the chain has now.

        Raises:
            CredentialsError: The chain has no credentials, or could not renew them.
        """
        try:
            frozen = await self._frozen_credentials()
        except ClientError as error:
            raise error_mapping.from_client_error(
                error, error_mapping.StsAttempt(operation="renewal", credentials_name=CHAIN_NAME)
            ) from None
        except ProfileNotFound:
            # Without its name: callers elsewhere read this, too.
            raise CredentialsUnavailableError(
                "The AWS configuration has no profile of the name that `profile` or AWS_PROFILE gives; set it to one "
                "that `aws configure list-profiles` lists."
            ) from None
        except (BotoCoreError, HTTPFault, OSError, RuntimeError) as error:
            # Some of them repeat the output of a program or a file, which may be the keys.
            raise _no_ambient_credentials(type(error).__name__) from None
        if frozen is None:
            raise _no_ambient_credentials("nothing found")
        return AwsKeys(access_key=frozen.access_key, secret_key=frozen.secret_key, token=frozen.token)

    async def _frozen_credentials(self) -> Any:
        async with self._lock:
            credentials = await self._session.get_credentials()
        return None if credentials is None else await credentials.get_frozen_credentials()


def chain_region(profile: str | None) -> str | None:
    """Give the region that the AWS configuration names for `profile` (None: the current one); None if it names none.

    Raises:
        CredentialsError: There is no such profile, or the configuration cannot be read.
    """
    try:
        region: str | None = AioSession(profile=profile).get_config_variable("region")
    except BotoCoreError as error:
        raise CredentialsUnavailableError(f"The AWS configuration cannot be used: {error}") from None
    return region


def _no_ambient_credentials(reason: str) -> CredentialsError:
    return CredentialsUnavailableError(
        f"There are no credentials in {CHAIN_NAME} ({reason}). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run "
        "`aws configure` or `aws sso login`, or use a machine with an instance role. A settings file may name a "
        "`base` for the entry instead."
    )
