"""resolvers.views.stored: copies are shown whatever keeps the group's own role from being asked."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from auth.errors import CredentialsUnavailableError, ForbiddenError
from registry.database import Database
from registry.errors import RegistryUnavailableError
from registry.ids import encode_own_id, new_key
from registry.records import Registration
from resolvers.views.identity_map import IdentityMap
from resolvers.views.resource_view import LiveView
from resolvers.views.stored import StoredView, owner_view, stored_views
from tests.registry.factories import create_registration

ACCOUNT = "111111111111"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


class Asked:
    """A request whose groups have views, or have not; keeps which were opened."""

    def __init__(self, database: Any, opened: Any = None, seconds: float = 30) -> None:
        self.services = SimpleNamespace(database=database)
        self.identity_map = IdentityMap()
        self.limits = SimpleNamespace(scan=7)
        self.deadline = asyncio.get_running_loop().time() + seconds
        self.opened: list[tuple[str, str]] = []
        self._copies: dict[str, Any] = {}
        self._view = opened

    async def view_for(self, group: str, region: str) -> Any:
        self.opened.append((group, region))
        if self._view is None:
            await asyncio.Event().wait()
        if isinstance(self._view, Exception):
            raise self._view
        return self._view

    def remembered(self, key: str) -> Any:
        return self._copies.get(key)

    def remember(self, view: Any) -> None:
        self._copies[view.key] = view


def view(account: str = ACCOUNT) -> LiveView:
    """A view of the group's own."""
    scope: Any = SimpleNamespace(key="live", account_id=account, region="eu-west-1", reader="the reader")
    nothing: Any = None
    return LiveView(scope=scope, services=nothing, group="risk", sees_secrets=True)


async def seen(asked: Asked, ids: Sequence[str]) -> dict[str, StoredView]:
    """The views of these registrations."""
    request: Any = asked
    return dict(await stored_views(request, ids))


async def test_each_is_made_once_for_a_request(database: Database) -> None:
    """Secrets are not kept, so none are seen, whatever the live view shows."""
    one, other = await create_registration(database), await create_registration(database, "other")
    asked = Asked(database, view())
    first = await seen(asked, [one.id, one.id])
    again = await seen(asked, [other.id, one.id])
    assert again[one.id] is first[one.id]
    assert asked.opened == [("risk", "eu-west-1")] * 2
    stored_view = first[one.id]
    assert (stored_view.key, stored_view.group, stored_view.account_id, stored_view.region) == (
        one.id,
        "risk",
        ACCOUNT,
        "eu-west-1",
    )
    assert stored_view.sees_secrets is False


@pytest.mark.parametrize(
    "trouble", [ForbiddenError("No role."), CredentialsUnavailableError("STS is away."), view("999999999999")]
)
async def test_without_the_groups_role_there_are_the_copies(database: Database, trouble: Any) -> None:
    """A role that is in another account by now would show another account's things."""
    registration = await create_registration(database)
    views = await seen(Asked(database, trouble), [registration.id])
    assert views[registration.id].group == "risk"


async def test_a_role_is_waited_for_half_of_what_is_left(database: Database) -> None:
    """What is left then is for the copies."""
    registration = await create_registration(database)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    views = await seen(Asked(database, None, seconds=0.2), [registration.id])
    assert 0.1 <= loop.time() - begun < 5
    assert views[registration.id].group == "risk"


async def test_without_the_registry_nobody_is_asked(database: Database) -> None:
    """What is in hand already can be shown; so it is where the registration is gone."""

    class Away:
        def reading(self) -> Any:
            raise RegistryUnavailableError("The registry is away.")

    gone = encode_own_id("Registration", new_key())
    for asked in (Asked(Away(), view()), Asked(database, view())):
        views = await seen(asked, [gone])
        assert (views[gone].group, views[gone].account_id) == (None, "")
        assert asked.opened == []


async def test_the_groups_own_view_is_in_the_account_of_the_import(database: Database) -> None:
    registration: Registration = await create_registration(database)
    asked: Any = Asked(database, view())
    assert (await owner_view(asked, registration)).scope.key == "live"
    moved: Any = Asked(database, view("999999999999"))
    with pytest.raises(ForbiddenError) as raised:
        await owner_view(moved, registration)
    assert str(raised.value) == (
        "The role of the group `risk` is in account 999999999999 now; the model was imported from account 111111111111."
    )
