"""schema.aws_extension: what each answer tells of its calls to AWS."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any

import pytest

from aws.client.call_stats import current_call_stats
from concurrency.single_flight import SingleFlight
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING, RISK, GatewayClient, OpenGateway
from tests.sagemaker_builder import building


async def test_without_aws(gateway: GatewayClient, sandbox: Sandbox) -> None:
    answer = await gateway.ask("{ me { subject } }")
    assert answer.body["extensions"] == {
        "cost": {"requested": 1, "limit": 20_000},
        "aws": {
            "role": None,
            "region": None,
            "calls": {},
            "throttled": 0,
            "shared": 0,
            "stale": False,
            "cached": 0,
            "asOf": None,
        },
    }
    assert sandbox.calls.count() == 0


async def test_one_scope(gateway: GatewayClient, sandbox: Sandbox) -> None:
    with building(sandbox) as things:
        things.model("m")
    query = '{ models { totalCount } a: model(name: "m") { id } b: model(name: "m") { name } }'
    answer = await gateway.ask(query)
    moment = answer.aws_extensions.pop("asOf")
    assert isinstance(moment, str)
    values = {"role": RISK.role_arn, "region": "eu-west-1", "throttled": 0, "stale": False}
    # The second question of the same model joins the call that the first has begun: that is its own, and not shared.
    assert answer.aws_extensions == {**values, "calls": {"DescribeModel": 1, "ListModels": 1}, "shared": 0, "cached": 0}
    again = await gateway.ask(query)
    assert again.aws_extensions == {**values, "calls": {}, "shared": 0, "cached": 2, "asOf": moment}
    assert again.data == answer.data


async def test_a_call_that_two_requests_share(
    gateway: GatewayClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is on the account of whoever began it."""
    joined = asyncio.Event()
    join = SingleFlight.do

    def noted(flight: SingleFlight, key: Hashable, start: Callable[[], Coroutine[Any, Any, Any]]) -> Awaitable[Any]:
        answer = join(flight, key, start)
        if (stats := current_call_stats.get()) is not None and stats.shared:
            joined.set()
        return answer

    monkeypatch.setattr(SingleFlight, "do", noted)
    query = '{ model(name: "m") { id } }'
    hold = sandbox.faults.block("DescribeModel")
    first = asyncio.create_task(gateway.ask(query))
    assert await asyncio.to_thread(hold.wait_for_requests)
    second = asyncio.create_task(gateway.ask(query, user="bob"))
    await asyncio.wait_for(joined.wait(), 30)
    hold.release()
    text = [(await asking).aws_extensions for asking in (first, second)]
    assert [(item["calls"], item["shared"]) for item in text] == [({"DescribeModel": 1}, 0), ({}, 1)]
    assert sandbox.calls.count("DescribeModel") == 1


async def test_what_is_shown_while_aws_turns_calls_away(open_gateway: OpenGateway, sandbox: Sandbox) -> None:
    """It is what was known, and the answer says so."""
    async with open_gateway(sagemaker={"freshSeconds": 0.001}) as gateway:
        first = await gateway.ask("{ models { totalCount completeAsOf } }")
        sandbox.faults.fail("ListModels", status=503)
        second = await gateway.ask("{ models { totalCount completeAsOf } }")
    assert (first.aws_extensions["stale"], second.aws_extensions["stale"]) == (False, True)
    assert second.data == first.data
    assert second.aws_extensions["asOf"] == first.aws_extensions["asOf"]
    assert second.aws_extensions["calls"] == {"ListModels": 2}


async def test_several_scopes(gateway: GatewayClient, sandbox: Sandbox) -> None:
    query = '{ b: models(group: "marketing") { totalCount } a: models(group: "risk") { totalCount } }'
    answer = await gateway.ask(query, groups=["risk", "marketing"])
    assert answer.aws_extensions["scopes"] == [
        {"role": MARKETING.role_arn, "region": "us-east-2"},
        {"role": RISK.role_arn, "region": "eu-west-1"},
    ]
    assert (answer.aws_extensions["role"], answer.aws_extensions["region"]) == (MARKETING.role_arn, "us-east-2")


async def test_throttles_and_repeated_calls_are_counted(gateway: GatewayClient, sandbox: Sandbox) -> None:
    sandbox.faults.throttle("ListModels", times=1)
    answer = await gateway.ask("{ models { totalCount } }")
    assert answer.data == {"models": {"totalCount": 0}}
    assert (answer.aws_extensions["calls"], answer.aws_extensions["throttled"]) == ({"ListModels": 2}, 1)


async def test_a_refused_document_is_accounted_for_too(gateway: GatewayClient, sandbox: Sandbox) -> None:
    answer = await gateway.ask(
        "{ models(first: 100) { nodes { snapshots(first: 100) { nodes { runtimes { nodes { id } } } } } } }"
    )
    assert answer.codes == ["LIMIT_EXCEEDED"]
    assert answer.aws_extensions["calls"] == {}
    assert answer.body["extensions"]["cost"] == {"requested": 110_100, "limit": 20_000}
    assert sandbox.calls.count() == 0
