"""Makes the calls of one scope: counted, bounded in number, tried again only where that can heal."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError

from aws.brake import Brakes
from aws.clients import Clients
from aws.errors import AWSError, CredentialsRejectedError, InvalidRequestError, ThrottledError, UnavailableError
from aws.operations import OPERATIONS, WRITING, Operation
from aws.refusals import read_refusal
from aws.sharing import compact
from aws.tally import current_tally

# Before a call that found AWS unreachable is made again, up to this many seconds pass; the jitter keeps callers apart.
_WAIT = 0.5
_TRIES_WHEN_THROTTLED = 8
_TRIES_WHEN_UNAVAILABLE = 2
_TRIES_WHEN_REJECTED = 2


@dataclass(frozen=True, slots=True)
class Manner:
    """How one scope's calls are made.

    Attributes:
        role: The principal that they are made as, for messages.
        account_id: The account whose rates they count against.
        region: The region.
        brakes: The process's brakes.
        on_rejected: Told when AWS no longer takes the credentials that a call was signed with.
        at_once: How many calls that read may be under way at the same time; of those that write, half as many besides.
    """

    role: str | None
    account_id: str
    region: str
    brakes: Brakes
    on_rejected: Callable[[], None]
    at_once: int = 32


class Calls:
    """One scope's way to AWS.

    Args:
        clients: The scope's clients.
        manner: How calls are made.
    """

    def __init__(self, clients: Clients, manner: Manner) -> None:
        self._clients = clients
        self._manner = manner
        self._room = asyncio.Semaphore(manner.at_once)
        # Writes that AWS leaves unanswered must not keep everybody from reading.
        self._room_for_writes = asyncio.Semaphore(max(1, manner.at_once // 2))

    @property
    def role(self) -> str | None:
        """The principal that the calls are made as."""
        return self._manner.role

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """AWS's answer to a reading operation. Raises AWSError; a throttled or unanswered call is tried again first."""
        return _content(await self._tried(operation, parameters, _TRIES_WHEN_UNAVAILABLE))

    async def write(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """AWS's answer to an operation that changes something; its request id goes on the request's account.

        A throttled call was not executed, nor was one with rejected credentials: those are tried again. One that AWS
        has not answered may have been executed, so it is not.

        Raises:
            UnavailableError: It may have been done, or not.
            AWSError: It was not done.
        """
        answer = await self._tried(operation, parameters, 1)
        tally, request_id = current_tally.get(), answer.get("ResponseMetadata", {}).get("RequestId")
        if tally is not None and request_id is not None:
            tally.written.append(request_id)
        return _content(answer)

    async def input_shape(self, operation: str) -> Any:
        """What an operation takes, as botocore's service model has it (a `botocore.model.Shape`)."""
        client = await self._clients.get(_operation(operation).service)
        return client.meta.service_model.operation_model(operation).input_shape

    async def _tried(
        self, operation: str, parameters: Mapping[str, Any], tries_when_unavailable: int
    ) -> Mapping[str, Any]:
        brake = self._manner.brakes.of(self._manner.account_id, self._manner.region, operation)
        throttled = unavailable = rejected = 0
        while True:
            await brake.turn()
            try:
                answer = await self._once(operation, parameters)
            except ThrottledError:
                brake.throttled()
                throttled += 1
                if throttled == _TRIES_WHEN_THROTTLED:
                    raise
            except CredentialsRejectedError:
                # They have been dropped; the next signature takes new ones. If those are no good either, none are.
                rejected += 1
                if rejected == _TRIES_WHEN_REJECTED:
                    raise
            except UnavailableError:
                unavailable += 1
                if unavailable == tries_when_unavailable:
                    raise
                await asyncio.sleep(random.uniform(0, _WAIT))
            else:
                brake.went_well()
                return answer

    async def _once(self, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        client = await self._clients.get(_operation(operation).service)
        tally = current_tally.get()
        async with self._room_for_writes if operation in WRITING else self._room:
            if tally is not None:
                tally.calls[operation] += 1
            try:
                answer: Mapping[str, Any] = await getattr(client, xform_name(operation))(**parameters)
            except ClientError as error:
                raise self._refusal(error, operation) from error
            except ParamValidationError as error:
                raise self._misfit(error, operation) from None
            except (BotoCoreError, ResponseParserError, OSError, TimeoutError) as error:
                message = f"AWS could not be reached for {operation} ({type(error).__name__})."
                raise UnavailableError(message, operation=operation, role=self.role) from error
        return answer

    def _misfit(self, error: ParamValidationError, operation: str) -> AWSError:
        # botocore's report repeats what it was given, and what is written may hold secrets.
        told = str(error) if operation in OPERATIONS else "botocore finds its parameters malformed."
        return InvalidRequestError(f"SageMaker would not take {operation}: {told}", operation=operation, role=self.role)

    def _refusal(self, error: ClientError, operation: str) -> AWSError:
        refusal = read_refusal(error.response, operation, self.role)
        tally = current_tally.get()
        if isinstance(refusal, ThrottledError) and tally is not None:
            tally.throttled += 1
        if isinstance(refusal, CredentialsRejectedError):
            self._manner.on_rejected()
        return refusal


def _operation(name: str) -> Operation:
    return OPERATIONS[name] if name in OPERATIONS else WRITING[name]


def _content(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: compact(value) for name, value in answer.items() if name != "ResponseMetadata"}
