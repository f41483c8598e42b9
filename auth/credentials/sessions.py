"""Makes aiobotocore sessions that share what is costly in them: botocore's descriptions of the services."""

from typing import Any

from aiobotocore.session import AioSession

from auth.credentials.signing import SigningCredentials


def new_session(data_loader: Any, credentials: SigningCredentials | None = None) -> AioSession:
    """Give a session.

    Args:
        data_loader: botocore's loader, shared by all sessions; None for one of its own.
        credentials: What its clients sign with; None leaves the default AWS chain in place.
    """
    session = AioSession()
    if data_loader is not None:
        session.register_component("data_loader", data_loader)
    if credentials is not None:
        session.register_component("credential_provider", credentials)
    return session


def new_data_loader() -> Any:
    """Give a loader for sessions to share."""
    return AioSession().get_component("data_loader")
