"""Calls of AWS for one scope: counted, bounded in number, retried only if a retry can help."""

import math
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError

from aws.client.call_stats import current_call_stats
from aws.client.error_mapping import map_error, mended_text
from aws.client.errors import AWSError, CredentialsRejectedError, InvalidRequestError, ThrottledError, UnavailableError
from aws.client.operations import READ_OPERATIONS, WRITE_OPERATIONS, Operation
from aws.client.rate_limit import AdaptiveRateLimiter, RateLimiters
from aws.client.retries import Retries
from aws.client.service_clients import ServiceClients
from concurrency.call_observer import UNOBSERVED, CallObserver
from concurrency.priority_slots import PrioritySlots
from concurrency.tracing import span


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """Policy of one scope's calls.

    Attributes:
        role: The principal that makes the calls, for messages; None if it is not known.
        account_id: The account whose rate limits apply.
        region: The region whose rate limits apply.
        rate_limiters: The process's rate limiters.
        on_rejected: Called when AWS rejects the credentials that signed a call.
        max_concurrent_calls: The most reading calls at once; half as many writing calls come on top.
        observer: Hears of each call, for metrics.
    """

    role: str | None
    account_id: str
    region: str
    rate_limiters: RateLimiters
    on_rejected: Callable[[], None]
    max_concurrent_calls: int = 32
    observer: CallObserver = UNOBSERVED


class AwsClient:
    """Calls AWS for one scope.

    Args:
        clients: The scope's clients.
        policy: The rules for its calls.
    """

    def __init__(self, clients: ServiceClients, policy: CallPolicy) -> None:
        self._clients = clients
        self._policy = policy
        self._read_slots = PrioritySlots(policy.max_concurrent_calls)
        # Writes that AWS leaves unanswered must not hold up reads.
        self._write_slots = PrioritySlots(max(1, policy.max_concurrent_calls // 2))

    @property
    def role(self) -> str | None:
        """The principal that makes the calls; None if it is not known."""
        return self._policy.role

    async def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Call a reading operation and return its answer, without ResponseMetadata.

        Args:
            operation: The operation's name, a key of `READ_OPERATIONS`.
            **parameters: The operation's parameters, by AWS's names.

        Raises:
            AWSError: The call failed, for a throttled or unanswered one after retries.
        """
        return _without_metadata(await self._call_with_retries(operation, parameters, Retries()))

    async def write(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Call a writing operation and return its answer; AWS's request id goes into the request's statistics.

        AWS has executed neither a throttled call nor one with rejected credentials, so those are retried. It may have
        executed a call that it did not answer, so that is not retried.

        Args:
            operation: The operation's name, a key of `WRITE_OPERATIONS`.
            **parameters: The operation's parameters, by AWS's names.

        Raises:
            UnavailableError: AWS did not answer: it may have executed the call or not.
            AWSError: AWS did not execute the call.
        """
        answer = await self._call_with_retries(operation, parameters, Retries(tries_when_unavailable=1))
        stats, request_id = current_call_stats.get(), answer.get("ResponseMetadata", {}).get("RequestId")
        if stats is not None and request_id is not None:
            stats.write_request_ids.append(request_id)
        return _without_metadata(answer)

    async def input_shape(self, operation: str) -> Any:
        """Give the shape of the input of `operation` in botocore's service model (a `botocore.model.Shape`)."""
        client = await self._clients.get(_operation(operation).service)
        return client.meta.service_model.operation_model(operation).input_shape

    async def _call_with_retries(
        self, operation: str, parameters: Mapping[str, Any], retries: Retries
    ) -> Mapping[str, Any]:
        limiter = self._policy.rate_limiters.get(self._policy.account_id, self._policy.region, operation)
        while True:
            await self._admitted(limiter, operation)
            try:
                answer = await self._call_once(operation, parameters)
            except AWSError as error:
                if isinstance(error, ThrottledError):
                    limiter.on_throttled()
                await retries.pause_or_raise(error)
            else:
                limiter.on_success()
                return answer

    async def _admitted(self, limiter: AdaptiveRateLimiter, operation: str) -> None:
        """Wait until the rate limiter admits the call; waits are observed."""
        if not limiter.holds_back:
            await limiter.acquire()
            return
        begun = time.perf_counter()
        await limiter.acquire()
        self._policy.observer.on_wait(operation, time.perf_counter() - begun)

    async def _call_once(self, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        client = await self._clients.get(_operation(operation).service)
        stats = current_call_stats.get()
        async with self._write_slots if operation in WRITE_OPERATIONS else self._read_slots:
            if stats is not None:
                stats.calls[operation] += 1
            begun, outcome = time.perf_counter(), "CANCELLED"
            try:
                answer = await self._shown_call(client, operation, parameters)
                outcome = "OK"
            except AWSError as error:
                outcome = error.code
                raise
            finally:
                self._policy.observer.on_call(operation, outcome, time.perf_counter() - begun)
        return answer

    async def _shown_call(self, client: Any, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        facts = {"rpc.system": "aws-api", "rpc.method": operation, "cloud.region": self._policy.region}
        with span(operation, facts, remote=True) as shown:
            try:
                answer = await self._send(client, operation, parameters)
            except AWSError as error:
                shown.set("aws.request_id", error.request_id or "")
                raise
            shown.set("aws.request_id", answer.get("ResponseMetadata", {}).get("RequestId", ""))
            return answer

    async def _send(self, client: Any, operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = await getattr(client, xform_name(operation))(**parameters)
        except ClientError as error:
            raise self._map_error(error, operation) from error
        except ParamValidationError as error:
            raise self._malformed(error, operation) from None
        except (BotoCoreError, ResponseParserError, OSError, TimeoutError) as error:
            message = f"AWS could not be reached for {operation} ({type(error).__name__})."
            raise UnavailableError(message, operation=operation, role=self.role) from error
        return answer

    def _malformed(self, error: ParamValidationError, operation: str) -> AWSError:
        # botocore's report repeats the parameters, which may hold secrets in writing calls.
        reason = str(error) if operation in READ_OPERATIONS else "botocore finds its parameters malformed."
        return InvalidRequestError(f"SageMaker would refuse {operation}: {reason}", operation=operation, role=self.role)

    def _map_error(self, error: ClientError, operation: str) -> AWSError:
        refusal = map_error(error.response, operation, self.role)
        stats = current_call_stats.get()
        if isinstance(refusal, ThrottledError) and stats is not None:
            stats.throttled += 1
        if isinstance(refusal, CredentialsRejectedError):
            self._policy.on_rejected()
        return refusal


def _operation(name: str) -> Operation:
    return READ_OPERATIONS[name] if name in READ_OPERATIONS else WRITE_OPERATIONS[name]


def _without_metadata(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: compact(value) for name, value in answer.items() if name != "ResponseMetadata"}


def compact(answer: Any) -> Any:
    """Bring an answer into a form for caches: texts interned and repaired, times in UTC, numbers finite.

    Rows and descriptions repeat names, ARNs, images, roles and statuses: separate copies are half of the weight of a
    known job. botocore makes a time-zone object for each time, which weighs more than the time. Half of a surrogate
    pair becomes U+FFFD, since no encoding takes it; NaN and Infinity become None, since JSON and GraphQL lack them.
    """
    if isinstance(answer, str):
        # Sub-classes of str cannot be interned; a parser gives none.
        return sys.intern(mended_text(answer)) if type(answer) is str else answer
    if isinstance(answer, dict):
        return {compact(key): compact(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [compact(value) for value in answer]
    if isinstance(answer, float):
        return answer if math.isfinite(answer) else None
    return answer.astimezone(UTC) if isinstance(answer, datetime) else answer
