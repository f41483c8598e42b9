"""Joins who is asking (auth) with what can be asked (aws): a request gets a way to open scopes, and nothing more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from auth.caller import GATEWAY_SUBJECT, Caller
from auth.credential_entries import CredentialEntry, entry_facts
from auth.credentials.fingerprints import scope_fingerprint
from auth.credentials.signing import current_signer, sign_as
from auth.credentials.store import CredentialStore
from auth.errors import RoleRefusedError
from auth.policy import Policy
from aws.client.call_stats import CallStats, current_call_stats
from aws.client.rate_limit import RateLimiters
from aws.client.service_clients import AwsEndpoint
from aws.inventory.horizon import Horizon, horizon_at
from aws.inventory.inventory import InventoryConfig
from aws.inventory.reader import Reader
from aws.scopes import OpenScope, ScopePool, ScopeSource
from concurrency.call_observer import UNOBSERVED, CallObserver
from gateway.settled_facts import SettledFacts
from registry.settled_facts import SettledScope
from resolvers.caller_limits import CallerLimiter
from resolvers.request import Request, RequestInfo, RequestLimits
from resolvers.services import Services

# Of a request's time, so much is kept for putting together what has come: single things are not waited for any longer.
_RESPONSE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class ScopeDeps:
    """Dependencies of opening a scope, shared by requests and durable work.

    Attributes:
        policy: Who may do what with which role.
        store: The callers' credentials.
        scopes: The scopes that are open.
        endpoint_url: Where AWS is, if not at AWS.
        data_loader: botocore's loader of service models, shared by every scope.
        rate_limiters: What keeps calls below the accounts' rates.
        inventory_config: How inventories work.
        settled_facts: What earlier processes have learnt and cannot change; None keeps nothing.
        observer: Hears of each call to AWS, for metrics.
    """

    policy: Policy
    store: CredentialStore
    scopes: ScopePool
    endpoint_url: str | None
    data_loader: Any
    rate_limiters: RateLimiters
    inventory_config: InventoryConfig
    settled_facts: SettledFacts | None = None
    observer: CallObserver = UNOBSERVED


@dataclass(frozen=True, slots=True)
class RequestFactory:
    """Opens requests.

    Attributes:
        scope_deps: What opens scopes.
        limits: How far one request may go.
        services: What requests may use beside AWS.
        caller_limiter: The limiter of cost and concurrency per caller.
        background_tasks: Work of answered or abandoned requests that goes on.
    """

    scope_deps: ScopeDeps
    limits: RequestLimits
    services: Services
    caller_limiter: CallerLimiter
    background_tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    @asynccontextmanager
    async def request(
        self,
        caller: Caller | None,
        request_id: str,
        max_age: float | None = None,
        *,
        started: datetime | None = None,
        event: bool = False,
    ) -> AsyncIterator[Request]:
        """One request's powers; whatever it has opened is let go when the block ends.

        Args:
            caller: Who is asking, or None.
            request_id: The id that its errors carry.
            max_age: How old, in seconds, what it is answered with may be; None leaves that to the settings.
            started: The time that ages are counted from; None for now.
            event: True for the event of a subscription, which nobody has asked for just now: it counts as no request.

        Raises:
            RateLimitedError: The caller has as many requests running as they may.
        """
        stats, opened = CallStats(), AsyncExitStack()
        with ExitStack() as stack:
            token = current_call_stats.set(stats)
            stack.callback(current_call_stats.reset, token)
            budget = None
            if caller is not None:
                budget = None if event else stack.enter_context(self.caller_limiter.running(caller.subject))
                stack.enter_context(sign_as(caller.subject))
            rules = self.scope_deps.inventory_config
            request_info = RequestInfo(caller, request_id, started or rules.now(), stats, budget)
            until = asyncio.get_running_loop().time() + self.limits.seconds * (1 - _RESPONSE_SHARE)
            opener = ScopeOpener(self.scope_deps, horizon_at(rules.ages, request_info.started, max_age), until, opened)
            request = Request(request_info, self.scope_deps.policy, self.limits, opener.open, self.services)
            opened.push_async_callback(request.close)
            try:
                yield request
            finally:
                await self._close_request(request, opened)

    async def _close_request(self, request: Request, opened: AsyncExitStack) -> None:
        """Closes what the request has opened; what still changes something keeps it open, and nobody waits for that."""
        if not request.has_running_mutations:
            await opened.aclose()
            return
        task = asyncio.create_task(opened.aclose())
        self.background_tasks.add(task)
        task.add_done_callback(self.background_tasks.discard)

    async def close(self) -> None:
        """Waits for what answered requests have left under way."""
        while self.background_tasks:
            await asyncio.gather(*self.background_tasks, return_exceptions=True)


class ScopeOpener:
    """Opens scopes for one request, each once, until the stack is closed.

    Args:
        scope_deps: What is shared by all.
        horizon: How new is new enough.
        deadline: The loop's time at which single things are not waited for any longer; None waits for them.
        stack: What closes what has been opened.
    """

    def __init__(self, scope_deps: ScopeDeps, horizon: Horizon, deadline: float | None, stack: AsyncExitStack) -> None:
        self._scope_deps = scope_deps
        self._horizon = horizon
        self._deadline = deadline
        self._stack = stack
        self._opened: dict[str, OpenScope] = {}
        self._lock = asyncio.Lock()

    async def open(self, entry: CredentialEntry, region: str) -> OpenScope:
        """The scope of an entry in a region. Credentials come first: a refused role opens nothing."""
        subject = current_signer()
        account = await self._scope_deps.store.account(entry)
        source = self._source(entry, region, account, subject)
        try:
            await self._scope_deps.store.keys(entry, subject)
        except RoleRefusedError:
            await self._scope_deps.scopes.drop(source)
            raise
        async with self._lock:
            if (opened := self._opened.get(source.key)) is None:
                settled = await self._settled_scope(entry, source, subject)
                opened = self._opened[source.key] = await self._open(source, settled)
        return opened

    async def _settled_scope(self, entry: CredentialEntry, source: ScopeSource, subject: str) -> SettledScope | None:
        """Give the scope whose facts outlive the process; None for one caller's own, and if AWS has not told whose."""
        if self._scope_deps.settled_facts is None or entry.per_caller:
            return None
        principal = await self._scope_deps.store.principal(entry, subject)
        if principal is None:
            return None
        return SettledScope(source.account_id, source.endpoint.region, principal.arn, principal.unique_id)

    def _source(self, entry: CredentialEntry, region: str, account: str, subject: str) -> ScopeSource:
        store = self._scope_deps.store
        return ScopeSource(
            identity=scope_fingerprint(entry, subject),
            account_id=account,
            role=entry_facts(entry)[0] or f"the keys of {entry.key}",
            endpoint=AwsEndpoint(region, self._scope_deps.endpoint_url, self._scope_deps.data_loader),
            credentials=store.credentials_for(entry),
            on_rejected=lambda: store.invalidate(entry, current_signer()),
            rate_limiters=self._scope_deps.rate_limiters,
            inventory_config=self._inventory_config(entry, subject),
            observer=self._scope_deps.observer,
        )

    def _inventory_config(self, entry: CredentialEntry, subject: str) -> InventoryConfig:
        """Background work is signed as the gateway, but where a scope is one caller's own."""
        allowed = self._scope_deps.inventory_config.search if entry.search is None else entry.search
        signs_as = subject if entry.per_caller else GATEWAY_SUBJECT
        return replace(self._scope_deps.inventory_config, search=allowed, as_gateway=partial(sign_as, signs_as))

    async def _open(self, source: ScopeSource, settled: SettledScope | None) -> OpenScope:
        facts = self._scope_deps.settled_facts
        if facts is not None and settled is not None:
            config = replace(source.inventory_config, on_described=facts.recorder(settled))
            source = replace(source, inventory_config=config)
        scope = await self._stack.enter_async_context(self._scope_deps.scopes.use(source))
        if facts is not None and settled is not None:
            await facts.hydrate(settled, scope.inventory)
        reader = Reader(scope.inventory, self._horizon, self._deadline)
        return OpenScope(scope.key, scope.role, scope.account_id, scope.region, reader, scope.writer)
