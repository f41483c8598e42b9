"""Makes the calls of one scope: counted, bounded in number, tried again only where that can heal."""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from aws.clients import Clients
from aws.errors import AWSError, CredentialsRejectedError, InvalidRequestError, ThrottledError, UnavailableError
from aws.operations import OPERATIONS
from aws.refusals import read_refusal
from aws.tally import current_tally

# The first wait before trying again, in seconds; it doubles. Full jitter keeps callers from coming back together.
_FIRST_WAIT = 0.25
_TRIES_WHEN_THROTTLED = 5
_TRIES_WHEN_UNAVAILABLE = 2


class Calls:
    """One scope's way to AWS.

    Args:
        clients: The scope's clients.
        role: The principal that the calls are made as, for messages.
        on_rejected: Told when AWS no longer takes the credentials that a call was signed with.
        at_once: How many calls may be under way at the same time.
    """

    def __init__(self, clients: Clients, role: str | None, on_rejected: Callable[[], None], at_once: int = 32) -> None:
        self._clients = clients
        self.role = role
        self._on_rejected = on_rejected
        self._room = asyncio.Semaphore(at_once)

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """AWS's answer to a reading operation. Raises AWSError; a throttled or unanswered call is tried again first."""
        throttled = unavailable = 0
        while True:
            try:
                return await self._once(operation, parameters)
            except ThrottledError:
                throttled += 1
                if throttled == _TRIES_WHEN_THROTTLED:
                    raise
            except UnavailableError:
                unavailable += 1
                if unavailable == _TRIES_WHEN_UNAVAILABLE:
                    raise
            await asyncio.sleep(random.uniform(0, _FIRST_WAIT * 2 ** (throttled + unavailable - 1)))

    async def _once(self, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        client = await self._clients.get(OPERATIONS[operation].service)
        tally = current_tally.get()
        async with self._room:
            if tally is not None:
                tally.calls[operation] += 1
            try:
                answer: Mapping[str, Any] = await getattr(client, xform_name(operation))(**parameters)
            except ClientError as error:
                raise self._refusal(error, operation) from error
            except ParamValidationError as error:
                raise InvalidRequestError(
                    f"SageMaker would not take {operation}: {error}", operation=operation, role=self.role
                ) from error
            except (BotoCoreError, OSError, TimeoutError) as error:
                message = f"AWS could not be reached for {operation} ({type(error).__name__})."
                raise UnavailableError(message, operation=operation, role=self.role) from error
        return answer

    def _refusal(self, error: ClientError, operation: str) -> AWSError:
        refusal = read_refusal(error.response, operation, self.role)
        tally = current_tally.get()
        if isinstance(refusal, ThrottledError) and tally is not None:
            tally.throttled += 1
        if isinstance(refusal, CredentialsRejectedError):
            self._on_rejected()
        return refusal
