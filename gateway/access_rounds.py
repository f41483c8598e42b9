"""Let a worker, which serves no requests, find out by itself whether it can act for each group.

Without it a wrong secret would show only once the process has to do a group's work, because another one has died.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from auth.credential_entries import CredentialEntries, CredentialEntry, entry_facts
from auth.errors import AuthError
from auth.permissions import EVERYONE
from aws.client.errors import AWSError
from concurrency.background import running_beside
from gateway.group_scopes import GroupScopes
from registry.errors import RegistryError

INTERVAL_SECONDS: Final = 3600.0
"""The time between two rounds: a role's keys last as long, so that a round rarely costs a call more than work does."""


@asynccontextmanager
async def running_access_rounds(
    entries: CredentialEntries, groups: GroupScopes, seconds: float = INTERVAL_SECONDS
) -> AsyncIterator[None]:
    """Try every group at once and then at intervals, while the block runs.

    Args:
        entries: The credential entries, which name the groups.
        groups: Opens the scope of a group.
        seconds: The time between two rounds.
    """

    async def run() -> None:
        while True:
            await try_groups(entries, groups)
            await asyncio.sleep(seconds)

    async with running_beside(run()):
        yield


async def try_groups(entries: CredentialEntries, groups: GroupScopes) -> None:
    """Take the credentials of every group in the entries that has a role of its own; faults go to the log of access."""
    for group, entry in _groups_with_roles(entries):
        account = entry_facts(entry)[1]
        if account is not None:
            with suppress(AuthError, AWSError, RegistryError):
                async with groups.open(group, entry.region, account, glance=True):
                    pass


def _groups_with_roles(entries: CredentialEntries) -> Iterator[tuple[str, CredentialEntry]]:
    yield from ((entry.group, entry) for entry in entries.assumed)
    yield from ((group, entry) for entry in entries.web_identity for group in entry.groups if group != EVERYONE)
