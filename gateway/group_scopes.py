"""Open the scope of a group for durable work, with the group's role, signed as the gateway."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

from auth.caller import GATEWAY_SUBJECT
from auth.credentials.signing import sign_as
from auth.errors import AuthError, CredentialsError, ForbiddenError
from auth.policy import select_region as region_of
from aws.client.call_stats import collect_call_stats
from aws.client.errors import CredentialsRejectedError
from aws.inventory.horizon import horizon_at
from aws.scopes import OpenScope
from gateway.scope_opener import ScopeDeps, ScopeOpener
from workflows.durable.access import AccessLog, group_subject


class GroupScopes:
    """See workflows.group_access.GroupScopeOpener.

    Args:
        scope_deps: The dependencies of scopes; work shares scopes with requests, and so their inventories.
        access: Notes which groups this process cannot act for, and which it can again.
    """

    def __init__(self, scope_deps: ScopeDeps, access: AccessLog | None = None) -> None:
        self._scope_deps = scope_deps
        self._access = access or AccessLog()

    @asynccontextmanager
    async def open(
        self, group: str, region: str, account_id: str, since: datetime | None = None, *, glance: bool = False
    ) -> AsyncIterator[OpenScope]:
        """Open a group's scope for the block.

        It answers nothing from memory while AWS does not answer.

        Args:
            group: The group.
            region: The region.
            account_id: The account, which the group's role must be in.
            since: Lists of before are read again; None stands for now.
            glance: True lists only new resources, and waits for them as long as requests do.

        Raises:
            auth.errors.AuthError: The group has no role, its role is in another account, or its credentials are
                refused.
        """
        subject, probe = group_subject(group, account_id, region), partial(self._probe, group, region, account_id)
        async with AsyncExitStack() as stack:
            try:
                opening = self._open(group, region, account_id, since, glance=glance)
                scope = await stack.enter_async_context(opening)
            except AuthError as error:
                self._access.failed(subject, error, probe)
                raise
            self._access.worked(subject)
            try:
                yield scope
            except (CredentialsError, CredentialsRejectedError) as error:
                self._access.failed(subject, error, probe)
                raise

    async def _probe(self, group: str, region: str, account_id: str) -> None:
        """Open the scope and let it go."""
        async with self.open(group, region, account_id, glance=True):
            pass

    @asynccontextmanager
    async def _open(
        self, group: str, region: str, account_id: str, since: datetime | None, *, glance: bool
    ) -> AsyncIterator[OpenScope]:
        deps = self._scope_deps
        selection = deps.policy.select_role(group)
        asked = region_of(selection, region)
        if selection.entry is None:
            raise ForbiddenError(selection.reason)
        now = deps.inventory_config.now()
        read = min(now, since or now)
        # Readings that failed before now are repeated, and nothing remembered stands for them.
        asked_at = replace(horizon_at(deps.inventory_config.ages, now), fresh=read, remembered=now)
        asked_at = asked_at if glance else replace(asked_at, deletion=read)
        async with AsyncExitStack() as stack:
            with sign_as(GATEWAY_SUBJECT), collect_call_stats():
                opener = ScopeOpener(deps, asked_at, None, stack)
                scope = await opener.open(selection.entry, asked)
                if scope.account_id != account_id:
                    raise ForbiddenError(
                        f"The role of the group `{group}` is in account {scope.account_id} now, not in {account_id}."
                    )
                yield scope
