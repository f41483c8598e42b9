"""What durable work may reach of AWS: a group's SageMaker, as that group's role, in the gateway's own name."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from aws.scopes import OpenScope


class GroupScopeOpener(Protocol):
    """Opens the scopes of groups; each step opens its own and lets it go, so no step has anyone's credentials."""

    def open(
        self, group: str, region: str, account_id: str, since: datetime | None = None, *, glance: bool = False
    ) -> AbstractAsyncContextManager[OpenScope]:
        """A group's scope in a region, while the block runs; its writes are on a tally of its own.

        What it tells has been read since then, or since now: deletions are seen, too. A glance sees them later, and
        costs less.

        Raises:
            auth.errors.AuthError: The group has no role, not in this region or no longer in this account, or its
                credentials cannot be had.
        """
