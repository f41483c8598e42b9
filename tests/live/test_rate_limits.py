"""Where AWS allows two listings a second, fifty clients at once cost what one does."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace

import pytest

from gateway.explorer.examples import MAIN_QUERY
from sandbox.estate import Estate
from sandbox.server import Sandbox
from tests.aws.manual_clock import ManualClock, ManualRateLimiters
from tests.gateway_client import GraphQLResponse
from tests.live.conftest import OpenStill

LISTS = ("ListModels", "ListEndpointConfigs", "ListEndpoints", "ListTrainingJobs", "ListTransformJobs")


@pytest.fixture
async def manual_clock(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ManualClock]:
    """A clock for the gateway's rate limiters and the sandbox's limits; it advances when somebody waits for it."""
    made = ManualClock()
    made.take_over(monkeypatch)
    rate_limiters = ManualRateLimiters(made)
    monkeypatch.setattr("gateway.bootstrap.RateLimiters", lambda: rate_limiters)
    monkeypatch.setattr("sandbox.flow_control.time", SimpleNamespace(monotonic=made))
    going = asyncio.create_task(_go_on(made, sandbox))
    yield made
    going.cancel()


async def _go_on(manual_clock: ManualClock, sandbox: Sandbox) -> None:
    """Moves the clock on whenever nothing has been asked of AWS for a moment, and somebody waits for his turn."""
    while True:
        before = sandbox.calls.count()
        await asyncio.sleep(0.03)
        if sandbox.calls.count() == before:
            await manual_clock.advance_to_next()


def counted(sandbox: Sandbox) -> dict[str, int]:
    counts = {name: count for name, count in sandbox.calls.by_operation().items() if not name.startswith("Assume")}
    sandbox.calls.clear()
    return counts


def added_up(answers: Sequence[GraphQLResponse]) -> dict[str, int]:
    return dict(sum((Counter(answer.aws_extensions["calls"]) for answer in answers), Counter()))


async def test_fifty_cold_clients_cost_what_one_does_and_none_fails(
    sandbox: Sandbox, open_still: OpenStill, estate: Estate, manual_clock: ManualClock
) -> None:
    """Each list is of several pages here, so that AWS does turn calls away."""
    sandbox.faults.shorten("List*", 2)
    for name in LISTS:
        sandbox.faults.limit(name, 2)
    async with open_still() as gateway:
        one = await gateway.ask(MAIN_QUERY)
        cost = counted(sandbox)
    manual_clock.now += 3600
    async with open_still() as gateway:
        answers = await asyncio.gather(*(gateway.ask(MAIN_QUERY, user=f"user{number}") for number in range(50)))
    assert all(answer.data == one.data for answer in answers)
    assert one.aws_extensions["throttled"] > 0
    assert counted(sandbox) == cost == added_up([one]) == added_up(answers)
