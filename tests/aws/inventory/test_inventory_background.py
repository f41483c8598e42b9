"""What the inventory promises as a whole: background work delays nobody, and what nobody waits for any more is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

import pytest

from aws.client.service_clients import ServiceClients
from aws.inventory.inventory import Inventory, ScopeId
from aws.inventory.listings import ListQuery
from aws.kinds.kind import Kind
from sandbox.server import Sandbox
from tests.aws.inventory.list_cache_probe import MANY, ListCacheProbe, single_flight_done
from tests.aws.manual_clock import ManualClock, ManualRateLimiters, settle
from tests.aws.sandbox_account import (
    ACCOUNT,
    NOON,
    REGION,
    RecordingClient,
    call_policy,
    collected_stats,
    inventory_config,
    make_models,
    reader_of,
)

signed_by: ContextVar[str] = ContextVar("signed_by", default="caller")


@contextmanager
def as_gateway() -> Iterator[None]:
    token = signed_by.set("gateway")
    yield
    signed_by.reset(token)


class Scope:
    """A scope whose calls are held back by rate limiters that all scopes share; tells who has signed which listing."""

    def __init__(self, sandbox: Sandbox, clients: ServiceClients, rate_limiters: ManualRateLimiters, name: str) -> None:
        self.name = name
        self.calls = RecordingClient(clients, call_policy(rate_limiters))
        self.inventory = Inventory(
            self.calls, ScopeId(name, ACCOUNT, REGION), inventory_config(sandbox, as_gateway=as_gateway)
        )
        self.probe = ListCacheProbe(sandbox, self.inventory, self.calls)


@pytest.fixture
async def scopes(
    still: Sandbox, clients: ServiceClients, manual_clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[int], list[Scope]]]:
    rate_limiters = ManualRateLimiters(manual_clock)
    made: list[Scope] = []

    def scopes(count: int) -> list[Scope]:
        made.extend(Scope(still, clients, rate_limiters, f"scope-{number}") for number in range(count))
        return made

    yield scopes
    for scope in made:
        await scope.inventory.close()


async def answered(sandbox: Sandbox, calls: int) -> None:
    """Waits until so many calls have come and everything that follows from them at once has happened."""
    async with asyncio.timeout(30):
        while sandbox.calls.count("ListModels") < calls:  # noqa: ASYNC110 - the sandbox counts on a thread of its own
            await asyncio.sleep(0.002)
    await asyncio.sleep(0.02)


async def test_a_background_listing_never_delays_a_persons(
    still: Sandbox, scopes: Callable[[int], list[Scope]], manual_clock: ManualClock
) -> None:
    """Five scopes lay their lists again, fifteen pages each, in an account that allows two listings a second."""
    make_models(still, *MANY)
    still.advance(600)
    *busy, idle = scopes(6)
    for scope in busy:
        await scope.probe.look()
    still.advance(160)
    still.faults.shorten("ListModels", 10)
    limiter = busy[0].calls._policy.rate_limiters.get(ACCOUNT, REGION, "ListModels")
    await manual_clock.advance(10)
    for _ in range(4):
        await limiter.acquire()
    limiter.on_throttled()
    assert limiter.rate == 2.0
    for scope in busy:
        ground = scope.probe.list_cache._store.base
        assert ground is not None
        scope.inventory.start_in_background("renewal", partial(scope.probe.list_cache._relist_in_background, ground))
    await settle()
    still.calls.clear()
    for number in range(1, 7):
        await manual_clock.advance(0.5)
        await answered(still, number)
    # Six turns have gone to background work, of which there is a lot more. The next two are the people's.
    asking = asyncio.ensure_future(reader_of(idle.inventory).listing(Kind.MODEL).ensure(1))
    also = asyncio.ensure_future(
        reader_of(busy[0].inventory).listing(Kind.MODEL, ListQuery(created_after=NOON)).ensure(1)
    )
    await settle()
    began = manual_clock.now
    for number, person in ((7, asking), (8, also)):
        await manual_clock.advance_to_next()
        await person
        assert still.calls.count("ListModels") == number
    assert manual_clock.now - began <= 1.0
    assert sum(len(scope.inventory.single_flight._calls) for scope in busy) >= 5


async def test_a_person_who_joins_a_background_listing_takes_it_along(
    still: Sandbox, scopes: Callable[[int], list[Scope]], manual_clock: ManualClock
) -> None:
    make_models(still, *MANY)
    still.advance(600)
    first, second = scopes(2)
    limiter = first.calls._policy.rate_limiters.get(ACCOUNT, REGION, "ListModels")
    for _ in range(4):
        await limiter.acquire()
    limiter.on_throttled()
    for scope in (first, second):
        scope.inventory.start_in_background("ahead", scope.probe.look)
    await settle()
    looking = asyncio.ensure_future(second.probe.look())
    await settle()
    still.calls.clear()
    await manual_clock.advance(0.5)
    await answered(still, 1)
    await manual_clock.advance(0.5)
    await looking
    # Both turns went to the scope that somebody waits for.
    assert (len(second.calls.asked), still.calls.count("ListModels")) == (2, 2)
    assert len(first.calls.asked) == 1
    await manual_clock.advance(5)


async def test_background_work_is_signed_as_the_gateway_and_on_nobodys_account(
    still: Sandbox, scopes: Callable[[int], list[Scope]]
) -> None:
    make_models(still, *MANY)
    still.advance(600)
    (scope,) = scopes(1)
    signatures: list[str] = []
    scope.calls.before = lambda *_: signatures.append(signed_by.get())
    await scope.probe.look()
    still.advance(160)
    await scope.probe.look()
    await single_flight_done(scope.inventory.single_flight)
    assert signatures == ["caller", "caller", "caller", "gateway", "gateway"]
    assert dict(scope.probe.call_stats.calls) == {"ListModels": 1}
    assert signed_by.get() == "caller"


async def test_work_that_everybody_has_left_is_found_by_the_next_request(
    still: Sandbox, scopes: Callable[[int], list[Scope]]
) -> None:
    make_models(still, *"abc")
    (scope,) = scopes(1)
    hold = still.faults.block("DescribeModel")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reader_of(scope.inventory).scan(Kind.MODEL)
    assert await asyncio.to_thread(hold.wait_for_requests, 3)
    hold.release()
    still.advance(1)
    with collected_stats() as stats:
        assert len((await reader_of(scope.inventory).scan(Kind.MODEL)).resources) == 3
    assert stats.calls == {}
    assert still.calls.by_operation() == {"DescribeModel": 3, "ListModels": 1}
