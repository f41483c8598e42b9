"""gateway.settings.credentials: models, values and their faults."""

from typing import Any

import pytest

from auth.credential_entries import (
    AmbientBase,
    AssumedRole,
    CredentialEntries,
    GroupBase,
    PathBase,
    StoredKeys,
    WebIdentityRole,
)
from gateway.settings.credential_checks import check_credentials
from gateway.settings.document import UNKNOWN, RawNode
from gateway.settings.settings import from_mapping
from tests.gateway.settings.conftest import FaultsOf

STORED = {"group": "a", "accessKeyId": "id-geheim", "secretAccessKey": "key-geheim", "region": "us-east-2"}
EKS = {
    "path": "p",
    "roleArn": "arn:aws:iam::111111111111:role/p",
    "webIdentityTokenFile": "/token",
    "region": "us-east-2",
}
ASSUMED = {"group": "r", "roleArn": "arn:aws:iam::222222222222:role/r", "region": "eu-west-1"}


def mapping(**lists: list[dict[str, Any]]) -> dict[str, Any]:
    return {"sagemaker-credentials": lists}


def without(entry: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != key}


def test_what_is_left_out_serves_nobody() -> None:
    assert from_mapping({}).entries() == CredentialEntries()


def test_entries_with_what_must_be_there() -> None:
    settings = from_mapping(
        mapping(storedCredentials=[STORED], eksServiceAccountCredentials=[EKS], assumeRoleByGroup=[ASSUMED])
    )
    assert settings.entries() == CredentialEntries(
        stored=(
            StoredKeys(
                key="storedCredentials[0]",
                region="us-east-2",
                regions=("us-east-2",),
                group="a",
                access_key_id="id-geheim",
                secret_access_key="key-geheim",
            ),
        ),
        web_identity=(
            WebIdentityRole(
                key="eksServiceAccountCredentials[0]",
                region="us-east-2",
                regions=("us-east-2",),
                path="p",
                role_arn="arn:aws:iam::111111111111:role/p",
                token_file="/token",
            ),
        ),
        assumed=(
            AssumedRole(
                key="assumeRoleByGroup[0]",
                region="eu-west-1",
                regions=("eu-west-1",),
                group="r",
                role_arn="arn:aws:iam::222222222222:role/r",
                external_id=None,
                base=AmbientBase(),
            ),
        ),
    )
    assert "geheim" not in repr(settings)


def test_entries_with_all_that_may_be_there() -> None:
    more = {"regions": ["us-west-2", "us-east-2", "us-west-2"], "search": "off", "perCaller": "on"}
    assumed = {**ASSUMED, **more, "region": "us-east-2", "externalId": "id-geheim", "base": "ambient"}
    settings = from_mapping(
        mapping(
            storedCredentials=[{**STORED, **more, "authenticationType": "BASIC"}],
            eksServiceAccountCredentials=[
                {**EKS, **more, "authenticationType": "ASSUME_ROLE_WITH_WEB_IDENTITY", "groups": ["x", "y"]}
            ],
            assumeRoleByGroup=[assumed],
        )
    )
    entries = settings.entries()
    for entry in (*entries.stored, *entries.web_identity, *entries.assumed):
        assert (entry.regions, entry.search, entry.per_caller) == (("us-west-2", "us-east-2"), False, True)
    assert entries.web_identity[0].groups == ("x", "y")
    assert entries.assumed[0].external_id == "id-geheim"
    assert "geheim" not in repr(settings)


def test_the_region_leads_where_the_list_leaves_it_out() -> None:
    settings = from_mapping(mapping(assumeRoleByGroup=[{**ASSUMED, "regions": ["us-east-1", "us-east-2"]}]))
    assert settings.entries().assumed[0].regions == ("eu-west-1", "us-east-1", "us-east-2")


def test_bases_and_the_order_of_the_file() -> None:
    settings = from_mapping(
        mapping(
            storedCredentials=[STORED],
            eksServiceAccountCredentials=[EKS],
            assumeRoleByGroup=[
                {**ASSUMED, "group": "z", "base": {"path": "p"}},
                {**ASSUMED, "group": "y", "base": {"group": "a"}},
                {**ASSUMED, "group": "x"},
            ],
        )
    )
    assert [(entry.key, entry.group, entry.base) for entry in settings.entries().assumed] == [
        ("assumeRoleByGroup[0]", "z", PathBase("p")),
        ("assumeRoleByGroup[1]", "y", GroupBase("a")),
        ("assumeRoleByGroup[2]", "x", AmbientBase()),
    ]


@pytest.mark.parametrize("key", ["group", "accessKeyId", "secretAccessKey", "region"])
def test_what_stored_keys_need(faults_of: FaultsOf, key: str) -> None:
    result = faults_of(mapping(storedCredentials=[without(STORED, key)]))
    assert list(result) == [f"sagemaker-credentials.storedCredentials[0].{key}"]


@pytest.mark.parametrize("key", ["path", "roleArn", "webIdentityTokenFile", "region"])
def test_what_a_web_identity_needs(faults_of: FaultsOf, key: str) -> None:
    result = faults_of(mapping(eksServiceAccountCredentials=[without(EKS, key)]))
    assert list(result) == [f"sagemaker-credentials.eksServiceAccountCredentials[0].{key}"]


@pytest.mark.parametrize("key", ["group", "roleArn", "region"])
def test_what_an_assumed_role_needs(faults_of: FaultsOf, key: str) -> None:
    result = faults_of(mapping(assumeRoleByGroup=[without(ASSUMED, key)]))
    assert list(result) == [f"sagemaker-credentials.assumeRoleByGroup[0].{key}"]


@pytest.mark.parametrize(
    ("listed", "entry", "change", "key"),
    [
        ("storedCredentials", STORED, {"authenticationType": "ASSUME_ROLE"}, "authenticationType"),
        ("storedCredentials", STORED, {"group": None}, "group"),
        ("storedCredentials", STORED, {"accessKeyId": ""}, "accessKeyId"),
        ("storedCredentials", STORED, {"secretAccessKey": "geheim\n"}, "secretAccessKey"),
        ("storedCredentials", STORED, {"regions": ["us-east"]}, "regions[0]"),
        ("storedCredentials", STORED, {"perCaller": "maybe"}, "perCaller"),
        ("eksServiceAccountCredentials", EKS, {"authenticationType": "BASIC"}, "authenticationType"),
        ("eksServiceAccountCredentials", EKS, {"webIdentityTokenFile": "token"}, "webIdentityTokenFile"),
        ("eksServiceAccountCredentials", EKS, {"groups": "team"}, "groups"),
        ("assumeRoleByGroup", ASSUMED, {"roleArn": "arn:aws:iam::2:role/r"}, "roleArn"),
        ("assumeRoleByGroup", ASSUMED, {"group": ""}, "group"),
        ("assumeRoleByGroup", ASSUMED, {"externalId": None}, "externalId"),
        ("assumeRoleByGroup", ASSUMED, {"externalId": "a b"}, "externalId"),
        ("assumeRoleByGroup", ASSUMED, {"base": "p"}, "base"),
        ("assumeRoleByGroup", ASSUMED, {"base": None}, "base"),
        ("assumeRoleByGroup", ASSUMED, {"base": {"path": "nobody"}}, "base.path"),
        ("assumeRoleByGroup", ASSUMED, {"base": {"path": None}}, "base.path"),
    ],
)
def test_what_is_wrong_is_named(
    faults_of: FaultsOf, listed: str, entry: dict[str, Any], change: dict[str, Any], key: str
) -> None:
    result = faults_of(mapping(**{listed: [{**entry, **change}]}))
    assert list(result) == [f"sagemaker-credentials.{listed}[0].{key}"]
    assert "geheim" not in "".join(result.values())


STORED_ENTRY, EKS_ENTRY, ASSUMED_ENTRY = "storedCredentials", "eksServiceAccountCredentials", "assumeRoleByGroup"


def faults(**lists: list[dict[str, Any]]) -> dict[str, str]:
    """The faults between entries, by the part of their key behind the block's."""
    settings_faults = list(check_credentials(RawNode({"sagemaker-credentials": lists})))
    return {fault.key.removeprefix("sagemaker-credentials."): fault.message for fault in settings_faults}


def same(noun: str, first: str) -> str:
    place = f"sagemaker-credentials.{first}"
    return f"is the same {noun} as {place}; a {noun} stands in one entry only, so take one of the two out"


def test_entries_that_agree() -> None:
    assert faults(
        storedCredentials=[{"group": "a"}, {"group": "b"}],
        eksServiceAccountCredentials=[{"path": "p", "groups": ["c"]}, {"path": "q", "groups": ["*"]}, {"path": "r"}],
        assumeRoleByGroup=[
            {"group": "e", "base": {"path": "r"}},
            {"group": "f", "base": {"group": "b"}},
            {"group": "g", "base": "ambient"},
            {"group": "h"},
        ],
    ) == {}  # fmt: skip


@pytest.mark.parametrize(
    ("lists", "second", "first"),
    [
        ({STORED_ENTRY: [{"group": "a"}, {"group": "a"}]}, f"{STORED_ENTRY}[1].group", f"{STORED_ENTRY}[0].group"),
        ({EKS_ENTRY: [{"groups": ["a", "b", "a"]}]}, f"{EKS_ENTRY}[0].groups[2]", f"{EKS_ENTRY}[0].groups[0]"),
        ({EKS_ENTRY: [{"groups": ["a"]}, {"groups": ["a"]}]}, f"{EKS_ENTRY}[1].groups[0]", f"{EKS_ENTRY}[0].groups[0]"),
        ({ASSUMED_ENTRY: [{"group": "a"}, {"group": "a"}]}, f"{ASSUMED_ENTRY}[1].group", f"{ASSUMED_ENTRY}[0].group"),
        (
            {STORED_ENTRY: [{"group": "a"}], EKS_ENTRY: [{"groups": ["a"]}]},
            f"{EKS_ENTRY}[0].groups[0]",
            f"{STORED_ENTRY}[0].group",
        ),
        (
            {STORED_ENTRY: [{"group": "a"}], ASSUMED_ENTRY: [{"group": "a"}]},
            f"{ASSUMED_ENTRY}[0].group",
            f"{STORED_ENTRY}[0].group",
        ),
        (
            {EKS_ENTRY: [{"groups": ["a"]}], ASSUMED_ENTRY: [{"group": "a"}]},
            f"{ASSUMED_ENTRY}[0].group",
            f"{EKS_ENTRY}[0].groups[0]",
        ),
    ],
)
def test_a_group_that_stands_twice(lists: dict[str, Any], second: str, first: str) -> None:
    assert faults(**lists) == {second: same("group", first)}


def test_a_path_that_stands_twice() -> None:
    entries = [{"path": "p"}, {"path": "q"}, {"path": "p"}]
    assert faults(eksServiceAccountCredentials=entries) == {
        f"{EKS_ENTRY}[2].path": same("path", f"{EKS_ENTRY}[0].path")
    }


def test_an_access_key_id_where_the_secret_belongs() -> None:
    """The secret stands where ids are printed, then."""
    swapped = {"group": "a", "accessKeyId": "wJalr/bPxRfi+CYEXAMPLEKEY", "secretAccessKey": "AKIAIOSFODNN7EXAMPLE"}
    message = "is the id of an access key; give it the secret that belongs to the id, and accessKeyId the id"
    assert faults(storedCredentials=[swapped]) == {"storedCredentials[0].secretAccessKey": message}
    right = {**swapped, "accessKeyId": swapped["secretAccessKey"], "secretAccessKey": swapped["accessKeyId"]}
    assert faults(storedCredentials=[right]) == {}


def test_everyone_beside_others() -> None:
    message = 'has "*" beside other groups; write ["*"] alone, or name the groups'
    assert faults(eksServiceAccountCredentials=[{"groups": ["a", "*"]}]) == {f"{EKS_ENTRY}[0].groups": message}


def test_everyone_in_two_entries() -> None:
    message = f'has "*", and so has sagemaker-credentials.{EKS_ENTRY}[0].groups; only one entry serves everyone'
    assert faults(eksServiceAccountCredentials=[{"groups": ["*"]}, {"groups": ["*"]}]) == {
        f"{EKS_ENTRY}[1].groups": message
    }


@pytest.mark.parametrize("base", [{}, {"path": "p", "group": "a"}])
def test_a_base_that_names_none_or_two(base: dict[str, str]) -> None:
    result = faults(
        storedCredentials=[{"group": "a"}],
        eksServiceAccountCredentials=[{"path": "p"}],
        assumeRoleByGroup=[{"group": "b", "base": base}],
    )
    assert result == {f"{ASSUMED_ENTRY}[0].base": "must name exactly one base; write {path: …} or {group: …}"}


def test_a_base_path_that_no_entry_has() -> None:
    message = "no eksServiceAccountCredentials entry has this path; give it the path of one"
    result = faults(storedCredentials=[{"group": "p"}], assumeRoleByGroup=[{"group": "b", "base": {"path": "p"}}])
    assert result == {f"{ASSUMED_ENTRY}[0].base.path": message}


def test_a_base_group_without_stored_keys() -> None:
    message = "no storedCredentials entry has this group; give it the group of one"
    result = faults(
        eksServiceAccountCredentials=[{"path": "a", "groups": ["a"]}],
        assumeRoleByGroup=[{"group": "b", "base": {"group": "a"}}, {"group": "c", "base": {"group": "c"}}],
    )
    assert result == {f"{ASSUMED_ENTRY}[0].base.group": message, f"{ASSUMED_ENTRY}[1].base.group": message}


def test_nothing_is_said_where_a_variable_is_not_set() -> None:
    assert faults(
        eksServiceAccountCredentials=[{"path": UNKNOWN, "groups": UNKNOWN}],
        storedCredentials=[{"group": UNKNOWN}, {"group": UNKNOWN}],
        assumeRoleByGroup=[
            {"group": "a", "base": {"path": "p"}},
            {"group": "b", "base": {"group": UNKNOWN}},
            {"group": "c", "base": UNKNOWN},
        ],
    ) == {}  # fmt: skip


@pytest.mark.parametrize("wrong", [None, "text", 5, ["text"], [None], [[]], [{"group": 5, "groups": 5, "base": 5}]])
def test_wrong_shapes_are_left_to_the_blocks(wrong: Any) -> None:
    assert faults(storedCredentials=wrong, eksServiceAccountCredentials=wrong, assumeRoleByGroup=wrong) == {}
