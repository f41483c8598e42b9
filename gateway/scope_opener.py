"""Opens scopes for callers who may have them: credentials first, then the clients and the inventory."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from auth.caller import GATEWAY_SUBJECT
from auth.credential_entries import CredentialEntry, entry_facts
from auth.credentials.fingerprints import scope_fingerprint
from auth.credentials.signing import current_signer, sign_as
from auth.credentials.store import CredentialStore
from auth.errors import RoleRefusedError
from auth.policy import Policy
from aws.client.rate_limit import RateLimiters
from aws.client.service_clients import AwsEndpoint, load_services
from aws.inventory.horizon import Horizon
from aws.inventory.inventory import InventoryConfig
from aws.inventory.reader import Reader
from aws.scopes import OpenScope, ScopePool, ScopeSource
from concurrency.call_observer import UNOBSERVED, CallObserver
from gateway.settled_facts import SettledFacts
from registry.settled_facts import SettledScope

MAX_SOURCES: Final = 1_000
"""The most sources of scopes that are kept; one takes some 2 kB, and is made again in 40 µs."""


SourceKey = tuple[str, str, str, str]
"""The key of an entry, a region, an account, and the caller if the entry keeps one scope for each."""


@dataclass(frozen=True, slots=True)
class ScopeDeps:
    """Dependencies of opening a scope, shared by requests and durable work.

    Attributes:
        policy: The roles and permissions of groups.
        store: The callers' credentials.
        scopes: The scopes that are open.
        endpoint_url: An address that stands for all of AWS; None for AWS's own.
        data_loader: botocore's loader of service models, shared by every scope.
        rate_limiters: The rate limiters, which keep calls below the accounts' rates.
        inventory_config: The configuration of inventories.
        settled_facts: Facts that cannot change, learnt by earlier processes; None keeps none.
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
    _sources: dict[SourceKey, tuple[CredentialEntry, ScopeSource]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    async def load_services(self) -> None:
        """Read the descriptions of AWS's services, which the first request would wait for."""
        await load_services(AwsEndpoint("us-east-1", self.endpoint_url, self.data_loader))

    def source(self, entry: CredentialEntry, region: str, account: str, subject: str) -> ScopeSource:
        """Give the source of a scope; those of the settings' entries, which do not change, are kept.

        Args:
            entry: The credential entry.
            region: The region.
            account: The account that the entry's credentials are in.
            subject: The caller, who is a part of it if the entry keeps one scope for each.
        """
        key = entry.key, region, account, subject if entry.per_caller else ""
        kept = self._sources.get(key)
        if kept is not None and kept[0] is entry:
            return kept[1]
        source = self._new_source(entry, region, account, subject)
        # Entered credentials are none of the settings' entries: nothing of them outlives their request.
        if self.policy.entries.has(entry):
            if len(self._sources) >= MAX_SOURCES:
                self._sources.clear()
            self._sources[key] = entry, source
        return source

    def _new_source(self, entry: CredentialEntry, region: str, account: str, subject: str) -> ScopeSource:
        return ScopeSource(
            identity=scope_fingerprint(entry, subject),
            account_id=account,
            role=entry_facts(entry)[0] or f"the keys of {entry.key}",
            endpoint=AwsEndpoint(region, self.endpoint_url, self.data_loader),
            credentials=self.store.credentials_for(entry),
            on_rejected=lambda: self.store.invalidate(entry, current_signer()),
            rate_limiters=self.rate_limiters,
            inventory_config=self._inventory_config_of(entry, subject),
            observer=self.observer,
        )

    def _inventory_config_of(self, entry: CredentialEntry, subject: str) -> InventoryConfig:
        """Give the configuration of a scope's inventory; background work signs as the gateway, or as the one caller."""
        allowed = self.inventory_config.search if entry.search is None else entry.search
        signs_as = subject if entry.per_caller else GATEWAY_SUBJECT
        return replace(self.inventory_config, search=allowed, as_gateway=partial(sign_as, signs_as))


class ScopeOpener:
    """Opens scopes for one request, each once, until the stack is closed.

    Args:
        scope_deps: The dependencies that all requests share.
        horizon: The ages that the request accepts.
        deadline: The loop's time at which single things are not waited for any longer; None waits for them.
        stack: Lets the scopes go when it is closed.
    """

    def __init__(self, scope_deps: ScopeDeps, horizon: Horizon, deadline: float | None, stack: AsyncExitStack) -> None:
        self._scope_deps = scope_deps
        self._horizon = horizon
        self._deadline = deadline
        self._stack = stack
        self._opened: dict[str, OpenScope] = {}
        self._lock = asyncio.Lock()

    async def open(self, entry: CredentialEntry, region: str) -> OpenScope:
        """Open the scope of an entry in a region. Credentials come first: a refused role opens nothing.

        Raises:
            auth.errors.AuthError: The credentials are refused or cannot be had.
        """
        subject = current_signer()
        account = await self._scope_deps.store.account(entry)
        source = self._scope_deps.source(entry, region, account, subject)
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
        """Give the scope whose facts outlive the process; None if it has them, is one caller's, or has no principal."""
        facts, inventory = self._scope_deps.settled_facts, self._scope_deps.scopes.inventory(source.key)
        if facts is None or entry.per_caller or (inventory is not None and facts.knows(inventory)):
            return None
        principal = await self._scope_deps.store.principal(entry, subject)
        if principal is None:
            return None
        return SettledScope(source.account_id, source.endpoint.region, principal.arn, principal.unique_id)

    async def _open(self, source: ScopeSource, settled: SettledScope | None) -> OpenScope:
        facts = self._scope_deps.settled_facts
        if facts is not None and settled is not None and self._scope_deps.scopes.inventory(source.key) is None:
            config = replace(source.inventory_config, on_described=facts.recorder(settled))
            source = replace(source, inventory_config=config)
        scope = await self._stack.enter_async_context(self._scope_deps.scopes.use(source))
        if facts is not None and settled is not None:
            await facts.hydrate(settled, scope.inventory)
        reader = Reader(scope.inventory, self._horizon, self._deadline)
        return OpenScope(scope.key, scope.role, scope.account_id, scope.region, reader, scope.writer)
