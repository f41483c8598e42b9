"""aws.client.client: how many are under way at once, and who waits for whose turn."""

import asyncio

import pytest

from aws.client import retries
from aws.client.client import AwsClient
from aws.client.errors import AWSError
from aws.client.service_clients import ServiceClients
from concurrency.backoff import Backoff
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    ACCOUNT,
    REGION,
    UnlimitedRateLimiter,
    UnlimitedRateLimiters,
    call_policy,
    make_models,
)


async def test_each_operation_has_a_rate_limiter_of_its_own(
    sandbox: Sandbox, calls: AwsClient, rate_limiters: UnlimitedRateLimiters
) -> None:
    await asyncio.gather(calls.call("ListModels"), calls.call("ListEndpoints"), calls.call("ListModels"))
    assert {key: (limiter.turns, limiter.successes) for key, limiter in rate_limiters.made.items()} == {
        (ACCOUNT, REGION, "ListModels"): (2, 2),
        (ACCOUNT, REGION, "ListEndpoints"): (1, 1),
    }


async def test_a_call_waits_for_its_turn(
    sandbox: Sandbox, calls: AwsClient, rate_limiters: UnlimitedRateLimiters
) -> None:
    opened = asyncio.Event()

    class Slow(UnlimitedRateLimiter):
        async def acquire(self) -> None:
            await opened.wait()

    rate_limiters.made[ACCOUNT, REGION, "ListModels"] = Slow()
    waiting = asyncio.create_task(calls.call("ListModels"))
    await calls.call("ListEndpoints")
    assert sandbox.calls.by_operation() == {"ListEndpoints": 1}
    opened.set()
    await waiting
    assert sandbox.calls.by_operation() == {"ListEndpoints": 1, "ListModels": 1}


async def test_no_more_than_so_many_at_once(sandbox: Sandbox, clients: ServiceClients) -> None:
    make_models(sandbox, "scorer")
    hold = sandbox.faults.block("DescribeModel")
    calls = AwsClient(clients, call_policy(at_once=3))
    waiting = [asyncio.create_task(calls.call("DescribeModel", ModelName="scorer")) for _ in range(10)]
    assert await asyncio.to_thread(hold.wait_for_requests, 3)
    assert sandbox.calls.count("DescribeModel") == 3
    hold.release()
    answers = await asyncio.gather(*waiting)
    assert [answer["ModelName"] for answer in answers] == ["scorer"] * 10
    assert sandbox.calls.count("DescribeModel") == 10
    assert sandbox.calls.max_concurrent("DescribeModel") == 3


async def test_writes_that_hang_leave_room_for_reading(sandbox: Sandbox, clients: ServiceClients) -> None:
    make_models(sandbox, "scorer")
    hold = sandbox.faults.block("StopTrainingJob")
    calls = AwsClient(clients, call_policy(at_once=4))
    stuck = [asyncio.create_task(calls.write("StopTrainingJob", TrainingJobName="none")) for _ in range(10)]
    assert await asyncio.to_thread(hold.wait_for_requests, 2)
    assert (await calls.call("DescribeModel", ModelName="scorer"))["ModelName"] == "scorer"
    assert sandbox.calls.count("StopTrainingJob") == 2
    hold.release()
    ended = await asyncio.gather(*stuck, return_exceptions=True)
    assert all(isinstance(item, AWSError) for item in ended)
    assert sandbox.calls.max_concurrent("StopTrainingJob") == 2


async def test_a_call_that_waits_to_be_tried_again_leaves_its_place(
    sandbox: Sandbox, clients: ServiceClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "UNAVAILABLE_BACKOFF", Backoff(0, 0))
    make_models(sandbox, "scorer")
    sandbox.faults.throttle("ListModels", times=1)
    calls = AwsClient(clients, call_policy(at_once=1))
    answers = await asyncio.gather(calls.call("ListModels"), calls.call("DescribeModel", ModelName="scorer"))
    assert [row["ModelName"] for row in answers[0]["Models"]] == ["scorer"]
    assert answers[1]["ModelName"] == "scorer"
    # The listing was first, was turned away, and went to the end of the row.
    assert [call.operation for call in sandbox.calls.recent()] == ["ListModels", "DescribeModel", "ListModels"]


async def test_a_cancelled_call_leaves_its_place(sandbox: Sandbox, clients: ServiceClients) -> None:
    make_models(sandbox, "scorer")
    hold = sandbox.faults.block("DescribeModel", times=1)
    calls = AwsClient(clients, call_policy(at_once=1))
    stuck = asyncio.create_task(calls.call("DescribeModel", ModelName="scorer"))
    assert await asyncio.to_thread(hold.wait_for_requests)
    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck
    assert (await calls.call("DescribeModel", ModelName="scorer"))["ModelName"] == "scorer"
    hold.release()
