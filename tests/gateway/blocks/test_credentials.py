"""gateway.blocks.credentials: which group is served with which keys or role."""

from typing import Any

import pytest

from auth.entries import AmbientBase, AssumedRole, CredentialEntries, GroupBase, PathBase, StoredKeys, WebIdentityRole
from gateway.settings import from_mapping
from tests.gateway.blocks.conftest import FaultsOf

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
    found = faults_of(mapping(storedCredentials=[without(STORED, key)]))
    assert list(found) == [f"sagemaker-credentials.storedCredentials[0].{key}"]


@pytest.mark.parametrize("key", ["path", "roleArn", "webIdentityTokenFile", "region"])
def test_what_a_web_identity_needs(faults_of: FaultsOf, key: str) -> None:
    found = faults_of(mapping(eksServiceAccountCredentials=[without(EKS, key)]))
    assert list(found) == [f"sagemaker-credentials.eksServiceAccountCredentials[0].{key}"]


@pytest.mark.parametrize("key", ["group", "roleArn", "region"])
def test_what_an_assumed_role_needs(faults_of: FaultsOf, key: str) -> None:
    found = faults_of(mapping(assumeRoleByGroup=[without(ASSUMED, key)]))
    assert list(found) == [f"sagemaker-credentials.assumeRoleByGroup[0].{key}"]


@pytest.mark.parametrize(
    ("listed", "entry", "change", "key"),
    [
        ("storedCredentials", STORED, {"authenticationType": "ASSUME_ROLE"}, "authenticationType"),
        ("storedCredentials", STORED, {"group": "*"}, "group"),
        ("storedCredentials", STORED, {"accessKeyId": ""}, "accessKeyId"),
        ("storedCredentials", STORED, {"secretAccessKey": "geheim\n"}, "secretAccessKey"),
        ("storedCredentials", STORED, {"regions": ["us-east"]}, "regions[0]"),
        ("storedCredentials", STORED, {"perCaller": "maybe"}, "perCaller"),
        ("eksServiceAccountCredentials", EKS, {"authenticationType": "BASIC"}, "authenticationType"),
        ("eksServiceAccountCredentials", EKS, {"webIdentityTokenFile": "token"}, "webIdentityTokenFile"),
        ("eksServiceAccountCredentials", EKS, {"groups": "team"}, "groups"),
        ("assumeRoleByGroup", ASSUMED, {"roleArn": "arn:aws:iam::2:role/r"}, "roleArn"),
        ("assumeRoleByGroup", ASSUMED, {"group": "*"}, "group"),
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
    found = faults_of(mapping(**{listed: [{**entry, **change}]}))
    assert list(found) == [f"sagemaker-credentials.{listed}[0].{key}"]
    assert "geheim" not in "".join(found.values())
