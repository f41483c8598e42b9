"""Scopes: found or made, bounded in number, never closed while in use."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from aws import scopes as scopes_module
from aws.clients import Clients, Connection, Credentials
from aws.errors import CredentialsRejectedError
from aws.scopes import Scope, Scopes, ScopeSource
from sandbox.server import Sandbox
from tests.aws.scene import ACCOUNT, REGION, ROLE, StaticCredentials


class WatchedClients(Clients):
    """Clients that tell when they are closed; closing those in `held` waits for its event."""

    closed: list["WatchedClients"]
    held: dict["WatchedClients", asyncio.Event]

    def __init__(self, connection: Connection, credentials: Credentials) -> None:
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
    monkeypatch.setattr(scopes_module, "Clients", WatchedClients)
    return WatchedClients.closed


@pytest.fixture
async def two() -> AsyncIterator[Scopes]:
    """At most two scopes at rest."""
    scopes = Scopes(2)
    yield scopes
    await scopes.close()


def source(connection: Connection, identity: Hashable = ("role", "a"), account: str = ACCOUNT) -> ScopeSource:
    return ScopeSource(identity, account, ROLE, connection, StaticCredentials(), lambda: None)


async def used(scopes: Scopes, source: ScopeSource) -> Scope:
    async with scopes.use(source) as scope:
        return scope


def test_a_key_is_made_of_identity_account_and_region_only(connection: Connection, loader: Any) -> None:
    key = source(connection).key
    elsewhere = Connection("us-east-2", connection.endpoint_url, loader)
    assert source(Connection(REGION, None, None)).key == key
    assert (
        len({key, source(connection, ("role", "b")).key, source(connection, account="1").key, source(elsewhere).key})
        == 4
    )


def test_a_key_is_the_same_in_every_process_and_tells_nothing(connection: Connection) -> None:
    assert source(connection, ("role", "arn:aws:iam::123456789012:role/reader")).key == "9bf36f78903eb09b361b787d"


async def test_a_scope_is_made_once_and_found_again(two: Scopes, connection: Connection) -> None:
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
    assert first.calls.role == ROLE


async def test_scopes_never_share(sandbox: Sandbox, two: Scopes, connection: Connection) -> None:
    one = ScopeSource("a", ACCOUNT, "role-a", connection, StaticCredentials("AKIAA"), lambda: None)
    other = ScopeSource("b", ACCOUNT, "role-b", connection, StaticCredentials("AKIAB"), lambda: None)
    async with two.use(one) as a, two.use(other) as b:
        assert a.clients is not b.clients
        await a.calls.call("ListModels")
        await b.calls.call("ListModels")
    assert [call.access_key for call in sandbox.calls.recent()] == ["AKIAA", "AKIAB"]


async def test_rejected_keys_are_told_to_the_scopes_source(
    sandbox: Sandbox, two: Scopes, connection: Connection
) -> None:
    told: list[str] = []
    sandbox.enforce()
    asked = ScopeSource("a", ACCOUNT, ROLE, connection, StaticCredentials(), lambda: told.append("a"))
    async with two.use(asked) as scope:
        with pytest.raises(CredentialsRejectedError):
            await scope.calls.call("ListModels")
    assert told == ["a"]


async def test_the_least_recently_used_goes_first(
    two: Scopes, connection: Connection, closed: list[WatchedClients]
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
    sandbox: Sandbox, connection: Connection, closed: list[WatchedClients]
) -> None:
    scopes = Scopes(1)
    async with AsyncExitStack() as stack:
        open_now = [await stack.enter_async_context(scopes.use(source(connection, name))) for name in "abc"]
        await used(scopes, source(connection, "d"))
        assert len(closed) == 1
        assert closed[0] not in [scope.clients for scope in open_now]
        for scope in open_now:
            await scope.calls.call("ListModels")
    assert sandbox.calls.count("ListModels") == 3
    # They are let go in the opposite order of their opening; the last one is within the limit.
    assert closed[1:] == [open_now[2].clients, open_now[1].clients]
    await scopes.close()
    assert closed[3:] == [open_now[0].clients]


async def test_a_scope_taken_into_use_while_another_is_being_closed_stays(
    sandbox: Sandbox, connection: Connection, closed: list[WatchedClients]
) -> None:
    scopes = Scopes(2)
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
            await b.calls.call("ListModels")
    assert sandbox.calls.count("ListModels") == 1
    await scopes.close()


async def test_a_scope_is_let_go_whatever_its_user_comes_to(two: Scopes, connection: Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        async with two.use(source(connection)) as scope:
            raise ZeroDivisionError
    assert scope.users == 0


async def test_close_closes_every_scope(sandbox: Sandbox, connection: Connection, closed: list[WatchedClients]) -> None:
    scopes = Scopes(5)
    made = []
    for name in "abc":
        async with scopes.use(source(connection, name)) as scope:
            await scope.calls.call("ListModels")
            made.append(scope.clients)
    assert closed == []
    await scopes.close()
    assert sorted(map(id, closed)) == sorted(map(id, made))
    await scopes.close()
    assert len(closed) == 3
    assert sandbox.calls.count() == 3
