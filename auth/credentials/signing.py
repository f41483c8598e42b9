"""Request signing on behalf of the current caller, and the aiobotocore sessions that use it."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from aiobotocore.session import AioSession

from auth.credentials.aws_keys import AwsKeys
from auth.errors import NoSigningCallerError

signing_subject: ContextVar[str] = ContextVar("signing_as")
"""The caller on whose behalf AWS is asked here; `sagegraph` in background work. It has no default on purpose."""


@contextmanager
def sign_as(subject: str) -> Iterator[None]:
    """Sign every AWS call made inside as this caller; tasks started inside inherit it."""
    token = signing_subject.set(subject)
    try:
        yield
    finally:
        signing_subject.reset(token)


def current_signer() -> str:
    """Give the caller on whose behalf AWS is asked here.

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
    """Credentials as an aiobotocore session and its signers ask for them, in front of a function that gives keys.

    It is its own provider too: `session.register_component("credential_provider", credentials)`.

    Args:
        keys: Gives the keys to sign the next request with.
    """

    method: Final = "sagegraph"

    def __init__(self, keys: Callable[[], Coroutine[Any, Any, AwsKeys]]) -> None:
        self._keys = keys

    async def load_credentials(self) -> "SigningCredentials":
        """Give these credentials to a session that looks for its own."""
        return self

    async def get_frozen_credentials(self) -> AwsKeys:
        """Give the keys for one request."""
        return await self._keys()

    def get_deferred_property(self, name: str) -> Callable[[], Coroutine[Any, Any, Any]]:
        """Give a function that gives one of the keys' attributes when it is asked, not now."""

        async def get_property() -> Any:
            return getattr(await self._keys(), name, None)

        return get_property

    async def get_account_id(self) -> str | None:
        """Give the account for services whose address holds it; None where it is not known."""
        return (await self._keys()).account_id


class CallerCredentials(SigningCredentials):
    """The credentials of one entry, whoever is asking: each request is signed with those of the current caller.

    Args:
        keys_for: Gives the keys of a caller.
    """

    def __init__(self, keys_for: Callable[[str], Coroutine[Any, Any, AwsKeys]]) -> None:
        # A method of its own would make a cycle of references, and each request has credentials.
        super().__init__(lambda: keys_for(current_signer()))


def new_session(
    data_loader: Any, credentials: SigningCredentials | None = None, profile: str | None = None
) -> AioSession:
    """Give a session.

    Args:
        data_loader: botocore's loader, shared by all sessions; None for one of its own.
        credentials: What its clients sign with; None leaves the default AWS chain in place.
        profile: The profile of the AWS configuration that the chain takes; None for its own choice.
    """
    session = AioSession(profile=profile)
    if data_loader is not None:
        session.register_component("data_loader", data_loader)
    if credentials is not None:
        session.register_component("credential_provider", credentials)
    return session


def new_data_loader() -> Any:
    """Give a loader for sessions to share."""
    return AioSession().get_component("data_loader")
