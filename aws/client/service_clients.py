"""Long-lived aiobotocore clients of one scope: one for each service, created on first use."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession

from aws.client.errors import UnavailableError
from aws.client.timestamps import parse_moment
from concurrency.tls_sessions import SharedTlsSession

# botocore does not retry: it knows neither the request's deadline nor the account's rate (see aws/client/client.py).
_CONFIG = AioConfig(
    retries={"total_max_attempts": 1, "mode": "standard"},
    connect_timeout=10,
    read_timeout=20,
    max_pool_connections=64,
    # botocore composes its user agent anew for every request, a quarter of the CPU time of a call.
    user_agent="sagegraph",
    http_session_cls=SharedTlsSession,
)
# By default botocore signs upload forms by version 2, which newer regions reject.
_S3_CONFIG = _CONFIG.merge(AioConfig(signature_version="s3v4"))
# By default it also addresses them to us-east-1, whose redirect to the bucket's region browsers do not follow.
_AWS_S3_CONFIG = _S3_CONFIG.merge(AioConfig(s3={"addressing_style": "virtual"}))


EVERY_SCOPE_ASKS: Final = ("sts", "sagemaker")
"""The services that the first request of a scope calls."""


class CredentialsProvider(Protocol):
    """The part of botocore's credentials interface that aiobotocore's clients and signers use."""

    async def get_frozen_credentials(self) -> Any:
        """Give the keys that sign the present call."""

    def get_deferred_property(self, name: str, /) -> Any:
        """Give a function that reads the attribute `name` of the keys; clients store it and never call it."""

    async def get_account_id(self) -> str | None:
        """Give the account id of the keys, for services that have it in their address; None if it is not known."""


class _CredentialSource:
    """Replaces botocore's provider chain by one provider, so that a client can never use other keys."""

    def __init__(self, credentials: CredentialsProvider) -> None:
        self._credentials = credentials

    async def load_credentials(self) -> CredentialsProvider:
        return self._credentials


class _NoKeys:
    """Credentials of a client that signs nothing."""

    async def get_frozen_credentials(self) -> Any:
        raise AssertionError("A client that only warms up botocore has called AWS.")

    def get_deferred_property(self, _name: str, /) -> Any:
        return self.get_frozen_credentials

    async def get_account_id(self) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class AwsEndpoint:
    """The address of AWS's services.

    Attributes:
        region: The AWS region.
        endpoint_url: The address of all services; None for AWS's own addresses.
        data_loader: botocore's loader of service models; sharing one saves 16 MB and 90 ms for each further scope.
    """

    region: str
    endpoint_url: str | None
    data_loader: Any


class ServiceClients:
    """The clients of one scope, which all sign with one credentials object.

    Args:
        connection: The region and address.
        credentials: Gives the keys of each call.
    """

    def __init__(self, connection: AwsEndpoint, credentials: CredentialsProvider) -> None:
        self._connection = connection
        self._credentials = credentials
        self._session = AioSession()
        self._session.register_component("data_loader", connection.data_loader)
        self._session.register_component("credential_provider", _CredentialSource(credentials))
        parsers = self._session.get_component("response_parser_factory")
        parsers.set_parser_defaults(timestamp_parser=parse_moment)
        self._clients: dict[str, Any] = {}
        self._creation_lock = asyncio.Lock()
        self._closed = False
        self._stack = AsyncExitStack()

    async def get(self, service: str) -> Any:
        """Give the client of a service such as `sagemaker`; it is created once.

        Raises:
            UnavailableError: The clients are closed, and nobody would close a new one.
        """
        if (client := self._clients.get(service)) is None:
            async with self._creation_lock:
                if self._closed:
                    message = f"The clients of this scope are closed, {service}'s with them; ask again."
                    raise UnavailableError(message, operation=service)
                if (client := self._clients.get(service)) is None:
                    client = self._clients[service] = await self._create(service)
        return client

    async def _create(self, service: str) -> Any:
        return await self._stack.enter_async_context(
            self._session.create_client(
                service,
                region_name=self._connection.region,
                endpoint_url=self._connection.endpoint_url,
                config=self._config(service),
            )
        )

    def _config(self, service: str) -> AioConfig:
        if service != "s3":
            return _CONFIG
        return _AWS_S3_CONFIG if self._connection.endpoint_url is None else _S3_CONFIG

    async def prepare(self, service: str) -> None:
        """Create the client of a service, and read the files that its first call needs; AWS is not called."""
        client = await self.get(service)
        await asyncio.to_thread(client._endpoint.http_session.prepare)

    async def expires_at(self) -> datetime | None:
        """Give the expiry of the keys that would sign a call now; None for never, or if it is not known."""
        keys = await self._credentials.get_frozen_credentials()
        moment: datetime | None = getattr(keys, "expires_at", None)
        return moment

    async def close(self) -> None:
        """Close every client and its connections, also one that is being created."""
        async with self._creation_lock:
            self._closed = True
            self._clients.clear()
            await self._stack.aclose()


async def load_services(endpoint: AwsEndpoint) -> None:
    """Read the service models and certificates that the first request of each scope needs, so that it need not wait.

    Args:
        endpoint: Any region, with the loader that keeps the models.
    """
    clients = ServiceClients(endpoint, _NoKeys())
    for service in EVERY_SCOPE_ASKS:
        await clients.prepare(service)
    await clients.close()
