"""Calls as they are observed: each one with its outcome, and each wait."""

from dataclasses import replace

import pytest

from aws.client.client import AwsClient
from aws.client.errors import (
    NotFoundError,
)
from aws.client.rate_limit import RateLimiters
from aws.client.service_clients import ServiceClients
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    ACCOUNT,
    REGION,
    call_policy,
)
from tests.recording_observer import RecordingObserver


async def test_each_call_is_observed_with_its_outcome(sandbox: Sandbox, clients: ServiceClients) -> None:
    observer = RecordingObserver()
    calls = AwsClient(clients, replace(call_policy(), observer=observer))
    sandbox.faults.throttle("ListModels", times=1)
    await calls.call("ListModels")
    with pytest.raises(NotFoundError):
        await calls.call("DescribeModel", ModelName="none")
    assert observer.calls == [("ListModels", "THROTTLED"), ("ListModels", "OK"), ("DescribeModel", "NOT_FOUND")]
    assert observer.waits == []


async def test_a_call_that_was_held_back_is_observed(sandbox: Sandbox, clients: ServiceClients) -> None:
    observer, limiters = RecordingObserver(), RateLimiters()
    limiters.get(ACCOUNT, REGION, "ListModels").on_throttled()
    limiters.get(ACCOUNT, REGION, "ListModels")._rate = 1000
    limiters.get(ACCOUNT, REGION, "ListModels")._next_at = 0
    await AwsClient(clients, replace(call_policy(limiters), observer=observer)).call("ListModels")
    assert (observer.waits, observer.calls) == (["ListModels"], [("ListModels", "OK")])
