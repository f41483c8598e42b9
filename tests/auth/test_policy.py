"""Who may do what with which role."""

from collections.abc import Callable

import pytest

from auth.caller import Caller
from auth.credential_entries import AuthenticationType, CredentialEntries, entry_facts
from auth.errors import ForbiddenError, UnauthenticatedError, UnknownRegionError
from auth.ownership import GrantedVia, granting_group
from auth.permissions import Permission
from auth.policy import (
    MAX_ANSWER_GROUPS,
    MAX_ANSWERS,
    Policy,
    RoleSelection,
    StartLimits,
    select_region,
    start_limits_of,
)
from tests.auth.entries import assumed_role_entry, stored_keys_entry, web_identity_entry
from tests.grants import Grant

RISK, FRAUD = assumed_role_entry("risk"), assumed_role_entry("fraud")
SCIENCE = stored_keys_entry("science")
PLATFORM = web_identity_entry(groups=("platform", "research"))
EVERYONE = web_identity_entry(groups=("*",), path="everyone")
ENTRIES = CredentialEntries(assumed=(RISK, FRAUD), stored=(SCIENCE,), web_identity=(web_identity_entry(), PLATFORM))
OPEN = CredentialEntries(assumed=(RISK, FRAUD), stored=(SCIENCE,), web_identity=(PLATFORM, EVERYONE))
GRANTS = (
    Grant("*", frozenset({Permission.READ})),
    Grant("risk", frozenset({Permission.IMPORT, Permission.DEPLOY})),
    Grant("mlops", frozenset({Permission.APPROVE, Permission.AUDIT}), over=("risk", "fraud")),
)
POLICY = Policy(ENTRIES, GRANTS)


def caller(*groups: str, asked: str | None = None) -> Caller:
    return Caller("alice", groups, asked)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (("platform", "science", "fraud", "risk"), ("risk", RISK)),
        (("platform", "science", "fraud"), ("fraud", FRAUD)),
        (("research", "platform", "science"), ("science", SCIENCE)),
        (("research", "platform"), ("platform", PLATFORM)),
        (("unknown", "research"), ("research", PLATFORM)),
    ],
)
def test_the_default_is_the_first_in_the_settings_order(groups: tuple[str, ...], expected: tuple[str, object]) -> None:
    selection = POLICY.select_acting_role(caller(*groups))
    assert (selection.group, selection.entry) == expected
    assert (
        selection.reason
        == f"The first of the caller's groups in the settings ({selection.entry.key if selection.entry else None})."
    )


def test_the_group_that_is_asked_for_goes_before_the_default() -> None:
    selection = POLICY.select_acting_role(caller("risk", "platform", asked="platform"))
    assert selection == RoleSelection("platform", PLATFORM, "The request asks to act for this group.")


def test_a_group_that_the_caller_is_not_in_is_forbidden() -> None:
    with pytest.raises(ForbiddenError, match="not in the group `risk`"):
        POLICY.select_acting_role(caller("science", asked="risk"))
    with pytest.raises(ForbiddenError, match="not in the group `Science`"):
        POLICY.select_role_for(caller("science"), "Science")


def test_a_group_without_an_entry_may_be_asked_for_and_has_no_role() -> None:
    for policy in (POLICY, Policy(OPEN)):
        selection = policy.select_acting_role(caller("auditors", "risk", asked="auditors"))
        assert (selection.group, selection.entry) == ("auditors", None)
        assert selection.reason == (
            "The group `auditors` has no AWS role. "
            "An administrator can give `auditors` one under `sagemaker-credentials`."
        )


@pytest.mark.parametrize(("groups", "group"), [(("auditors", "others"), "auditors"), ((), None)])
def test_a_caller_without_an_entry_has_no_role(groups: tuple[str, ...], group: str | None) -> None:
    selection = POLICY.select_acting_role(caller(*groups))
    assert (selection.group, selection.entry) == (group, None)
    assert "sagemaker-credentials" in selection.reason


@pytest.mark.parametrize(
    ("groups", "asked", "group"),
    [(("auditors", "others"), None, "auditors"), (("auditors", "others"), "others", "others"), ((), None, None)],
)
def test_everyones_entry_serves_a_caller_without_one(
    groups: tuple[str, ...], asked: str | None, group: str | None
) -> None:
    selection = Policy(OPEN).select_acting_role(caller(*groups, asked=asked))
    assert (selection.group, selection.entry) == (group, EVERYONE)
    assert EVERYONE.key in selection.reason


@pytest.mark.parametrize("listed", ["assumed", "stored", "web_identity"])
def test_everyones_entry_may_be_in_any_list(listed: str) -> None:
    entries = {
        "assumed": CredentialEntries(assumed=(RISK, assumed_role_entry("*"))),
        "stored": CredentialEntries(assumed=(RISK,), stored=(stored_keys_entry("*"),)),
        "web_identity": CredentialEntries(assumed=(RISK,), web_identity=(EVERYONE,)),
    }[listed]
    (everyones,) = (entry for entry in getattr(entries, listed) if entry is not RISK)
    for groups, group in (("auditors",), "auditors"), ((), None):
        selection = Policy(entries).select_acting_role(caller(*groups))
        assert (selection.group, selection.entry) == (group, everyones)
    assert Policy(entries).select_acting_role(caller("auditors", "risk")).entry == RISK
    assert Policy(entries).select_role("auditors").entry == everyones
    assert Policy(entries).select_acting_role(caller("*", "risk")).entry == RISK


def test_everyones_entry_is_not_for_a_caller_with_one() -> None:
    assert Policy(OPEN).select_acting_role(caller("auditors", "science")).entry == SCIENCE
    assert [selection.entry for selection in Policy(OPEN).available_roles(caller("auditors", "science"))] == [SCIENCE]


def test_a_caller_cannot_name_himself_everyone() -> None:
    selection = Policy(OPEN).select_acting_role(caller("*", "science"))
    assert (selection.group, selection.entry) == ("science", SCIENCE)


def test_a_group_argument_follows_the_same_rule() -> None:
    asking = caller("risk", "science", asked="science")
    assert POLICY.select_role_for(asking, "risk") == RoleSelection("risk", RISK, "The query names this group.")
    assert POLICY.select_role_for(asking, None) == POLICY.select_acting_role(asking)


def test_roles_to_select_are_those_of_groups_with_an_entry() -> None:
    selections = POLICY.available_roles(caller("platform", "auditors", "risk", "science"))
    assert selections == (
        RoleSelection("risk", RISK, f"Served by {RISK.key}."),
        RoleSelection("science", SCIENCE, f"Served by {SCIENCE.key}."),
        RoleSelection("platform", PLATFORM, f"Served by {PLATFORM.key}."),
    )
    assert POLICY.available_roles(caller("auditors")) == ()
    assert POLICY.available_roles(caller()) == ()


def test_roles_of_a_caller_whom_only_everyones_entry_serves() -> None:
    selections = Policy(OPEN).available_roles(caller("auditors", "others"))
    assert [(selection.group, selection.entry) for selection in selections] == [
        ("auditors", EVERYONE),
        ("others", EVERYONE),
    ]
    assert [(role.group, role.entry) for role in Policy(OPEN).available_roles(caller())] == [(None, EVERYONE)]


def test_permissions_are_those_of_everyone_and_of_the_group() -> None:
    asking = caller("risk", "mlops")
    assert POLICY.permissions(asking, "risk") == {Permission.READ, Permission.IMPORT, Permission.DEPLOY}
    assert POLICY.permissions(asking, "mlops") == {Permission.READ, Permission.APPROVE, Permission.AUDIT}
    assert POLICY.permissions(asking, None) == {Permission.READ}


def test_what_is_not_written_is_not_allowed() -> None:
    assert Policy(ENTRIES).permissions(caller("risk"), "risk") == frozenset()


def test_require() -> None:
    POLICY.require(caller("risk"), "risk", Permission.DEPLOY)
    with pytest.raises(ForbiddenError, match="`risk` does not have the permission APPROVE"):
        POLICY.require(caller("risk", "mlops"), "risk", Permission.APPROVE)
    with pytest.raises(ForbiddenError, match="without a group does not have the permission DEPLOY"):
        POLICY.require(caller(), None, Permission.DEPLOY)
    with pytest.raises(ForbiddenError, match="not in the group `mlops`"):
        POLICY.require(caller("risk"), "mlops", Permission.READ)


def test_over() -> None:
    assert POLICY.overseen_groups(caller("mlops"), "mlops") == ("mlops", "risk", "fraud")
    assert POLICY.overseen_groups(caller("risk"), "risk") == ("risk",)
    assert POLICY.overseen_groups(caller(), None) == ()
    with pytest.raises(ForbiddenError):
        POLICY.overseen_groups(caller("risk"), "mlops")


@pytest.mark.parametrize(
    "question",
    [
        lambda: POLICY.select_acting_role(None),
        lambda: POLICY.select_role_for(None, "risk"),
        lambda: POLICY.available_roles(None),
        lambda: POLICY.permissions(None, None),
        lambda: POLICY.require(None, None, Permission.READ),
        lambda: POLICY.overseen_groups(None, None),
    ],
)
def test_nobody_may_do_anything(question: Callable[[], object]) -> None:
    with pytest.raises(UnauthenticatedError):
        question()


def test_region() -> None:
    selection = POLICY.select_acting_role(caller("risk"))
    assert select_region(selection, None) == "eu-west-1"
    assert select_region(selection, "eu-central-1") == "eu-central-1"
    with pytest.raises(UnknownRegionError, match="`us-east-2`; it is for: eu-west-1, eu-central-1"):
        select_region(selection, "us-east-2")


def test_region_without_a_role() -> None:
    selection = POLICY.select_acting_role(caller("auditors"))
    with pytest.raises(ForbiddenError, match="sagemaker-credentials"):
        select_region(selection, "eu-west-1")


def test_facts() -> None:
    role = "arn:aws:iam::222222222222:role/risk"
    assert entry_facts(RISK) == (role, "222222222222", AuthenticationType.ASSUME_ROLE)
    assert entry_facts(SCIENCE) == (None, None, AuthenticationType.BASIC)
    platform = "arn:aws:iam::111111111111:role/gateway"
    assert entry_facts(PLATFORM) == (platform, "111111111111", AuthenticationType.ASSUME_ROLE_WITH_WEB_IDENTITY)


@pytest.mark.parametrize(
    ("group", "entry"), [("risk", RISK), ("science", SCIENCE), ("platform", PLATFORM), ("stranger", None), ("*", None)]
)
def test_the_role_of_a_group_itself(group: str, entry: object) -> None:
    selection = POLICY.select_role(group)
    assert (selection.group, selection.entry) == (group, entry)


def test_a_group_without_an_entry_is_served_by_everyones() -> None:
    assert Policy(OPEN).select_role("stranger").entry == EVERYONE


READ = frozenset({Permission.READ})
SMALL, LARGE = "ml.t2.medium", "ml.p3.2xlarge"


@pytest.mark.parametrize(
    ("grants", "limits"),
    [
        ((), StartLimits()),
        ((Grant("risk", READ),), StartLimits()),
        ((Grant("risk", READ, (), frozenset({SMALL}), 3),), StartLimits(frozenset({SMALL}), 3)),
        ((Grant("*", READ, (), frozenset({SMALL}), 3),), StartLimits(frozenset({SMALL}), 3)),
        ((Grant("sales", READ, (), frozenset({SMALL}), 3),), StartLimits()),
        ((Grant("*", READ, (), None, 3), Grant("risk", READ, (), None, 5)), StartLimits(None, 3)),
        ((Grant("*", READ, (), None, 5), Grant("risk", READ, (), None, 3)), StartLimits(None, 3)),
        (
            (Grant("*", READ, (), frozenset({SMALL, LARGE})), Grant("risk", READ, (), frozenset({SMALL}))),
            StartLimits(frozenset({SMALL})),
        ),
        (
            (Grant("*", READ, (), frozenset({SMALL})), Grant("risk", READ, (), frozenset({LARGE}))),
            StartLimits(frozenset()),
        ),
    ],
)
def test_the_strictest_counts(grants: tuple[Grant, ...], limits: StartLimits) -> None:
    assert start_limits_of(Policy(CredentialEntries(), grants), "risk") == limits


def test_answers_are_kept_for_the_exact_groups_and_the_group_that_is_asked_for() -> None:
    """Two rounds: what the first keeps, the second gives, and to nobody with other groups."""
    policy = Policy(ENTRIES, GRANTS)
    for _ in range(2):
        assert policy.select_acting_role(caller("risk", "fraud")).entry is RISK
        assert policy.select_acting_role(caller("fraud", "risk")).entry is RISK
        assert policy.select_acting_role(caller("risk", "fraud", asked="fraud")).entry is FRAUD
        assert policy.select_acting_role(caller("fraud")).entry is FRAUD
        assert Permission.DEPLOY in policy.permissions(caller("risk"), "risk")
        assert Permission.DEPLOY not in policy.permissions(caller("risk"), None)
        for outsider in (caller("fraud"), caller("fraud", asked="fraud"), caller()):
            with pytest.raises(ForbiddenError):
                policy.permissions(outsider, "risk")
            assert granting_group(policy, outsider, "risk", Permission.DEPLOY) is None
        assert granting_group(policy, caller("risk"), "risk", Permission.DEPLOY) == GrantedVia("risk")
        assert granting_group(policy, caller("fraud", "risk"), "risk", Permission.DEPLOY) == GrantedVia("risk")
        assert granting_group(policy, caller("fraud", "risk", asked="fraud"), "risk", Permission.DEPLOY) is None
        with pytest.raises(UnauthenticatedError):
            policy.permissions(None, None)
    assert Policy(ENTRIES, GRANTS) == policy


def test_answers_that_are_kept_are_bounded() -> None:
    policy = Policy(ENTRIES, GRANTS)
    many = tuple(f"g{number}" for number in range(MAX_ANSWER_GROUPS + 1))
    assert policy.select_acting_role(caller(*many)).entry is None
    assert not policy._answers
    for number in range(MAX_ANSWERS + 5):
        policy.select_acting_role(caller(f"g{number}"))
    assert 0 < len(policy._answers) <= MAX_ANSWERS
