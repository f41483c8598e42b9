"""auth.ownership: a group decides for its own and for those it is over, through the group that a request asks for."""

from collections.abc import Callable

import pytest

from auth.caller import Caller
from auth.entries import Entries
from auth.errors import ForbiddenError, UnauthenticatedError
from auth.ownership import Standing, may, owners, standing_groups, through
from auth.permissions import Grant, Permission
from auth.policy import Policy
from tests.auth.estate import assumed

GRANTS = (
    Grant("*", frozenset({Permission.READ})),
    Grant("risk", frozenset({Permission.IMPORT})),
    Grant("mlops", frozenset({Permission.APPROVE, Permission.AUDIT}), over=("risk", "fraud")),
    Grant("chief", frozenset({Permission.AUDIT}), over=("*",)),
)
POLICY = Policy(Entries(assumed=(assumed("risk"), assumed("fraud"))), GRANTS)


def caller(*groups: str, asked: str | None = None) -> Caller:
    return Caller("alice", groups, asked)


@pytest.mark.parametrize(
    ("groups", "owner", "permission", "standing"),
    [
        (("risk",), "risk", Permission.IMPORT, Standing("risk")),
        (("risk",), "fraud", Permission.READ, None),
        (("risk",), "risk", Permission.APPROVE, None),
        (("mlops",), "risk", Permission.APPROVE, Standing("mlops")),
        (("mlops",), "risk", Permission.IMPORT, None),
        (("mlops", "risk"), "risk", Permission.IMPORT, Standing("risk")),
        (("mlops", "risk"), "risk", Permission.READ, Standing("risk")),
        (("mlops",), "sales", Permission.APPROVE, None),
        (("chief",), "sales", Permission.AUDIT, Standing("chief")),
        (("*",), "risk", Permission.READ, None),
        (("*",), "*", Permission.READ, None),
        ((), "risk", Permission.READ, None),
    ],
)
def test_through(groups: tuple[str, ...], owner: str, permission: Permission, standing: Standing | None) -> None:
    assert through(POLICY, caller(*groups), owner, permission) == standing


@pytest.mark.parametrize(
    ("groups", "permission", "expected"),
    [
        (("risk",), Permission.READ, {"risk"}),
        (("risk", "mlops"), Permission.READ, {"risk", "mlops", "fraud"}),
        (("risk", "mlops"), Permission.AUDIT, {"mlops", "risk", "fraud"}),
        (("risk",), Permission.AUDIT, set()),
        (("chief",), Permission.AUDIT, None),
        (("*",), Permission.READ, set()),
        ((), Permission.READ, set()),
    ],
)
def test_owners(groups: tuple[str, ...], permission: Permission, expected: frozenset[str] | set[str] | None) -> None:
    assert owners(POLICY, caller(*groups), permission) == expected


def test_a_request_that_asks_for_a_group_acts_for_no_other() -> None:
    asking = caller("risk", "mlops", asked="risk")
    assert standing_groups(POLICY, asking) == ("risk",)
    assert through(POLICY, asking, "risk", Permission.APPROVE) is None
    assert owners(POLICY, asking, Permission.READ) == frozenset({"risk"})


def test_the_acting_group_comes_first() -> None:
    assert standing_groups(POLICY, caller("mlops", "fraud", "risk")) == ("risk", "mlops", "fraud")


@pytest.mark.parametrize(
    "question",
    [
        lambda: owners(POLICY, None, Permission.READ),
        lambda: through(POLICY, None, "risk", Permission.READ),
        lambda: standing_groups(POLICY, None),
    ],
)
def test_nobody_owns_anything(question: Callable[[], object]) -> None:
    with pytest.raises(UnauthenticatedError):
        question()


def test_a_group_that_the_caller_is_not_in_is_forbidden() -> None:
    with pytest.raises(ForbiddenError):
        owners(POLICY, caller("risk", asked="mlops"), Permission.READ)


def test_what_a_group_itself_may_do() -> None:
    assert may(POLICY, "risk", Permission.IMPORT)
    assert may(POLICY, "stranger", Permission.READ)
    assert not may(POLICY, "risk", Permission.APPROVE)
