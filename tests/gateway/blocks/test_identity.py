"""gateway.blocks.identity: how a request says who it comes from."""

from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest

from auth.headers import HeaderIdentityConfig
from auth.tokens.rules import TokenIdentityConfig
from gateway.settings import from_mapping
from tests.gateway.blocks.conftest import FaultsOf

SIGNER = "arn:aws:elasticloadbalancing:us-east-2:111111111111:loadbalancer/app/gateway/50dc6c49"
JWT = {"jwksUrl": "https://login.example.com/keys", "issuer": "https://login.example.com/", "audience": "sagegraph"}


def test_what_is_left_out_has_its_default() -> None:
    identity = from_mapping({}).identity
    assert (identity.mode, identity.shared_secret, identity.jwt, identity.alb) == ("headers", None, None, None)
    assert identity.header_rules() == HeaderIdentityConfig(
        user="X-Forwarded-User",
        groups="X-Forwarded-Groups",
        groups_separator=",",
        acting_group="X-Acting-Group",
        trusted_peers=(IPv4Network("127.0.0.1/32"),),
        secret_header=None,
        secret_value=None,
    )


def test_header_rules_are_what_is_written() -> None:
    identity = from_mapping(
        {
            "identity": {
                "user": "X-User",
                "groups": "X-Groups",
                "groupsSeparator": "|",
                "actingGroup": "X-As",
                "trustedPeers": ["10.0.0.0/8", "::1"],
                "sharedSecret": {"value": "geheim"},
            }
        }
    ).identity
    assert "geheim" not in repr(identity)
    assert identity.header_rules() == HeaderIdentityConfig(
        user="X-User",
        groups="X-Groups",
        groups_separator="|",
        acting_group="X-As",
        trusted_peers=(IPv4Network("10.0.0.0/8"), IPv6Network("::1/128")),
        secret_header="X-Gateway-Secret",
        secret_value="geheim",
    )


def test_tokens() -> None:
    identity = from_mapping({"identity": {"mode": "jwt", "jwt": JWT}}).identity
    assert identity.mode == "jwt"
    assert identity.jwt is not None
    assert identity.jwt.model_dump() == {
        "header": "Authorization",
        "jwks_url": "https://login.example.com/keys",
        "issuer": "https://login.example.com/",
        "audience": "sagegraph",
        "user_claim": "sub",
        "groups_claim": "groups",
    }


def test_load_balancers() -> None:
    identity = from_mapping({"identity": {"mode": "alb", "alb": {"region": "us-east-2", "signer": SIGNER}}}).identity
    assert identity.alb is not None
    assert identity.alb.model_dump() == {
        "region": "us-east-2",
        "signer": SIGNER,
        "keys_url": None,
        "issuer": None,
        "user_claim": "sub",
        "groups_claim": "groups",
    }


def test_a_tokens_rules_are_what_is_written() -> None:
    block = {**JWT, "header": "X-Token", "userClaim": "email", "groupsClaim": "realm_access.roles"}
    secret = {"value": "geheim"}
    written = {"mode": "jwt", "jwt": block, "actingGroup": "X-As", "groupsSeparator": "|", "sharedSecret": secret}
    assert from_mapping({"identity": written}).identity.token_rules() == TokenIdentityConfig(
        header="X-Token",
        acting_group="X-As",
        trusted_peers=None,
        secret_header="X-Gateway-Secret",
        secret_value="geheim",
        issuer="https://login.example.com/",
        audience="sagegraph",
        signer=None,
        user_claim="email",
        groups_claim="realm_access.roles",
        groups_separator="|",
    )


def test_anyone_may_bring_a_token_unless_peers_are_written() -> None:
    written = {"mode": "jwt", "jwt": JWT, "trustedPeers": ["127.0.0.1/32"]}
    rules = from_mapping({"identity": written}).identity.token_rules()
    assert rules.trusted_peers == (IPv4Network("127.0.0.1/32"),)


def test_a_load_balancers_rules() -> None:
    identity = from_mapping({"identity": {"mode": "alb", "alb": {"region": "us-east-2", "signer": SIGNER}}}).identity
    assert identity.token_rules() == TokenIdentityConfig(
        header="x-amzn-oidc-data", trusted_peers=(IPv4Network("127.0.0.1/32"),), signer=SIGNER
    )
    assert identity.alb is not None
    assert identity.alb.keys_address() == "https://public-keys.auth.elb.us-east-2.amazonaws.com"
    there = identity.alb.model_copy(update={"keys_url": "https://keys.example.com"})
    assert there.keys_address() == "https://keys.example.com"


def test_headers_have_no_rules_for_tokens() -> None:
    with pytest.raises(ValueError, match="mode `headers` has no rules for tokens"):
        from_mapping({}).identity.token_rules()


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ({"mode": "saml"}, ["mode"]),
        ({"user": "X_User"}, ["user"]),
        ({"actingGroup": None}, ["actingGroup"]),
        ({"groupsSeparator": ""}, ["groupsSeparator"]),
        ({"trustedPeers": "10.0.0.0/8"}, ["trustedPeers"]),
        ({"trustedPeers": ["10.0.0.1/8", "10.0.0.0/8", "x"]}, ["trustedPeers[0]", "trustedPeers[2]"]),
        ({"sharedSecret": {}}, ["sharedSecret.value"]),
        ({"sharedSecret": {"value": ""}}, ["sharedSecret.value"]),
        ({"sharedSecret": None}, ["sharedSecret"]),
        ({"mode": "jwt", "jwt": None}, ["jwt"]),
        ({"mode": "jwt", "jwt": {}}, ["jwt.jwksUrl", "jwt.issuer", "jwt.audience"]),
        ({"jwt": {**JWT, "jwksUrl": "file:///keys"}}, ["jwt.jwksUrl"]),
        ({"mode": "alb", "alb": {}}, ["alb.region", "alb.signer"]),
        ({"alb": {"region": "us-east-2", "signer": "gateway"}}, ["alb.signer"]),
    ],
)
def test_what_is_wrong_is_named(faults_of: FaultsOf, written: dict[str, Any], keys: list[str]) -> None:
    assert list(faults_of({"identity": written})) == [f"identity.{key}" for key in keys]
