"""resolvers.mutations.context: no change for a group without its permission, and the audit knows who tried."""

import pytest

from auth.caller import Caller
from auth.errors import ForbiddenError, UnauthenticatedError
from auth.permissions import Permission
from resolvers.errors import UserErrorCode, UserFaultError
from resolvers.mutations.context import MutationContext
from tests.grants import Grant
from tests.resolvers.test_request import Opened, request

READ, DEPLOY = Permission.READ, Permission.DEPLOY
BOTH = frozenset({READ, DEPLOY})
RISK, AUDITOR = Grant("risk", BOTH), Grant("audit", BOTH, over=("risk",))
ANN = Caller("ann", ("risk",))


def act(caller: Caller | None, *grants: Grant, opener: Opened | None = None) -> MutationContext:
    """A deployment that somebody asks for."""
    return MutationContext(request(opener or Opened(), caller, *grants), "deploySnapshot", DEPLOY)


async def test_write_access_has_the_groups_role() -> None:
    """What is known of it is there for the audit."""
    opener = Opened()
    asked = act(ANN, RISK, opener=opener)
    access = await asked.write_access(None, "us-east-1")
    assert (access.group, access.subject, access.view.scope.region) == ("risk", "ann", "us-east-1")
    assert (asked.group, asked.role_arn) == ("risk", "arn:1")
    assert opener.asked == [("a[0]", "us-east-1")]


@pytest.mark.parametrize(
    ("caller", "grants", "error", "group"),
    [
        (ANN, [Grant("risk", frozenset({READ}))], ForbiddenError, "risk"),
        (ANN, [], ForbiddenError, "risk"),
        (None, [RISK], UnauthenticatedError, None),
        # Whoever is in a group without a role may do nothing with one.
        (Caller("bob", ("stranger",)), [Grant("*", BOTH)], ForbiddenError, "stranger"),
    ],
)
async def test_who_may_not_opens_nothing(
    caller: Caller | None, grants: list[Grant], error: type[Exception], group: str | None
) -> None:
    opener = Opened()
    asked = act(caller, *grants, opener=opener)
    with pytest.raises(error):
        await asked.write_access(None, None)
    assert (asked.group, asked.role_arn) == (group, None)
    assert opener.asked == []


@pytest.mark.parametrize(
    ("caller", "grants", "may"),
    [
        (ANN, [RISK], True),
        (Caller("eve", ("audit",)), [AUDITOR], True),
        (Caller("eve", ("audit",)), [Grant("audit", BOTH)], False),
        (Caller("eve", ("audit",)), [Grant("audit", frozenset({READ}), over=("risk",))], False),
        (Caller("eve", ("risk", "audit")), [Grant("risk", frozenset({READ})), Grant("audit", BOTH)], False),
    ],
)
async def test_for_the_group_that_owns_it(caller: Caller, grants: list[Grant], *, may: bool) -> None:
    """As that group's role, whoever asks; a permission of another group of theirs does not count."""
    opener = Opened()
    asked = act(caller, *grants, opener=opener)
    if may:
        access = await asked.write_access_for_owner("risk", "eu-west-1")
        assert (access.group, access.subject) == ("risk", caller.subject)
        assert opener.asked == [("a[0]", "eu-west-1")]
    else:
        with pytest.raises(ForbiddenError, match="needs the permission DEPLOY"):
            await asked.write_access_for_owner("risk", "eu-west-1")
        assert opener.asked == []
    assert asked.group == "risk"


async def test_what_may_not_be_seen_is_not_there() -> None:
    """The audit knows better: it was refused. What may be seen and not changed is refused openly."""
    hidden = act(Caller("bob", ("audit",)), Grant("audit", BOTH))
    with pytest.raises(UserFaultError) as caught:
        hidden.require_visible("risk", "deployment", "id")
    (error,) = caught.value.errors
    assert (error.code, error.field) == (UserErrorCode.NOT_FOUND, ("id",))
    assert error.message == "There is no deployment with this id that you may see."
    assert hidden.hidden_refusal
    seen = act(ANN, Grant("risk", frozenset({READ})))
    with pytest.raises(ForbiddenError):
        seen.require_visible("risk", "deployment", "id")
    assert (seen.hidden_refusal, seen.group) == (False, "risk")


async def test_nobody_is_nobody() -> None:
    """Not even where everybody may."""
    asked = act(None, Grant("*", BOTH))
    with pytest.raises(UnauthenticatedError):
        _ = asked.subject
    with pytest.raises(UnauthenticatedError):
        asked.require_permission_for("risk")
