"""Joins who is asking (auth) with what can be asked (aws): a request gets a way to open scopes, and nothing more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from auth.caller import GATEWAY, Caller
from auth.credentials.identities import scope_identity
from auth.credentials.signing import sign_as, signer
from auth.credentials.store import CredentialStore
from auth.entries import Entry
from auth.errors import RoleRefusedError
from auth.policy import Policy, facts
from aws.brake import Brakes
from aws.clients import Connection
from aws.inventory.ages import Horizon, horizon
from aws.inventory.inventory import Rules
from aws.inventory.reader import Reader
from aws.scopes import OpenScope, Scopes, ScopeSource
from aws.tally import Tally, current_tally
from resolvers.request import Arrival, Limits, Request
from resolvers.services import Services

# Of a request's time, so much is kept for putting together what has come: single things are not waited for any longer.
_LAST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Reach:
    """What scopes are opened with, for requests and for durable work alike.

    Attributes:
        policy: Who may do what with which role.
        store: The callers' credentials.
        scopes: The scopes that are open.
        endpoint_url: Where AWS is, if not at AWS.
        data_loader: botocore's loader of service models, shared by every scope.
        brakes: What keeps calls below the accounts' rates.
        rules: How inventories work.
    """

    policy: Policy
    store: CredentialStore
    scopes: Scopes
    endpoint_url: str | None
    data_loader: Any
    brakes: Brakes
    rules: Rules


@dataclass(frozen=True, slots=True)
class Door:
    """What every request is let in through.

    Attributes:
        reach: What opens scopes.
        limits: How far one request may go.
        services: What requests may use beside AWS.
        lingering: Requests that have been answered, or whose client has left, while something they began goes on.
    """

    reach: Reach
    limits: Limits
    services: Services
    lingering: "set[asyncio.Task[None]]" = field(default_factory=set)

    @asynccontextmanager
    async def request(
        self, caller: Caller | None, request_id: str, max_age: float | None = None
    ) -> AsyncIterator[Request]:
        """One request's powers; whatever it has opened is let go when the block ends.

        Args:
            caller: Who is asking, or None.
            request_id: The id that its errors carry.
            max_age: How old, in seconds, what it is answered with may be; None leaves that to the settings.
        """
        tally, opened = Tally(), AsyncExitStack()
        with ExitStack() as stack:
            token = current_tally.set(tally)
            stack.callback(current_tally.reset, token)
            if caller is not None:
                stack.enter_context(sign_as(caller.subject))
            rules = self.reach.rules
            arrival = Arrival(caller, request_id, rules.now(), tally)
            until = asyncio.get_running_loop().time() + self.limits.seconds * (1 - _LAST_SHARE)
            opener = Opener(self.reach, horizon(rules.ages, arrival.started, max_age), until, opened)
            request = Request(arrival, self.reach.policy, self.limits, opener.open, self.services)
            opened.push_async_callback(request.close)
            try:
                yield request
            finally:
                await self._let_go(request, opened)

    async def _let_go(self, request: Request, opened: AsyncExitStack) -> None:
        """Closes what the request has opened; what still changes something keeps it open, and nobody waits for that."""
        if not request.is_acting:
            await opened.aclose()
            return
        task = asyncio.create_task(opened.aclose())
        self.lingering.add(task)
        task.add_done_callback(self.lingering.discard)

    async def close(self) -> None:
        """Waits for what answered requests have left under way."""
        while self.lingering:
            await asyncio.gather(*self.lingering, return_exceptions=True)


class Opener:
    """Opens scopes for one request, each once, until the stack is closed.

    Args:
        reach: What is shared by all.
        horizon: How new is new enough.
        until: The loop's time at which single things are not waited for any longer; None waits for them.
        stack: What closes what has been opened.
    """

    def __init__(self, reach: Reach, horizon: Horizon, until: float | None, stack: AsyncExitStack) -> None:
        self._reach = reach
        self._horizon = horizon
        self._until = until
        self._stack = stack
        self._opened: dict[str, OpenScope] = {}
        self._turn = asyncio.Lock()

    async def open(self, entry: Entry, region: str) -> OpenScope:
        """The scope of an entry in a region. Credentials come first: a refused role opens nothing."""
        subject = signer()
        account = await self._reach.store.account(entry)
        source = self._source(entry, region, account, subject)
        try:
            await self._reach.store.keys(entry, subject)
        except RoleRefusedError:
            await self._reach.scopes.drop(source)
            raise
        async with self._turn:
            if (opened := self._opened.get(source.key)) is None:
                opened = self._opened[source.key] = await self._open(source)
        return opened

    def _source(self, entry: Entry, region: str, account: str, subject: str) -> ScopeSource:
        store = self._reach.store
        return ScopeSource(
            identity=scope_identity(entry, subject),
            account_id=account,
            role=facts(entry)[0] or f"the keys of {entry.key}",
            connection=Connection(region, self._reach.endpoint_url, self._reach.data_loader),
            credentials=store.credentials_for(entry),
            on_rejected=lambda: store.forget(entry, signer()),
            brakes=self._reach.brakes,
            rules=self._rules(entry, subject),
        )

    def _rules(self, entry: Entry, subject: str) -> Rules:
        """Background work is signed as the gateway, but where a scope is one caller's own."""
        allowed = self._reach.rules.search if entry.search is None else entry.search
        signs_as = subject if entry.per_caller else GATEWAY
        return replace(self._reach.rules, search=allowed, as_gateway=partial(sign_as, signs_as))

    async def _open(self, source: ScopeSource) -> OpenScope:
        scope = await self._stack.enter_async_context(self._reach.scopes.use(source))
        reader = Reader(scope.inventory, self._horizon, self._until)
        return OpenScope(scope.key, scope.role, scope.account_id, scope.region, reader, scope.writer)
