"""auth.ownership: a group decides for its own and for those it is over, through the group that a request asks for."""

from collections.abc import Callable

import pytest

from auth.caller import Caller
from auth.credential_entries import CredentialEntries
from auth.errors import ForbiddenError, UnauthenticatedError
from auth.ownership import GrantedVia, acting_groups, granting_group, group_has_permission, permitted_owner_groups
from auth.permissions import Permission
from auth.policy import Policy
from tests.auth.entries import assumed_role_entry
from tests.grants import Grant

GRANTS = (
    Grant("*", frozenset({Permission.READ})),
    Grant("risk", frozenset({Permission.IMPORT})),
    Grant("mlops", frozenset({Permission.APPROVE, Permission.AUDIT}), over=("risk", "fraud")),
    Grant("chief", frozenset({Permission.AUDIT}), over=("*",)),
)
POLICY = Policy(CredentialEntries(assumed=(assumed_role_entry("risk"), assumed_role_entry("fraud"))), GRANTS)


def caller(*groups: str, asked: str | None = None) -> Caller:
    return Caller("alice", groups, asked)


@pytest.mark.parametrize(
    ("groups", "owner", "permission", "standing"),
    [
        (("risk",), "risk", Permission.IMPORT, GrantedVia("risk")),
        (("risk",), "fraud", Permission.READ, None),
        (("risk",), "risk", Permission.APPROVE, None),
        (("mlops",), "risk", Permission.APPROVE, GrantedVia("mlops")),
        (("mlops",), "risk", Permission.IMPORT, None),
        (("mlops", "risk"), "risk", Permission.IMPORT, GrantedVia("risk")),
        (("mlops", "risk"), "risk", Permission.READ, GrantedVia("risk")),
        (("mlops",), "sales", Permission.APPROVE, None),
        (("chief",), "sales", Permission.AUDIT, GrantedVia("chief")),
        (("*",), "risk", Permission.READ, None),
        (("*",), "*", Permission.READ, None),
        ((), "risk", Permission.READ, None),
    ],
)
def test_through(groups: tuple[str, ...], owner: str, permission: Permission, standing: GrantedVia | None) -> None:
    assert granting_group(POLICY, caller(*groups), owner, permission) == standing


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
    assert permitted_owner_groups(POLICY, caller(*groups), permission) == expected


def test_a_request_that_asks_for_a_group_acts_for_no_other() -> None:
    asking = caller("risk", "mlops", asked="risk")
    assert acting_groups(POLICY, asking) == ("risk",)
    assert granting_group(POLICY, asking, "risk", Permission.APPROVE) is None
    assert permitted_owner_groups(POLICY, asking, Permission.READ) == frozenset({"risk"})


def test_the_acting_group_comes_first() -> None:
    assert acting_groups(POLICY, caller("mlops", "fraud", "risk")) == ("risk", "mlops", "fraud")


@pytest.mark.parametrize(
    "question",
    [
        lambda: permitted_owner_groups(POLICY, None, Permission.READ),
        lambda: granting_group(POLICY, None, "risk", Permission.READ),
        lambda: acting_groups(POLICY, None),
    ],
)
def test_nobody_owns_anything(question: Callable[[], object]) -> None:
    with pytest.raises(UnauthenticatedError):
        question()


def test_a_group_that_the_caller_is_not_in_is_forbidden() -> None:
    with pytest.raises(ForbiddenError):
        permitted_owner_groups(POLICY, caller("risk", asked="mlops"), Permission.READ)


def test_what_a_group_itself_may_do() -> None:
    assert group_has_permission(POLICY, "risk", Permission.IMPORT)
    assert group_has_permission(POLICY, "stranger", Permission.READ)
    assert not group_has_permission(POLICY, "risk", Permission.APPROVE)
