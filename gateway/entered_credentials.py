"""Open a scope for entered credentials: its own credential store and clients, closed with the block."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from auth.credential_entries import CredentialEntries, StoredKeys
from auth.credentials.store import CredentialStore
from aws.inventory.horizon import horizon_at
from aws.scopes import OpenScope, ScopePool
from gateway.scope_opener import ScopeDeps, ScopeOpener
from resolvers.entered_credentials import EnteredCredentials


class EnteredScopes:
    """Opens scopes that no other request can use.

    Args:
        scope_deps: The dependencies of scopes; only those that hold no credentials are shared.
    """

    def __init__(self, scope_deps: ScopeDeps) -> None:
        self._scope_deps = scope_deps

    @asynccontextmanager
    async def open(self, credentials: EnteredCredentials, region: str) -> AsyncIterator[OpenScope]:
        """Open a scope for entered credentials in a region.

        Raises:
            auth.errors.CredentialsError: AWS does not take the credentials.
        """
        entry = StoredKeys(
            key="the entered credentials",
            region=region,
            regions=(region,),
            search=False,
            group="",
            access_key_id=credentials.access_key_id,
            secret_access_key=credentials.secret_access_key,
            session_token=credentials.session_token,
        )
        async with AsyncExitStack() as stack:
            store = CredentialStore(
                CredentialEntries(stored=(entry,)),
                endpoint_url=self._scope_deps.endpoint_url,
                data_loader=self._scope_deps.data_loader,
                observer=self._scope_deps.observer,
            )
            await stack.enter_async_context(store)
            scopes = ScopePool(1)
            stack.push_async_callback(scopes.close)
            opened = await stack.enter_async_context(AsyncExitStack())
            deps = replace(self._scope_deps, store=store, scopes=scopes, settled_facts=None)
            now = horizon_at(deps.inventory_config.ages, deps.inventory_config.now())
            yield await ScopeOpener(deps, now, None, opened).open(entry, region)
