"""Read the accounts of chosen groups before anybody asks, as the gateway and behind people."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from auth.caller import GATEWAY_SUBJECT
from auth.credential_entries import CredentialEntry
from auth.credentials.signing import sign_as
from auth.errors import AuthError
from aws.client.call_stats import collect_call_stats
from aws.client.errors import AWSError
from aws.inventory.horizon import horizon_at
from aws.inventory.link_queries import LinkedQuery
from aws.kinds.kind import DEFAULT_JOB_KINDS, Kind
from concurrency.background import running_beside
from concurrency.priority import Priority, current_priority
from gateway.scope_opener import ScopeDeps, ScopeOpener

INTERVAL_SECONDS: Final = 60.0
"""The time between two readings of one account: five calls, unless something is new."""

_KINDS: Final = (Kind.MODEL, Kind.SNAPSHOT, Kind.RUNTIME, *DEFAULT_JOB_KINDS)

_log = logging.getLogger("sagegraph.warming")


class Warmer:
    """Keeps the lists of groups' accounts, and the links of their resources, read.

    Args:
        scope_deps: The dependencies of scopes; requests share the inventories that are read here.
        groups: The groups (`sagemaker.warm`).
    """

    def __init__(self, scope_deps: ScopeDeps, groups: Sequence[str]) -> None:
        self._scope_deps = scope_deps
        self._groups = groups
        self._failed: dict[tuple[str, str], str] = {}

    @asynccontextmanager
    async def running(self, seconds: float = INTERVAL_SECONDS) -> AsyncIterator[None]:
        """Read every account, and again every so many seconds, until the block ends."""
        async with running_beside(self._run(seconds)):
            yield

    async def _run(self, seconds: float) -> None:
        while self._groups:
            await self.run_once()
            await asyncio.sleep(seconds)

    async def run_once(self) -> None:
        """Read every region of each group once. A failure is logged when it begins, and hinders no other group."""
        for group in self._groups:
            entry = self._scope_deps.policy.select_role(group).entry
            if entry is not None:
                for region in entry.regions:
                    await self._read_or_log(group, entry, region)

    async def _read_or_log(self, group: str, entry: CredentialEntry, region: str) -> None:
        try:
            await self._read(entry, region)
        except (AuthError, AWSError) as error:
            if self._failed.get((group, region)) != str(error):
                _log.warning("The account of the group `%s` in %s could not be read ahead: %s", group, region, error)
            self._failed[group, region] = str(error)
        else:
            self._failed.pop((group, region), None)

    async def _read(self, entry: CredentialEntry, region: str) -> None:
        config = self._scope_deps.inventory_config
        current_priority.set(Priority(interactive=False))
        async with AsyncExitStack() as stack:
            with sign_as(GATEWAY_SUBJECT), collect_call_stats():
                opener = ScopeOpener(self._scope_deps, horizon_at(config.ages, config.now()), None, stack)
                scope = await opener.open(entry, region)
                await asyncio.gather(*(scope.reader.linked(LinkedQuery((kind,), whole=True)) for kind in _KINDS))
