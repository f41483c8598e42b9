"""ASSUME_ROLE: a group's role, taken with the credentials of a base."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from auth.credentials.keys import Keys, from_answer
from auth.credentials.session_names import session_name
from auth.credentials.signing import SigningCredentials
from auth.credentials.sts import STS, Question
from auth.entries import AssumedRole
from auth.errors import CredentialsExpiredError

SESSION_SECONDS: Final = 3600
"""A role taken with another role's session lasts an hour at most, whatever the role allows."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a role is assumed with.

    Attributes:
        signer: Signs the call.
        forget: Drops the base's keys, once STS has said that they are no longer good.
    """

    signer: SigningCredentials
    forget: Callable[[], None]


class AssumedRoleStrategy:
    """Takes the entry's role, with its external id where it has one.

    Args:
        entry: The entry.
        sts: Whom to ask.
        base: What to ask with.
    """

    def __init__(self, entry: AssumedRole, sts: STS, base: Base) -> None:
        self._entry = entry
        self._sts = sts
        self._base = base

    async def fetch(self, subject: str) -> Keys:
        """Give keys of a new session, named after the caller.

        Raises:
            CredentialsError: The base has no keys, or STS does not give the role.
        """
        try:
            return await self._ask(subject)
        except CredentialsExpiredError:
            # The base's own session has ended before its time; a new one may do. If not, that is the answer.
            self._base.forget()
            return await self._ask(subject)

    async def _ask(self, subject: str) -> Keys:
        return from_answer(await self._sts.ask(self._question(subject), self._base.signer))

    def _question(self, subject: str) -> Question:
        role = self._entry.role_arn
        arguments = {"RoleArn": role, "RoleSessionName": session_name(subject), "DurationSeconds": SESSION_SECONDS}
        if self._entry.external_id is not None:
            arguments["ExternalId"] = self._entry.external_id
        return Question(
            operation="AssumeRole", region=self._entry.region, whose=f"the role {role}", role=role, arguments=arguments
        )
