"""aws.client.client, writes over real HTTP: what is repeated, what is not, and what is put on the account."""

from typing import Any

import pytest

from aws.client.client import AwsClient
from aws.client.errors import InvalidRequestError, ThrottledError, UnavailableError
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, REGION, ROLE, UnlimitedRateLimiters, arn, collected_stats, make_models


async def make(calls: AwsClient, name: str = "one") -> Any:
    """Writes an endpoint configuration."""
    variant = {"VariantName": "v", "ModelName": "Scorer", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    return await calls.write("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=[variant])


def configs(sandbox: Sandbox) -> list[str]:
    rows = sandbox.call("ListEndpointConfigs", ACCOUNT, REGION)["EndpointConfigs"]
    return [row["EndpointConfigName"] for row in rows]


async def test_what_was_written_is_on_the_account_by_its_request_id(sandbox: Sandbox, calls: AwsClient) -> None:
    make_models(sandbox, "Scorer")
    with collected_stats() as stats:
        answer = await make(calls)
        await calls.call("ListModels")
        await make(calls, "two")
    assert answer == {"EndpointConfigArn": arn("endpoint-config", "one")}
    assert len(set(stats.write_request_ids)) == 2
    assert dict(stats.calls) == {"CreateEndpointConfig": 2, "ListModels": 1}


async def test_what_was_refused_is_not_written(sandbox: Sandbox, calls: AwsClient) -> None:
    with collected_stats() as stats, pytest.raises(InvalidRequestError) as caught:
        await make(calls)
    assert stats.write_request_ids == []
    assert caught.value.aws_code == "ValidationException"
    assert caught.value.aws_message == f'Could not find model "{arn("model", "scorer")}".'


async def test_nobodys_account_is_needed_to_write(sandbox: Sandbox, calls: AwsClient) -> None:
    make_models(sandbox, "Scorer")
    await make(calls)
    assert configs(sandbox) == ["one"]


@pytest.mark.parametrize(("how", "there"), [("drop", []), ("lose", ["one"]), ("fail", [])])
async def test_a_write_without_an_answer_is_not_repeated(
    sandbox: Sandbox, calls: AwsClient, how: str, there: list[str]
) -> None:
    make_models(sandbox, "Scorer")
    getattr(sandbox.faults, how)("CreateEndpointConfig")
    with collected_stats() as stats, pytest.raises(UnavailableError):
        await make(calls)
    assert sandbox.calls.count("CreateEndpointConfig") == 1
    assert configs(sandbox) == there
    assert (stats.write_request_ids, stats.calls["CreateEndpointConfig"]) == ([], 1)


async def test_a_throttled_write_was_not_executed_and_is_repeated(
    sandbox: Sandbox, calls: AwsClient, rate_limiters: UnlimitedRateLimiters
) -> None:
    make_models(sandbox, "Scorer")
    sandbox.faults.throttle("CreateEndpointConfig", times=7)
    with collected_stats() as stats:
        await make(calls)
    assert (sandbox.calls.count("CreateEndpointConfig"), stats.throttled, len(stats.write_request_ids)) == (8, 7, 1)
    limiter = rate_limiters.made[ACCOUNT, REGION, "CreateEndpointConfig"]
    assert (limiter.turns, limiter.throttles, limiter.successes) == (8, 7, 1)
    sandbox.faults.throttle("CreateEndpointConfig")
    with pytest.raises(ThrottledError):
        await make(calls, "two")
    assert configs(sandbox) == ["one"]


async def test_a_write_with_rejected_keys_is_repeated_once(
    sandbox: Sandbox, calls: AwsClient, rejected: list[str]
) -> None:
    make_models(sandbox, "Scorer")
    sandbox.faults.fail("CreateEndpointConfig", status=400, code="ExpiredTokenException", message="expired", times=1)
    await make(calls)
    assert (sandbox.calls.count("CreateEndpointConfig"), rejected) == (2, [ROLE])


async def test_what_botocore_refuses_to_write_is_not_repeated_in_words(sandbox: Sandbox, calls: AwsClient) -> None:
    """Its report would show the values, which may be secrets."""
    with pytest.raises(InvalidRequestError) as caught:
        await calls.write("CreateTransformJob", Environment={"TOKEN": ["correct horse"]})
    assert str(caught.value) == "SageMaker would refuse CreateTransformJob: botocore finds its parameters malformed."
    assert caught.value.__cause__ is None
    assert sandbox.calls.count() == 0


async def test_the_shape_of_what_an_operation_takes(calls: AwsClient) -> None:
    assert (await calls.input_shape("CreateEndpoint")).required_members == ["EndpointName", "EndpointConfigName"]
