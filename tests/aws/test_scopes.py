"""Scopes: found or made, bounded in number, never closed while in use."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from aws import scopes as scopes_module
from aws.client.errors import CredentialsRejectedError
from aws.client.service_clients import AwsEndpoint, CredentialsProvider, ServiceClients
from aws.inventory.inventory import Inventory, InventoryConfig
from aws.kinds.kind import Kind
from aws.scopes import WEIGH_SECONDS, Scope, ScopePool, ScopeSource
from sandbox.server import Sandbox
from tests.aws.sandbox_account import (
    ACCOUNT,
    REGION,
    ROLE,
    StaticCredentials,
    UnlimitedRateLimiters,
    make_models,
    reader_of,
)


class WatchedClients(ServiceClients):
    """Clients that tell when they are closed; closing those in `held` waits for its event."""

    closed: list["WatchedClients"]
    held: dict["WatchedClients", asyncio.Event]

    def __init__(self, connection: AwsEndpoint, credentials: CredentialsProvider) -> None:
        super().__init__(connection, credentials)
        self.closing = asyncio.Event()

    async def close(self) -> None:
        self.closing.set()
        if self in self.held:
            await self.held[self].wait()
        await super().close()
        self.closed.append(self)


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> list[WatchedClients]:
    """The clients that were closed, in their order."""
    monkeypatch.setattr(WatchedClients, "closed", [], raising=False)
    monkeypatch.setattr(WatchedClients, "held", {}, raising=False)
    monkeypatch.setattr(scopes_module, "ServiceClients", WatchedClients)
    return WatchedClients.closed


@pytest.fixture
async def two() -> AsyncIterator[ScopePool]:
    """At most two scopes at rest."""
    scopes = ScopePool(2)
    yield scopes
    await scopes.close()


def source(connection: AwsEndpoint, identity: Hashable = ("role", "a"), account: str = ACCOUNT) -> ScopeSource:
    return ScopeSource(
        identity,
        account,
        ROLE,
        connection,
        StaticCredentials(),
        lambda: None,
        UnlimitedRateLimiters(),
        InventoryConfig(),
    )


class Clock:
    """A clock that stands."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def look(scope: Scope) -> list[str]:
    """What a request that begins now is shown of its models, through the scope."""
    listing = reader_of(scope.inventory).listing(Kind.MODEL)
    await listing.ensure(1)
    return [row.name for row in listing.rows]


async def used(scopes: ScopePool, source: ScopeSource) -> Scope:
    async with scopes.use(source) as scope:
        return scope


def test_a_key_is_made_of_identity_account_and_region_only(connection: AwsEndpoint, loader: Any) -> None:
    key = source(connection).key
    elsewhere = AwsEndpoint("us-east-2", connection.endpoint_url, loader)
    assert source(AwsEndpoint(REGION, None, None)).key == key
    assert (
        len({key, source(connection, ("role", "b")).key, source(connection, account="1").key, source(elsewhere).key})
        == 4
    )


def test_a_key_is_the_same_in_every_process_and_tells_nothing(connection: AwsEndpoint) -> None:
    assert source(connection, ("role", "arn:aws:iam::123456789012:role/reader")).key == "9bf36f78903eb09b361b787d"


async def test_a_scope_is_made_once_and_found_again(two: ScopePool, connection: AwsEndpoint) -> None:
    async with two.use(source(connection)) as first, two.use(source(connection)) as second:
        assert second is first
        assert first.users == 2
    assert first.users == 0
    assert await used(two, source(connection)) is first
    assert (first.key, first.account_id, first.region, first.role) == (
        source(connection).key,
        ACCOUNT,
        REGION,
        ROLE,
    )


async def test_scopes_never_share(sandbox: Sandbox, two: ScopePool, connection: AwsEndpoint) -> None:
    """Each asks for itself, with its own keys, also for what the other has just been told."""
    make_models(sandbox, "scorer")
    one = replace(source(connection, "a"), credentials=StaticCredentials("AKIAA"))
    other = replace(source(connection, "b"), credentials=StaticCredentials("AKIAB"))
    async with two.use(one) as a, two.use(other) as b:
        assert a.clients is not b.clients
        assert a.inventory is not b.inventory
        assert await look(a) == await look(b) == ["scorer"]
        assert await look(a) == ["scorer"]
    assert [call.access_key for call in sandbox.calls.recent()] == ["AKIAA", "AKIAB"]


async def test_rejected_keys_are_told_to_the_scopes_source(
    sandbox: Sandbox, two: ScopePool, connection: AwsEndpoint
) -> None:
    texts: list[str] = []
    sandbox.enforce()
    asked = replace(source(connection, "a"), on_rejected=lambda: texts.append("a"))
    async with two.use(asked) as scope:
        with pytest.raises(CredentialsRejectedError):
            await look(scope)
    # Told at once, so that new keys are taken for the second try; those were no good either.
    assert texts == ["a", "a"]


async def test_the_least_recently_used_goes_first(
    two: ScopePool, connection: AwsEndpoint, closed: list[WatchedClients]
) -> None:
    a, b, c = (source(connection, name) for name in "abc")
    first, second = await used(two, a), await used(two, b)
    assert await used(two, a) is first
    assert closed == []
    third = await used(two, c)
    assert closed == [second.clients]
    assert await used(two, a) is first
    assert await used(two, c) is third
    assert await used(two, b) is not second
    assert closed == [second.clients, first.clients]


async def test_none_in_use_is_closed_however_many_there_are(
    sandbox: Sandbox, connection: AwsEndpoint, closed: list[WatchedClients]
) -> None:
    scopes = ScopePool(1)
    async with AsyncExitStack() as stack:
        open_now = [await stack.enter_async_context(scopes.use(source(connection, name))) for name in "abc"]
        await used(scopes, source(connection, "d"))
        assert len(closed) == 1
        assert closed[0] not in [scope.clients for scope in open_now]
        for scope in open_now:
            await look(scope)
    assert sandbox.calls.count("ListModels") == 3
    # They are let go in the opposite order of their opening; the last one is within the limit.
    assert closed[1:] == [open_now[2].clients, open_now[1].clients]
    await scopes.close()
    assert closed[3:] == [open_now[0].clients]


async def test_a_scope_taken_into_use_while_another_is_being_closed_stays(
    sandbox: Sandbox, connection: AwsEndpoint, closed: list[WatchedClients]
) -> None:
    scopes = ScopePool(2)
    a, b = await used(scopes, source(connection, "a")), await used(scopes, source(connection, "b"))
    assert isinstance(a.clients, WatchedClients)
    released = WatchedClients.held[a.clients] = asyncio.Event()
    async with scopes.use(source(connection, "c")):
        # Four with this one: a and b are both too many once it ends.
        leaving = asyncio.create_task(used(scopes, source(connection, "d")))
        await a.clients.closing.wait()
        async with scopes.use(source(connection, "b")) as again:
            assert again is b
            released.set()
            await leaving
            assert b.clients not in closed
            await look(b)
    assert sandbox.calls.count("ListModels") == 1
    await scopes.close()


async def test_a_scope_is_let_go_whatever_its_user_comes_to(two: ScopePool, connection: AwsEndpoint) -> None:
    with pytest.raises(ZeroDivisionError):
        async with two.use(source(connection)) as scope:
            raise ZeroDivisionError
    assert scope.users == 0


async def test_close_closes_every_scope(
    sandbox: Sandbox, connection: AwsEndpoint, closed: list[WatchedClients]
) -> None:
    scopes = ScopePool(5)
    made = []
    for name in "abc":
        async with scopes.use(source(connection, name)) as scope:
            await look(scope)
            made.append(scope.clients)
    assert closed == []
    await scopes.close()
    assert sorted(map(id, closed)) == sorted(map(id, made))
    await scopes.close()
    assert len(closed) == 3
    assert sandbox.calls.count() == 3


async def test_what_a_scope_has_seen_outlives_the_request(
    sandbox: Sandbox, two: ScopePool, connection: AwsEndpoint
) -> None:
    make_models(sandbox, "scorer")
    for _ in range(3):
        async with two.use(source(connection)) as scope:
            assert await look(scope) == ["scorer"]
    assert sandbox.calls.by_operation() == {"ListModels": 1}


async def test_scopes_that_know_too_much_together_go_oldest_first(
    sandbox: Sandbox, connection: AwsEndpoint, closed: list[WatchedClients]
) -> None:
    """Three rows each; the bytes of four are allowed at rest."""
    make_models(sandbox, *"abc")
    measured = ScopePool(1)
    async with measured.use(source(connection, "one")) as one:
        await look(one)
        row_bytes = one.inventory.bytes // 3
    await measured.close()
    closed.clear()
    clock = Clock()
    scopes = ScopePool(100, max_bytes=4 * row_bytes, clock=clock)
    async with scopes.use(source(connection, "one")) as one:
        await look(one)
        assert one.inventory.bytes == 3 * row_bytes
    assert closed == []
    async with scopes.use(source(connection, "two")) as two:
        await look(two)
        assert closed == []
    assert closed == [one.clients]
    assert await used(scopes, source(connection, "two")) is two
    # Described besides, it is too much by itself, but not while somebody uses it.
    async with scopes.use(source(connection, "two")):
        await reader_of(two.inventory).describe(Kind.MODEL, ["a", "b"])
        assert two.inventory.bytes > 5 * row_bytes
        assert closed == [one.clients]
        clock.now += WEIGH_SECONDS
    assert closed == [one.clients, two.clients]
    await scopes.close()


async def test_a_scope_is_weighed_once_a_second_and_idle_ones_in_turn(
    connection: AwsEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[Inventory] = []

    def weigh(inventory: Inventory) -> int:
        weighed.append(inventory)
        return 1

    monkeypatch.setattr(Inventory, "bytes", property(weigh))
    clock = Clock()
    scopes = ScopePool(100, clock=clock)
    one, two, three = [await used(scopes, source(connection, name)) for name in ("one", "two", "three")]
    assert weighed == [one.inventory, two.inventory, three.inventory]
    weighed.clear()
    await used(scopes, source(connection, "three"))
    assert weighed == []
    for others in (one, two):
        clock.now += WEIGH_SECONDS
        await used(scopes, source(connection, "three"))
        assert weighed == [three.inventory, others.inventory]
        weighed.clear()
    await scopes.close()


async def test_a_dropped_scope_has_forgotten_everything(
    sandbox: Sandbox, two: ScopePool, connection: AwsEndpoint, closed: list[WatchedClients]
) -> None:
    make_models(sandbox, "scorer")
    async with two.use(source(connection)) as first:
        await look(first)
    await two.drop(source(connection))
    assert closed == [first.clients]
    async with two.use(source(connection)) as second:
        assert second is not first
        assert len(second.inventory) == 0
        assert await look(second) == ["scorer"]
    assert sandbox.calls.by_operation() == {"ListModels": 2}
    # What nobody has is dropped by no error, and nothing else goes with it.
    await two.drop(source(connection, "never opened"))
    assert closed == [first.clients]


async def test_a_scope_dropped_while_in_use_is_let_go_all_the_same(two: ScopePool, connection: AwsEndpoint) -> None:
    async with two.use(source(connection)) as first:
        await two.drop(source(connection))
        async with two.use(source(connection)) as second:
            assert second is not first
    assert (first.users, second.users) == (0, 0)


@pytest.mark.parametrize("way", ["close", "drop", "make room"])
async def test_whatever_closes_a_scope_ends_its_calls(sandbox: Sandbox, connection: AwsEndpoint, way: str) -> None:
    scopes = ScopePool(1)
    hold = sandbox.faults.block("ListModels", times=1)
    async with scopes.use(source(connection)) as scope:
        waiting = asyncio.create_task(look(scope))
        assert await asyncio.to_thread(hold.wait_for_requests)
    assert not waiting.done()
    if way == "close":
        await scopes.close()
    elif way == "drop":
        await scopes.drop(source(connection))
    else:
        await used(scopes, source(connection, "another"))
    with pytest.raises(asyncio.CancelledError):
        await waiting
    hold.release()
    await scopes.close()


async def test_what_scopes_keep_and_have_counted(connection: AwsEndpoint, sandbox: Sandbox) -> None:
    make_models(sandbox, "one", "two")
    scopes = ScopePool(1)
    async with scopes.use(source(connection)) as scope:
        await look(scope)
        await look(scope)
        assert (len(scopes), scopes.in_use, scopes.evicted) == (1, 1, 0)
        lists = scopes.cache_states()["lists"]
        assert (lists.hits, lists.misses, lists.entries, lists.bytes > 0) == (1, 1, 2, True)
    async with scopes.use(source(connection, ("role", "b"))):
        pass
    assert (len(scopes), scopes.in_use, scopes.evicted) == (1, 0, 1)
    lists = scopes.cache_states()["lists"]
    assert (lists.hits, lists.misses, lists.entries, lists.bytes) == (1, 1, 0, 0)
    await scopes.close()
