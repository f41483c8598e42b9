"""Scopes: account, region and effective role, each with its own clients, found or made and never shared."""

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aws.calls import Calls
from aws.clients import Clients, Connection, Credentials


def scope_key(identity: Hashable) -> str:
    """A scope's key: the same in every process for the same identity, and telling nothing of what is in it."""
    return hashlib.blake2s(repr(identity).encode(), digest_size=12).hexdigest()


@dataclass(slots=True)
class Scope:
    """What one scope keeps for as long as it lives.

    Attributes:
        key: See `scope_key`.
        account_id: Its account.
        region: Its region.
        role: The principal that calls are made as: a role's ARN, or a word for stored keys.
        calls: Its way to AWS.
    """

    key: str
    account_id: str
    region: str
    role: str | None
    calls: Calls
    clients: Clients
    users: int = field(default=0)


class Scopes:
    """Every scope of the process, at most `limit` at rest; the least recently used goes first, never one in use."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._scopes: OrderedDict[str, Scope] = OrderedDict()

    @asynccontextmanager
    async def use(
        self, identity: Hashable, account_id: str, role: str | None, connection: Connection, credentials: Credentials
    ) -> AsyncIterator[Scope]:
        """The scope of this identity, kept open at least until the block ends."""
        key = scope_key((identity, account_id, connection.region))
        scope = self._scopes.get(key)
        if scope is None:
            clients = Clients(connection, credentials)
            scope = self._scopes[key] = Scope(key, account_id, connection.region, role, Calls(clients, role), clients)
        self._scopes.move_to_end(key)
        scope.users += 1
        try:
            yield scope
        finally:
            scope.users -= 1
            await self._make_room()

    async def _make_room(self) -> None:
        idle = [key for key, scope in self._scopes.items() if not scope.users]
        for key in idle[: max(0, len(self._scopes) - self._limit)]:
            await self._scopes.pop(key).clients.close()

    async def close(self) -> None:
        """Closes every client of every scope."""
        while self._scopes:
            await self._scopes.popitem()[1].clients.close()
