"""Opens the scopes of groups for durable work: as the group's role, signed by the gateway itself."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from auth.caller import GATEWAY
from auth.credentials.signing import sign_as
from auth.errors import ForbiddenError
from auth.policy import region as region_of
from aws.inventory.ages import horizon
from aws.scopes import OpenScope
from gateway.context import Opener, Reach


class GroupScopes:
    """See workflows.groups.Groups.

    Args:
        reach: What opens scopes; work shares them with requests, and so what they know.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    @asynccontextmanager
    async def open(self, group: str, region: str, account_id: str) -> AsyncIterator[OpenScope]:
        """A group's scope, which asks AWS for what is new since anyone has looked.

        Raises:
            auth.errors.AuthError
        """
        reach = self._reach
        seat = reach.policy.seat_of(group)
        asked = region_of(seat, region)
        if seat.entry is None:
            raise ForbiddenError(seat.why)
        ages = replace(reach.rules.ages, fresh=0)
        async with AsyncExitStack() as stack:
            with sign_as(GATEWAY):
                opener = Opener(reach, horizon(ages, reach.rules.now()), None, stack)
                scope = await opener.open(seat.entry, asked)
                if scope.account_id != account_id:
                    raise ForbiddenError(
                        f"The role of the group `{group}` is in account {scope.account_id} now, not in {account_id}."
                    )
                yield scope
