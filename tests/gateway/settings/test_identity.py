"""gateway.settings.identity: models, values and their faults."""

from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest

from auth.headers import HeaderIdentityConfig
from auth.tokens.verification import TokenIdentityConfig
from gateway.settings.document import UNKNOWN, RawNode
from gateway.settings.identity import check_identity
from gateway.settings.settings import from_mapping
from tests.gateway.settings.conftest import FaultsOf

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
        ({"jwt": {**JWT, "jwksUrl": "http://idp.example/keys"}}, ["jwt.jwksUrl"]),
        ({"mode": "alb", "alb": {}}, ["alb.region", "alb.signer"]),
        ({"alb": {"region": "us-east-2", "signer": "gateway"}}, ["alb.signer"]),
    ],
)
def test_what_is_wrong_is_named(faults_of: FaultsOf, written: dict[str, Any], keys: list[str]) -> None:
    assert list(faults_of({"identity": written})) == [f"identity.{key}" for key in keys]


def faults(**identity: Any) -> dict[str, str]:
    return {fault.key: fault.message for fault in check_identity(RawNode({"identity": identity}))}


def test_what_is_left_out_is_right() -> None:
    assert faults() == {}


@pytest.mark.parametrize("mode", ["jwt", "alb"])
def test_a_mode_without_its_block(mode: str) -> None:
    assert faults(mode=mode) == {f"identity.{mode}": f"is missing, and identity.mode is {mode}; add the block"}
    assert faults(mode=mode, **{mode: {}}) == {}


@pytest.mark.parametrize("mode", ["headers", "saml", UNKNOWN, None])
def test_other_modes_need_no_block(mode: Any) -> None:
    assert faults(mode=mode) == {}


@pytest.mark.parametrize(
    ("identity", "second", "first"),
    [
        ({"user": "X-A", "groups": "x-a"}, "groups", "user"),
        ({"user": "x-forwarded-groups"}, "groups", "user"),
        ({"actingGroup": "X-Forwarded-User"}, "actingGroup", "user"),
        ({"sharedSecret": {"header": "X-Acting-Group"}}, "sharedSecret.header", "actingGroup"),
        ({"groups": "X-Gateway-Secret", "sharedSecret": {}}, "sharedSecret.header", "groups"),
        ({"mode": "jwt", "jwt": {"header": "X-Forwarded-User"}}, "jwt.header", "user"),
    ],
)
def test_a_header_that_means_two_things(identity: dict[str, Any], second: str, first: str) -> None:
    message = f"is the same header as identity.{first}; give each its own"
    assert faults(**identity) == {f"identity.{second}": message}


def test_headers_that_are_not_read_may_repeat() -> None:
    assert faults(user="X-Gateway-Secret", groups="X-Token", jwt={"header": "X-Token"}) == {}


RESERVED = "is a header with a meaning of its own in HTTP; choose another one"


@pytest.mark.parametrize(
    "name", ["Authorization", "cookie", "CONNECTION", "Host", "Content-Length", "Transfer-Encoding"]
)
def test_headers_that_mean_something_already(name: str) -> None:
    for key in ("user", "groups", "actingGroup"):
        assert faults(**{key: name}) == {f"identity.{key}": RESERVED}
    assert faults(sharedSecret={"header": name}) == {"identity.sharedSecret.header": RESERVED}
    token = {} if name == "Authorization" else {"identity.jwt.header": RESERVED}
    assert faults(mode="jwt", jwt={"header": name}) == token


def test_the_token_s_header_is_the_token_s() -> None:
    same = "is the same header as identity.user; give each its own"
    taken = faults(mode="jwt", user="authorization", jwt={})
    assert taken == {"identity.user": RESERVED, "identity.jwt.header": same}


def test_headers_whose_variable_is_not_set() -> None:
    assert faults(user=UNKNOWN, groups=UNKNOWN, sharedSecret=UNKNOWN) == {}


@pytest.mark.parametrize(
    "peers",
    [
        ["0.0.0.0/0"],
        ["::/0"],
        ["10.0.0.0/8", "0.0.0.0/0"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["::/1", "8000::/1"],
        ["::ffff:0:0/96"],
        ["::/64"],
        ["::ffff:0:0/97", "128.0.0.0/1"],
        ["nonsense", UNKNOWN, None, "::/0"],
    ],
)
def test_peers_that_are_everyone(peers: list[Any]) -> None:
    message = "lets everyone choose a name and groups; name the proxies' networks, or set identity.sharedSecret"
    assert faults(trustedPeers=peers) == {"identity.trustedPeers": message}
    assert faults(trustedPeers=peers, sharedSecret={"value": "0f3cf88a74fd229b"}) == {}
    assert faults(trustedPeers=peers, sharedSecret={"value": UNKNOWN}) == {}


@pytest.mark.parametrize("secret", ["x", "0f3cf88a74fd229", "abababababababababab"])
def test_a_secret_that_can_be_guessed_is_refused_where_everyone_may_try(secret: str) -> None:
    assert list(faults(trustedPeers=["0.0.0.0/0"], sharedSecret={"value": secret})) == ["identity.sharedSecret.value"]
    assert faults(trustedPeers=["10.0.0.0/8"], sharedSecret={"value": secret}) == {}


@pytest.mark.parametrize("mode", ["jwt", "alb"])
def test_everyone_may_bring_what_is_signed(mode: str) -> None:
    assert faults(mode=mode, trustedPeers=["0.0.0.0/0"], **{mode: {}}) == {}


def test_a_header_that_is_the_load_balancers() -> None:
    message = "is the header of the load balancer's token; choose another one"
    assert faults(mode="alb", alb={}, actingGroup="X-Amzn-Oidc-Data") == {"identity.actingGroup": message}
    assert faults(actingGroup="X-Amzn-Oidc-Data") == {}


def test_a_load_balancer_in_another_region() -> None:
    signer = "arn:aws:elasticloadbalancing:us-east-2:111111111111:loadbalancer/app/gateway/50dc6c49"
    message = "is not the region in identity.alb.signer; give the load balancer's own"
    assert faults(alb={"region": "eu-west-1", "signer": signer}) == {"identity.alb.region": message}
    assert faults(alb={"region": "us-east-2", "signer": signer}) == {}
    assert faults(alb={"region": UNKNOWN, "signer": signer}) == {}
    assert faults(alb={"region": "eu-west-1", "signer": "nonsense"}) == {}


@pytest.mark.parametrize(
    "peers", [[], ["10.0.0.0/8", "fd00::/8"], ["0.0.0.0/1"], ["::ffff:10.0.0.0/104"], ["x"], None, UNKNOWN]
)
def test_peers_that_are_not_everyone(peers: Any) -> None:
    assert faults(trustedPeers=peers) == {}


@pytest.mark.parametrize("wrong", [None, "text", 5, []])
def test_wrong_shapes_are_left_to_the_blocks(wrong: Any) -> None:
    assert list(check_identity(RawNode({"identity": wrong}))) == []
