"""resolvers.request: there is no way to AWS but a view, and no view without permission."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from auth.caller import Caller
from auth.credential_entries import AssumedRole, CredentialEntries, CredentialEntry
from auth.errors import ForbiddenError, UnauthenticatedError, UnknownRegionError
from auth.permissions import Permission
from auth.policy import Policy
from aws.client.call_stats import CallStats
from aws.scopes import OpenScope
from gateway.settings.server import LimitSettings
from resolvers.errors import DeadlineError
from resolvers.request import Request, RequestInfo
from tests.grants import Grant

RISK = AssumedRole(key="a[0]", region="eu-west-1", regions=("eu-west-1", "us-east-1"), group="risk", role_arn="arn:1")
AUDIT = AssumedRole(key="a[1]", region="eu-west-1", regions=("eu-west-1",), group="audit", role_arn="arn:1")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
READ = frozenset({Permission.READ})
SECRETS = frozenset({Permission.READ, Permission.SEE_SECRETS})


class Opened:
    """An opener that keeps what it was asked for; both groups work with one role, and so with one scope a region.

    Regions in `held` open when they are told to.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.held: dict[str, asyncio.Event] = {}

    async def __call__(self, entry: CredentialEntry, region: str) -> OpenScope:
        self.asked.append((entry.key, region))
        if region in self.held:
            await self.held[region].wait()
        nothing: Any = None
        return OpenScope(f"scope-{region}", "arn:1", "1", region, nothing, nothing)


def request(opener: Opened, caller: Caller | None, *grants: Grant, seconds: float = 5) -> Request:
    policy = Policy(CredentialEntries(assumed=(RISK, AUDIT)), grants)
    nothing: Any = None
    return Request(
        RequestInfo(caller, "id", NOON, CallStats()), policy, LimitSettings(seconds=seconds), opener, nothing
    )


ANN = Caller("ann", ("risk", "audit"))


async def test_a_view() -> None:
    opener = Opened()
    asked = request(opener, ANN, Grant("*", READ))
    view = await asked.view()
    assert (view.group, view.scope.key, view.sees_secrets) == ("risk", "scope-eu-west-1", False)
    assert await asked.view("risk") is view
    assert (await asked.view("risk", "us-east-1")).scope.region == "us-east-1"
    assert len(asked.scopes) == 2


async def test_views_are_in_the_order_in_which_they_were_asked_for() -> None:
    """Whichever of them opens first."""
    opener = Opened()
    opener.held["eu-west-1"] = asyncio.Event()
    asked = request(opener, ANN, Grant("*", READ))
    first = asyncio.create_task(asked.view())
    await asyncio.sleep(0)
    await asked.view("risk", "us-east-1")
    opener.held["eu-west-1"].set()
    await first
    await asked.view("risk", "us-east-1")
    assert [scope.region for scope in asked.scopes] == ["eu-west-1", "us-east-1"]


@pytest.mark.parametrize(
    ("caller", "group", "region", "error"),
    [
        (None, None, None, UnauthenticatedError),
        (ANN, "marketing", None, ForbiddenError),
        (Caller("bob", ("nobody",)), None, None, ForbiddenError),
        (ANN, "audit", "us-east-1", UnknownRegionError),
        (Caller("bob", ("risk",), "audit"), None, None, ForbiddenError),
    ],
)
async def test_no_view_and_nothing_opened(
    caller: Caller | None, group: str | None, region: str | None, error: type[Exception]
) -> None:
    opener = Opened()
    asked = request(opener, caller, Grant("*", READ))
    with pytest.raises(error):
        await asked.view(group, region)
    assert (opener.asked, asked.scopes) == ([], ())


async def test_permission_comes_before_credentials() -> None:
    opener = Opened()
    with pytest.raises(ForbiddenError, match="does not have the permission READ"):
        await request(opener, ANN, Grant("audit", READ)).view("risk")
    assert opener.asked == []


@pytest.mark.parametrize("order", [("risk", "audit"), ("audit", "risk")])
async def test_two_groups_with_one_role_have_two_views_of_its_scope(order: tuple[str, str]) -> None:
    """Whichever comes first: what one group may see of secrets is not the other's."""
    asked = request(Opened(), ANN, Grant("*", READ), Grant("audit", SECRETS))
    views = {group: await asked.view(group) for group in order}
    assert {group: (view.group, view.sees_secrets) for group, view in views.items()} == {
        "risk": ("risk", False),
        "audit": ("audit", True),
    }
    assert views["risk"].key != views["audit"].key
    assert len(asked.scopes) == 1


@pytest.mark.parametrize("acting", [None, "risk", "audit"])
async def test_what_is_seen_of_a_group_does_not_depend_on_the_acting_group(acting: str | None) -> None:
    asked = request(Opened(), Caller("ann", ("risk", "audit"), acting), Grant("*", READ), Grant("audit", SECRETS))
    sees = [(await asked.view(group)).sees_secrets for group in ("risk", "audit")]
    sees += [(await asked.view_for(group, "eu-west-1")).sees_secrets for group in ("risk", "audit")]
    assert sees == [False, True, False, True]


async def test_who_is_over_a_group_sees_its_secrets_in_every_way() -> None:
    """An id has one reading, by whichever way it is reached."""
    asked = request(Opened(), ANN, Grant("*", READ), Grant("audit", SECRETS, over=("risk",)))
    first, second = await asked.view("risk"), await asked.view_for("risk", "eu-west-1")
    assert first is second
    assert first.sees_secrets is True


async def test_in_time() -> None:
    asked = request(Opened(), ANN, seconds=0.01)

    async def quick() -> str:
        return "answer"

    assert await asked.in_time(quick()) == "answer"
    with pytest.raises(DeadlineError, match="time was up"):
        await asked.in_time(asyncio.Event().wait())


async def test_what_has_begun_goes_on_and_nothing_begins_behind_it() -> None:
    asked, release, done = request(Opened(), ANN, seconds=0.01), asyncio.Event(), []

    async def act(name: str) -> None:
        await release.wait()
        done.append(name)

    with pytest.raises(DeadlineError, match="it goes on"):
        await asked.run_to_completion(act("first"))
    with pytest.raises(DeadlineError, match="nothing was done"):
        await asked.run_to_completion(act("second"))
    release.set()
    await asked.close()
    assert done == ["first"]
