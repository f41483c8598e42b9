"""Trouble on demand, as a client sees it."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, PaginationError

from sandbox.call_log import AwsCall
from sandbox.fault_injection import FaultEffect, FaultTargetOptions
from sandbox.sagemaker.store import MODEL
from sandbox.server import Sandbox
from tests.sandbox.conftest import ACCOUNT, REGION, ROLE

Connect = Callable[..., Any]
CALL = AwsCall("sagemaker", "DescribeModel", "arn:aws:iam::222222222222:user/tests", ACCOUNT, REGION, resource="m")


@pytest.fixture
def models(sandbox: Sandbox) -> list[str]:
    names = ["a", "b", "c"]
    for name in names:
        sandbox.call(
            "CreateModel",
            ACCOUNT,
            REGION,
            ModelName=name,
            ExecutionRoleArn=ROLE,
            PrimaryContainer={"Image": "repository/image:1"},
        )
    return names


def _error(call: Callable[..., Any], **ask: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as caught:
        call(**ask)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


@pytest.mark.usefixtures("models")
def test_refused_is_said_as_sagemaker_says_it(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.refuse("DescribeModel", name="a")
    assert _error(sagemaker.describe_model, ModelName="a") == (
        "AccessDeniedException",
        400,
        "User: arn:aws:iam::222222222222:user/tests is not authorized to perform: sagemaker:DescribeModel on resource: "
        "a because no identity-based policy allows the sagemaker:DescribeModel action",
    )
    assert sagemaker.describe_model(ModelName="b")["ModelName"] == "b"
    sandbox.faults.clear()
    assert sagemaker.describe_model(ModelName="a")["ModelName"] == "a"


@pytest.mark.usefixtures("models")
def test_refused_in_xml_is_said_as_moto_says_it(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.refuse("DescribeModel", xml=True)
    code, status, message = _error(sagemaker.describe_model, ModelName="a")
    assert "<Code>AccessDenied</Code>" in message
    assert (code, status) == ("403", 403)


def test_what_is_refused_does_not_happen(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.refuse("CreateModel")
    ask = {"ModelName": "m", "ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": "repository/image:1"}}
    assert _error(sagemaker.create_model, **ask)[0] == "AccessDeniedException"
    assert len(sandbox.sagemaker.account_region(ACCOUNT, REGION).records(MODEL)) == 0
    assert sandbox.calls.count("CreateModel") == 1


@pytest.mark.usefixtures("models")
def test_trouble_ends_after_so_many_times(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.throttle("ListModels", times=2)
    for _ in range(2):
        assert _error(sagemaker.list_models) == ("ThrottlingException", 400, "Rate exceeded")
    assert len(sagemaker.list_models()["Models"]) == 3


@pytest.mark.parametrize(
    ("service", "operation", "call", "expected"),
    [
        ("sts", "GetCallerIdentity", "get_caller_identity", ("Throttling", 400)),
        ("s3", "ListBuckets", "list_buckets", ("SlowDown", 503)),
        ("cloudwatch", "ListMetrics", "list_metrics", ("Throttling", 400)),
    ],
)
def test_every_service_throttles_in_its_own_words(
    sandbox: Sandbox, connect: Connect, service: str, operation: str, call: str, expected: tuple[str, int]
) -> None:
    sandbox.faults.throttle(operation)
    assert _error(getattr(connect(service), call))[:2] == expected


def test_outages(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.fail("ListModels", times=1)
    assert _error(sagemaker.list_models)[:2] == ("InternalFailure", 500)
    sandbox.faults.fail("ListModels", status=503, times=1)
    assert _error(sagemaker.list_models)[:2] == ("ServiceUnavailable", 503)
    sandbox.faults.fail("ListModels", status=400, code="ValidationException", message="Because.", times=1)
    assert _error(sagemaker.list_models) == ("ValidationException", 400, "Because.")


def test_a_dropped_connection_gives_no_answer(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.drop("ListModels", times=1)
    with pytest.raises(ConnectionClosedError):
        sagemaker.list_models()
    assert sagemaker.list_models()["Models"] == []


def test_what_is_lost_is_done_all_the_same(sandbox: Sandbox, sagemaker: Any) -> None:
    ask = {"ModelName": "m", "ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": "repository/image:1"}}
    sandbox.faults.lose("CreateModel", times=1)
    with pytest.raises(ConnectionClosedError):
        sagemaker.create_model(**ask)
    assert [row["ModelName"] for row in sagemaker.list_models()["Models"]] == ["m"]
    assert sandbox.calls.count("CreateModel") == 1


def test_an_error_can_be_lost_too(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.lose("DescribeModel", times=1)
    with pytest.raises(ConnectionClosedError):
        sagemaker.describe_model(ModelName="nobody")
    assert _error(sagemaker.describe_model, ModelName="nobody")[0] == "ValidationException"


def test_delays_add_up_and_hold_up_nobody_else(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.delay("*", 0.05)
    sandbox.faults.delay("List*", 0.05)
    began = time.monotonic()
    sagemaker.list_models()
    assert time.monotonic() - began >= 0.1


async def test_blocked_requests_wait_until_released(sandbox: Sandbox) -> None:
    hold = sandbox.faults.block("ListModels")
    async with httpx.AsyncClient(base_url=sandbox.url) as client:
        head = {"X-Amz-Target": "SageMaker.ListModels"}
        waiting = [asyncio.create_task(client.post("/", json={}, headers=head)) for _ in range(3)]
        assert await asyncio.to_thread(hold.wait_for_requests, 3)
        other = await client.post("/", json={}, headers={"X-Amz-Target": "SageMaker.ListEndpoints"})
        assert other.json() == {"Endpoints": []}
        assert not any(task.done() for task in waiting)
        assert sandbox.calls.max_concurrent("ListModels") == 3
        hold.release()
        assert [answer.json() for answer in await asyncio.gather(*waiting)] == [{"Models": []}] * 3
        assert (await client.post("/", json={}, headers=head)).status_code == 200


def test_a_hold_says_when_nobody_came(sandbox: Sandbox) -> None:
    assert not sandbox.faults.block("ListModels").wait_for_requests(1, seconds=0.01)


@pytest.mark.usefixtures("models")
def test_a_page_may_be_cut_short_or_empty_and_still_goes_on(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.shorten("ListModels", 0, times=1)
    sandbox.faults.shorten("ListModels", 1, times=1)
    first = sagemaker.list_models(MaxResults=2)
    assert first["Models"] == []
    second = sagemaker.list_models(MaxResults=2, NextToken=first["NextToken"])
    assert [row["ModelName"] for row in second["Models"]] == ["c"]
    third = sagemaker.list_models(MaxResults=2, NextToken=second["NextToken"])
    assert [row["ModelName"] for row in third["Models"]] == ["b", "a"]
    assert "NextToken" not in third


def test_a_listing_may_never_end(sandbox: Sandbox, sagemaker: Any) -> None:
    """botocore's own loop gives up at the second equal token."""
    sandbox.faults.repeat("ListModels")
    with pytest.raises(PaginationError, match="same next token"):
        list(sagemaker.get_paginator("list_models").paginate())
    assert sandbox.calls.count("ListModels") == 2
    sandbox.faults.clear()
    assert "NextToken" not in sagemaker.list_models()


def test_a_rate_is_kept_per_operation(sandbox: Sandbox, sagemaker: Any) -> None:
    sandbox.faults.limit("List*", 2)
    answers = []
    for _ in range(4):
        try:
            sagemaker.list_models()
            answers.append("OK")
        except ClientError as error:
            answers.append(error.response["Error"]["Code"])
    assert answers == ["OK", "OK", "ThrottlingException", "ThrottlingException"]
    assert sagemaker.list_endpoints()["Endpoints"] == []


async def test_only_whom_it_is_meant_for_is_met(sandbox: Sandbox) -> None:
    trouble = sandbox.faults
    trouble.refuse("DescribeModel", name="other")
    trouble.refuse("DescribeModel", account="333333333333")
    trouble.refuse("DescribeModel", principal="user/other")
    assert await trouble.apply(CALL) == FaultEffect()
    met: tuple[FaultTargetOptions, ...] = ({"name": "m"}, {"account": ACCOUNT}, {"principal": "user/tests"})
    for whom in met:
        trouble.clear()
        trouble.refuse("Describe*", **whom)
        reply = (await trouble.apply(CALL)).reply
        assert reply is not None
        assert reply.status == 400
