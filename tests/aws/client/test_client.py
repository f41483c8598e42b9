"""Calls over real HTTP: what is tried again and what is not, how often, and who is told."""

import asyncio
import random
import socket
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from botocore.parsers import ResponseParserError

from aws.client import retries
from aws.client import service_clients as clients_module
from aws.client.client import AwsClient
from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)
from aws.client.service_clients import AwsEndpoint, ServiceClients
from concurrency.backoff import Backoff
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    ACCOUNT,
    REGION,
    ROLE,
    StaticCredentials,
    UnlimitedRateLimiters,
    arn,
    call_policy,
    collected_stats,
    make_models,
)


async def test_an_answer_is_awss_own_and_is_counted(sandbox: Sandbox, calls: AwsClient) -> None:
    make_models(sandbox, "Scorer-1")
    with collected_stats() as stats:
        answer = await calls.call("DescribeModel", ModelName="Scorer-1")
        await calls.call("ListModels")
    assert answer["ModelName"] == "Scorer-1"
    assert answer["ModelArn"] == arn("model", "scorer-1")
    assert sandbox.calls.by_operation() == {"DescribeModel": 1, "ListModels": 1}
    assert dict(stats.calls) == {"DescribeModel": 1, "ListModels": 1}
    assert (stats.throttled, stats.shared, stats.cached) == (0, 0, 0)


async def test_nobodys_account_is_needed(sandbox: Sandbox, calls: AwsClient) -> None:
    assert (await calls.call("ListModels"))["Models"] == []
    assert sandbox.calls.count() == 1


def braked(rate_limiters: UnlimitedRateLimiters) -> tuple[int, int, int]:
    """What the only limiter was told: turns, throttles, successes."""
    ((key, limiter),) = rate_limiters.made.items()
    assert key == (ACCOUNT, REGION, "ListModels")
    return limiter.turns, limiter.throttles, limiter.successes


async def test_throttled_eight_times_is_the_end(
    sandbox: Sandbox, calls: AwsClient, rate_limiters: UnlimitedRateLimiters, rejected: list[str]
) -> None:
    sandbox.faults.throttle("ListModels")
    with collected_stats() as stats, pytest.raises(ThrottledError) as caught:
        await calls.call("ListModels")
    assert str(caught.value) == "AWS is being asked too often; ListModels was turned away: Rate exceeded"
    assert sandbox.calls.count("ListModels") == 8
    assert (stats.calls["ListModels"], stats.throttled) == (8, 8)
    assert braked(rate_limiters) == (8, 8, 0)
    assert rejected == []


async def test_throttled_seven_times_heals(
    sandbox: Sandbox, calls: AwsClient, rate_limiters: UnlimitedRateLimiters
) -> None:
    sandbox.faults.throttle("ListModels", times=7)
    with collected_stats() as stats:
        assert (await calls.call("ListModels"))["Models"] == []
    assert sandbox.calls.count("ListModels") == 8
    assert (stats.calls["ListModels"], stats.throttled) == (8, 7)
    assert braked(rate_limiters) == (8, 7, 1)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_fault_of_aws_is_tried_twice(
    sandbox: Sandbox, calls: AwsClient, rate_limiters: UnlimitedRateLimiters, status: int
) -> None:
    sandbox.faults.fail("ListModels", status=status)
    with collected_stats() as stats, pytest.raises(UnavailableError) as caught:
        await calls.call("ListModels")
    assert str(caught.value) == "AWS could not do ListModels: An internal error occurred."
    assert sandbox.calls.count("ListModels") == 2
    assert (stats.calls["ListModels"], stats.throttled) == (2, 0)
    assert braked(rate_limiters) == (2, 0, 0)


async def test_a_fault_of_aws_heals(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.fail("ListModels", times=1)
    assert (await calls.call("ListModels"))["Models"] == []
    assert sandbox.calls.count("ListModels") == 2


async def test_an_answer_that_is_no_answer_of_awss(
    sandbox: Sandbox, calls: AwsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy in front of AWS has answered with a page of its own."""

    def page(_self: object, _xml: object) -> None:
        raise ResponseParserError("Unable to parse response: <html>")

    sandbox.faults.fail("SimulatePrincipalPolicy", status=502)
    monkeypatch.setattr("botocore.parsers.BaseXMLResponseParser._parse_xml_string_to_dom", page)
    with pytest.raises(UnavailableError) as caught:
        await calls.call("SimulatePrincipalPolicy", PolicySourceArn=ROLE, ActionNames=["sagemaker:ListModels"])
    assert str(caught.value) == "AWS could not be reached for SimulatePrincipalPolicy (ResponseParserError)."


async def test_a_dropped_connection_is_tried_twice(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.drop("ListModels")
    with pytest.raises(UnavailableError) as caught:
        await calls.call("ListModels")
    assert str(caught.value) == "AWS could not be reached for ListModels (ConnectionClosedError)."
    assert (caught.value.operation, caught.value.role, caught.value.request_id) == ("ListModels", ROLE, None)
    assert sandbox.calls.count("ListModels") == 2


async def test_a_connection_dropped_once_heals(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.drop("ListModels", times=1)
    assert (await calls.call("ListModels"))["Models"] == []
    assert sandbox.calls.count("ListModels") == 2


async def test_nobody_at_the_address(loader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "UNAVAILABLE_BACKOFF", Backoff(0, 0))
    with socket.socket() as reserved:
        # Bound and not listening: whoever connects is refused, and nobody else gets the port.
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        clients = ServiceClients(AwsEndpoint(REGION, url, loader), StaticCredentials())
        with collected_stats() as stats, pytest.raises(UnavailableError) as caught:
            await AwsClient(clients, call_policy(role=None)).call("ListModels")
        await clients.close()
    assert str(caught.value) == "AWS could not be reached for ListModels (EndpointConnectionError)."
    assert caught.value.role is None
    assert stats.calls["ListModels"] == 2


async def test_no_answer_in_time(sandbox: Sandbox, calls: AwsClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients_module, "_CONFIG", clients_module._CONFIG.merge(AioConfig(read_timeout=0.2)))
    hold = sandbox.faults.block("ListModels")
    with pytest.raises(UnavailableError) as caught:
        await calls.call("ListModels")
    # Both have arrived, however late the sandbox comes to look at them.
    assert await asyncio.to_thread(hold.wait_for_requests, 2)
    hold.release()
    assert str(caught.value) == "AWS could not be reached for ListModels (ReadTimeoutError)."
    assert sandbox.calls.count("ListModels") == 2


@pytest.mark.parametrize("first", ["throttles", "fault"])
async def test_throttles_and_faults_are_counted_apart(sandbox: Sandbox, calls: AwsClient, first: str) -> None:
    if first == "fault":
        sandbox.faults.fail("ListModels", times=1)
    sandbox.faults.throttle("ListModels", times=4)
    if first == "throttles":
        sandbox.faults.fail("ListModels", times=1)
    with collected_stats() as stats:
        assert (await calls.call("ListModels"))["Models"] == []
    assert sandbox.calls.count("ListModels") == 6
    assert (stats.calls["ListModels"], stats.throttled) == (6, 4)


async def test_a_second_fault_after_throttles_is_the_end(sandbox: Sandbox, calls: AwsClient) -> None:
    sandbox.faults.throttle("ListModels", times=2)
    sandbox.faults.fail("ListModels")
    with pytest.raises(UnavailableError):
        await calls.call("ListModels")
    assert sandbox.calls.count("ListModels") == 4


async def test_before_it_asks_again_whoever_found_nobody_waits_up_to_half_a_second(
    sandbox: Sandbox, clients: ServiceClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Throttles wait for their turn at the rate limiter instead."""
    spans: list[tuple[float, float]] = []

    def at_once(low: float, high: float) -> float:
        spans.append((low, high))
        return 0.0

    monkeypatch.setattr(random, "uniform", at_once)
    sandbox.faults.throttle("ListModels", times=3)
    sandbox.faults.fail("ListModels")
    with pytest.raises(UnavailableError):
        await AwsClient(clients, call_policy()).call("ListModels")
    assert spans == [(0, 0.5)]
    assert sandbox.calls.count("ListModels") == 5


REFUSED: list[tuple[str, str, type[AWSError]]] = [
    ("AccessDeniedException", "no", AccessDeniedError),
    ("ResourceNotFound", "gone", NotFoundError),
    ("ValidationException", "Could not find model.", NotFoundError),
    ("ValidationException", "1 validation error detected", InvalidRequestError),
]


@pytest.mark.parametrize(("code", "message", "kind"), REFUSED)
async def test_what_cannot_heal_is_tried_once(
    sandbox: Sandbox, calls: AwsClient, rejected: list[str], code: str, message: str, kind: type[AWSError]
) -> None:
    sandbox.faults.fail("DescribeModel", status=400, code=code, message=message)
    with collected_stats() as stats, pytest.raises(AWSError) as caught:
        await calls.call("DescribeModel", ModelName="scorer")
    assert type(caught.value) is kind
    assert (caught.value.operation, caught.value.role) == ("DescribeModel", ROLE)
    assert sandbox.calls.by_operation() == {"DescribeModel": 1}
    assert (stats.calls["DescribeModel"], stats.throttled) == (1, 0)
    assert rejected == []


async def test_rejected_keys_are_told_of_each_time(sandbox: Sandbox, calls: AwsClient, rejected: list[str]) -> None:
    """They are dropped, and others are tried once; of those that are no good either it is told too."""
    sandbox.enforce()
    with pytest.raises(CredentialsRejectedError) as caught:
        await calls.call("ListModels")
    assert str(caught.value).startswith(
        f"AWS no longer takes the credentials of {ROLE} (expired or revoked) for ListModels: "
    )
    assert (caught.value.operation, caught.value.role) == ("ListModels", ROLE)
    assert sandbox.calls.count("ListModels") == 2
    assert rejected == [ROLE, ROLE]


async def test_rejected_keys_heal_when_new_ones_are_good(
    sandbox: Sandbox, calls: AwsClient, rejected: list[str]
) -> None:
    sandbox.faults.fail("ListModels", status=400, code="ExpiredTokenException", message="expired", times=1)
    with collected_stats() as stats:
        assert (await calls.call("ListModels"))["Models"] == []
    assert (sandbox.calls.count("ListModels"), stats.calls["ListModels"]) == (2, 2)
    assert rejected == [ROLE]


async def test_what_botocore_refuses_never_reaches_aws(sandbox: Sandbox, calls: AwsClient, rejected: list[str]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        await calls.call("DescribeModel", ModelName=7)
    assert str(caught.value).startswith("SageMaker would refuse DescribeModel: Parameter validation failed:")
    assert (caught.value.operation, caught.value.role, caught.value.request_id) == ("DescribeModel", ROLE, None)
    assert sandbox.calls.count() == 0
    assert rejected == []


async def test_only_operations_of_the_table_are_called(sandbox: Sandbox, calls: AwsClient) -> None:
    with pytest.raises(KeyError):
        await calls.call("DeleteModel", ModelName="scorer")
    assert sandbox.calls.count() == 0


async def test_calls_are_signed_with_the_keys_of_the_scope(sandbox: Sandbox, calls: AwsClient) -> None:
    await calls.call("ListModels")
    (call,) = sandbox.calls.recent()
    assert (call.access_key, call.account, call.region) == ("AKIATESTSOFAWS", ACCOUNT, REGION)


async def test_what_fails_before_a_call_is_made_is_not_awss(sandbox: Sandbox, connection: AwsEndpoint) -> None:
    class NoKeysError(Exception):
        pass

    class NoKeys(StaticCredentials):
        async def get_frozen_credentials(self) -> Any:
            raise NoKeysError

    clients = ServiceClients(connection, NoKeys())
    with pytest.raises(NoKeysError):
        await AwsClient(clients, call_policy()).call("ListModels")
    await clients.close()
    assert sandbox.calls.count() == 0
