"""Access of durable work to a group's AWS: its scopes, and the author and limits of what it creates."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from auth.policy import Policy, start_limits_of
from aws.scopes import OpenScope
from aws.write.inputs import InstanceLimits, WriteAuthor


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


def author_for(policy: Policy, subject: str, group: str) -> WriteAuthor:
    """The author of what is made.

    Args:
        policy: Which has the group's limits.
        subject: Who asks for it.
        group: The group that it is made for.
    """
    allowed = start_limits_of(policy, group)
    return WriteAuthor(subject, group, InstanceLimits(allowed.instance_types, allowed.max_instances))
