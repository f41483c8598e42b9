"""Calls of STS: one long-lived client for each region and signer, and one retry for transient faults."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession
from aiohttp import ClientError as HTTPFault
from botocore import UNSIGNED, xform_name
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
from botocore.parsers import ResponseParserError

from auth.credentials import error_mapping
from auth.credentials.signing import SigningCredentials, new_session
from auth.errors import AuthError, CredentialsUnavailableError, RoleRefusedError
from concurrency.backoff import Backoff
from concurrency.call_observer import UNOBSERVED, CallObserver
from concurrency.tls_sessions import SharedTlsSession
from concurrency.tracing import span

CONNECT_TIMEOUT_SECONDS: Final = 3
READ_TIMEOUT_SECONDS: Final = 5
"""STS answers in well under a second, and the caller still has a whole query to wait for."""

RETRY_BACKOFF: Final = Backoff(first=0.2, most=0.2)
"""The pause before the one retry, which mends a dropped connection and most throttling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StsRequest(error_mapping.StsAttempt):
    """One call to STS.

    Attributes:
        region: The region whose STS is called.
        arguments: The operation's parameters.
    """

    region: str
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)


class StsClient:
    """The clients of the Security Token Service.

    Args:
        endpoint_url: The address of STS; None for AWS's own address in each region.
        data_loader: botocore's loader of service descriptions, shared with other sessions.
        observer: Hears of each call, for metrics.
    """

    def __init__(self, endpoint_url: str | None, data_loader: Any, observer: CallObserver = UNOBSERVED) -> None:
        self._observer = observer
        self._endpoint_url = endpoint_url
        self._data_loader = data_loader
        self._stack = AsyncExitStack()
        self._lock = asyncio.Lock()
        self._clients: dict[tuple[str, SigningCredentials | None], Any] = {}

    async def close(self) -> None:
        """Close all clients."""
        await self._stack.aclose()
        self._clients.clear()

    async def call(self, request: StsRequest, signer: SigningCredentials | None = None) -> Mapping[str, Any]:
        """Give STS's answer.

        Args:
            request: The operation and its parameters.
            signer: Signs the call; None for AssumeRoleWithWebIdentity, which is not signed.

        Raises:
            CredentialsError: STS refused, could not be reached, or the signer has no keys.
        """
        if signer is not None:
            # First, because a signer has retried its own failure already.
            await signer.get_frozen_credentials()
        try:
            return await self._observed_call(request, signer)
        except CredentialsUnavailableError:
            await asyncio.sleep(RETRY_BACKOFF.seconds(1))
        return await self._observed_call(request, signer)

    async def _observed_call(self, request: StsRequest, signer: SigningCredentials | None) -> Mapping[str, Any]:
        begun, outcome = time.perf_counter(), "CANCELLED"
        try:
            facts = {"rpc.system": "aws-api", "rpc.method": request.operation, "cloud.region": request.region}
            with span(request.operation, facts, remote=True):
                answer = await self._call_once(request, signer)
            outcome = "OK"
        except AuthError as error:
            outcome = error.code
            raise
        finally:
            self._observer.on_call(request.operation, outcome, time.perf_counter() - begun)
        return answer

    async def _call_once(self, request: StsRequest, signer: SigningCredentials | None) -> Mapping[str, Any]:
        try:
            client = await self._client(request.region, signer)
            answer: Mapping[str, Any] = await getattr(client, xform_name(request.operation))(**request.arguments)
            return answer
        except ClientError as error:
            fault = error_mapping.from_client_error(error, request)
            # Only AWS's message for a refused role is known to repeat nothing that was signed or sent.
            raise fault from (error if isinstance(fault, RoleRefusedError) else None)
        except (ConnectionError, HTTPClientError, HTTPFault, OSError) as error:
            raise error_mapping.from_connection_error(error, request) from error
        except ResponseParserError as error:
            # The message of this error holds the answer's body, which may hold keys.
            raise error_mapping.from_connection_error(error, request) from None
        except BotoCoreError as error:
            raise error_mapping.from_unsendable_request(error, request) from None

    async def _client(self, region: str, signer: SigningCredentials | None) -> Any:
        async with self._lock:
            client = self._clients.get((region, signer))
            if client is None:
                client = await self._stack.enter_async_context(self._open(region, signer))
                self._clients[region, signer] = client
        return client

    def _open(self, region: str, signer: SigningCredentials | None) -> Any:
        session: AioSession = new_session(self._data_loader, signer)
        config = AioConfig(
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            read_timeout=READ_TIMEOUT_SECONDS,
            # botocore would retry permanent faults, too, and for longer than a query may take.
            retries={"total_max_attempts": 1},
            signature_version=UNSIGNED if signer is None else None,
            http_session_cls=SharedTlsSession,
        )
        return session.create_client("sts", region_name=region, endpoint_url=self._endpoint_url, config=config)
