"""What the inventory promises as a whole: background work delays nobody, and what nobody waits for any more is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

import pytest

from aws.clients import Clients
from aws.inventory.inventory import Inventory, Place
from aws.inventory.listings import Query
from aws.kinds import Kind
from sandbox.server import Sandbox
from tests.aws.hand import Hand, HandBrakes, settle
from tests.aws.inventory.sight import MANY, Sight, landed
from tests.aws.scene import ACCOUNT, REGION, SpiedCalls, make_models, manner, reading, rules, tallied

signed_by: ContextVar[str] = ContextVar("signed_by", default="caller")


@contextmanager
def as_gateway() -> Iterator[None]:
    token = signed_by.set("gateway")
    yield
    signed_by.reset(token)


class Scope:
    """A scope whose calls are held back by brakes that all scopes share; tells who has signed which listing."""

    def __init__(self, sandbox: Sandbox, clients: Clients, brakes: HandBrakes, name: str) -> None:
        self.name = name
        self.calls = SpiedCalls(clients, manner(brakes))
        self.inventory = Inventory(self.calls, Place(name, ACCOUNT, REGION), rules(sandbox, as_gateway=as_gateway))
        self.sight = Sight(sandbox, self.inventory, self.calls)


@pytest.fixture
async def scopes(
    still: Sandbox, clients: Clients, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[int], list[Scope]]]:
    brakes = HandBrakes(hand)
    made: list[Scope] = []

    def scopes(count: int) -> list[Scope]:
        made.extend(Scope(still, clients, brakes, f"scope-{number}") for number in range(count))
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
    still: Sandbox, scopes: Callable[[int], list[Scope]], hand: Hand
) -> None:
    """Five scopes lay their lists again, fifteen pages each, in an account that allows two listings a second."""
    make_models(still, *MANY)
    still.advance(600)
    *busy, idle = scopes(6)
    for scope in busy:
        await scope.sight.look()
    still.advance(160)
    still.trouble.shorten("ListModels", 10)
    brake = busy[0].calls._manner.brakes.of(ACCOUNT, REGION, "ListModels")
    await hand.pass_(10)
    for _ in range(4):
        await brake.turn()
    brake.throttled()
    assert brake.rate == 2.0
    for scope in busy:
        ground = scope.sight.roll._book.ground
        assert ground is not None
        scope.inventory.behind("renewal", partial(scope.sight.roll._renew_behind, ground))
    await settle()
    still.calls.clear()
    for number in range(1, 7):
        await hand.pass_(0.5)
        await answered(still, number)
    # Six turns have gone to background work, of which there is a lot more. The next two are the people's.
    asking = asyncio.ensure_future(reading(idle.inventory).listing(Kind.MODEL).reach(1))
    also = asyncio.ensure_future(reading(busy[0].inventory).listing(Kind.MODEL, Query(name_contains="m14")).reach(1))
    await settle()
    began = hand.now
    for number, person in ((7, asking), (8, also)):
        await hand.pass_to_next()
        await person
        assert still.calls.count("ListModels") == number
    assert hand.now - began <= 1.0
    assert sum(len(scope.inventory.flights._flights) for scope in busy) >= 5


async def test_a_person_who_joins_a_background_listing_takes_it_along(
    still: Sandbox, scopes: Callable[[int], list[Scope]], hand: Hand
) -> None:
    make_models(still, *MANY)
    still.advance(600)
    first, second = scopes(2)
    brake = first.calls._manner.brakes.of(ACCOUNT, REGION, "ListModels")
    for _ in range(4):
        await brake.turn()
    brake.throttled()
    for scope in (first, second):
        scope.inventory.behind("ahead", scope.sight.look)
    await settle()
    looking = asyncio.ensure_future(second.sight.look())
    await settle()
    still.calls.clear()
    await hand.pass_(0.5)
    await answered(still, 1)
    await hand.pass_(0.5)
    await looking
    # Both turns went to the scope that somebody waits for.
    assert (len(second.calls.asked), still.calls.count("ListModels")) == (2, 2)
    assert len(first.calls.asked) == 1
    await hand.pass_(5)


async def test_background_work_is_signed_as_the_gateway_and_on_nobodys_account(
    still: Sandbox, scopes: Callable[[int], list[Scope]]
) -> None:
    make_models(still, *MANY)
    still.advance(600)
    (scope,) = scopes(1)
    signatures: list[str] = []
    scope.calls.before = lambda *_: signatures.append(signed_by.get())
    await scope.sight.look()
    still.advance(160)
    await scope.sight.look()
    await landed(scope.inventory.flights)
    assert signatures == ["caller", "caller", "caller", "gateway", "gateway"]
    assert dict(scope.sight.tally.calls) == {"ListModels": 1}
    assert signed_by.get() == "caller"


async def test_work_that_everybody_has_left_is_found_by_the_next_request(
    still: Sandbox, scopes: Callable[[int], list[Scope]]
) -> None:
    make_models(still, *"abc")
    (scope,) = scopes(1)
    hold = still.trouble.block("DescribeModel")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reading(scope.inventory).scan(Kind.MODEL)
    assert await asyncio.to_thread(hold.wait_for, 3)
    hold.release()
    still.advance(1)
    with tallied() as tally:
        assert len((await reading(scope.inventory).scan(Kind.MODEL)).resources) == 3
    assert tally.calls == {}
    assert still.calls.by_operation() == {"DescribeModel": 3, "ListModels": 1}
