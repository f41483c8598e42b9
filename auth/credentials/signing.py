"""Request signing on behalf of the current caller, and the aiobotocore sessions that use it."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from aiobotocore.session import AioSession

from auth.credentials.aws_keys import AwsKeys
from auth.errors import NoSigningCallerError

signing_subject: ContextVar[str] = ContextVar("signing_as")
"""The caller on whose behalf AWS is called; `sagegraph` in background work.

It has no default, so that a call without a caller fails instead of being signed as somebody else.
"""


@contextmanager
def sign_as(subject: str) -> Iterator[None]:
    """Sign every AWS call inside the block as the caller `subject`; tasks started inside inherit it."""
    token = signing_subject.set(subject)
    try:
        yield
    finally:
        signing_subject.reset(token)


def current_signer() -> str:
    """Give the caller on whose behalf AWS is called in this context.

    Raises:
        NoSigningCallerError: `sign_as` is not in effect.
    """
    try:
        return signing_subject.get()
    except LookupError:
        raise NoSigningCallerError(
            "An AWS call would have been signed for nobody; `signing_subject` must be set first."
        ) from None


class SigningCredentials:
    """Credentials in the form that an aiobotocore session and its signers expect, on top of a function that gives keys.

    It is its own provider too: `session.register_component("credential_provider", credentials)`.

    Args:
        keys: Gives the keys that sign the next request.
    """

    method: Final = "sagegraph"
    """botocore's name for the source of credentials."""

    def __init__(self, keys: Callable[[], Coroutine[Any, Any, AwsKeys]]) -> None:
        self._keys = keys

    async def load_credentials(self) -> "SigningCredentials":
        """Give these credentials to a session that looks for a provider."""
        return self

    async def get_frozen_credentials(self) -> AwsKeys:
        """Give the keys for one request."""
        return await self._keys()

    def get_deferred_property(self, name: str) -> Callable[[], Coroutine[Any, Any, Any]]:
        """Give a function that reads the attribute `name` of the keys when it is called, not now."""

        async def get_property() -> Any:
            return getattr(await self._keys(), name, None)

        return get_property

    async def get_account_id(self) -> str | None:
        """Give the account id, for services that have it in their address; None if it is not known."""
        return (await self._keys()).account_id


class CallerCredentials(SigningCredentials):
    """The credentials of one entry for all callers: each request is signed with the keys of the current caller.

    Args:
        keys_for: Gives the keys of a caller, by name.
    """

    def __init__(self, keys_for: Callable[[str], Coroutine[Any, Any, AwsKeys]]) -> None:
        # A bound method would make a cycle of references, and each request has credentials.
        super().__init__(lambda: keys_for(current_signer()))


def new_session(
    data_loader: Any, credentials: SigningCredentials | None = None, profile: str | None = None
) -> AioSession:
    """Give a session with its loader and credential provider set.

    Args:
        data_loader: botocore's loader, shared by all sessions; None gives the session its own.
        credentials: The credentials that its clients sign with; None leaves the default AWS chain in place.
        profile: The profile of the AWS configuration that the chain takes; None for its own choice.
    """
    session = AioSession(profile=profile)
    if data_loader is not None:
        session.register_component("data_loader", data_loader)
    if credentials is not None:
        session.register_component("credential_provider", credentials)
    return session


def new_data_loader() -> Any:
    """Give a loader of botocore's service descriptions, for sessions to share."""
    return AioSession().get_component("data_loader")
