"""ASSUME_ROLE: a group's role, taken with the credentials of a base."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from auth.credentials.keys import AwsKeys, keys_from_sts
from auth.credentials.session_names import session_name
from auth.credentials.signing import SigningCredentials
from auth.credentials.sts import StsClient, StsRequest
from auth.entries import AssumedRole
from auth.errors import CredentialsExpiredError

SESSION_SECONDS: Final = 3600
"""A role taken with another role's session lasts an hour at most, whatever the role allows."""


@dataclass(frozen=True, slots=True)
class BaseCredentials:
    """What a role is assumed with.

    Attributes:
        signer: Signs the call.
        invalidate: Drops the base's keys, once STS has said that they are no longer good.
    """

    signer: SigningCredentials
    invalidate: Callable[[], None]


class AssumeRoleStrategy:
    """Takes the entry's role, with its external id where it has one.

    Args:
        entry: The entry.
        sts: Whom to ask.
        base: What to ask with.
    """

    def __init__(self, entry: AssumedRole, sts: StsClient, base: BaseCredentials) -> None:
        self._entry = entry
        self._sts = sts
        self._base = base

    async def fetch(self, subject: str) -> AwsKeys:
        """Give keys of a new session, named after the caller.

        Raises:
            CredentialsError: The base has no keys, or STS does not give the role.
        """
        try:
            return await self._request_session(subject)
        except CredentialsExpiredError:
            # The base's own session has ended before its time; a new one may do. If not, that is the answer.
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
