"""auth.headers: headers that are repeated, misspelt or hold what nobody sees are refused."""

import pytest

from auth.caller import MAX_GROUPS, MAX_NAME_CHARACTERS, Caller
from auth.errors import InvalidIdentityError, MalformedIdentityError
from auth.headers import (
    HeaderIdentityConfig,
    collect_identity_headers,
)
from tests.auth.identity_headers import ALICE, NETWORKS, SECRET, SECRET_RULES, STRANGER, asked


@pytest.mark.parametrize("name", ["x-forwarded-user", "x-forwarded-groups", "x-acting-group", "x-gateway-secret"])
@pytest.mark.parametrize("second", [b"alice", b"", b"eve"])
def test_a_repeated_identity_header_is_malformed(name: str, second: bytes) -> None:
    with pytest.raises(MalformedIdentityError, match=name):
        asked((name.encode(), b"alice"), (name.upper().encode(), second), rules=SECRET_RULES)


@pytest.mark.parametrize("name", [b"x_forwarded_user", b"X-Forwarded_User", b"x_acting-group", b"x-gateway_secret"])
def test_an_underscore_variant_is_malformed_even_alone(name: bytes) -> None:
    with pytest.raises(MalformedIdentityError, match="spelled almost like"):
        asked((name, b"alice"), peer=STRANGER, rules=SECRET_RULES)


def test_a_name_with_an_underscore_in_the_settings_refuses_the_hyphen() -> None:
    with pytest.raises(MalformedIdentityError, match="spelled almost like"):
        asked((b"remote-user", b"bo"), rules=HeaderIdentityConfig(user="Remote_User", trusted_peers=NETWORKS))


@pytest.mark.parametrize("name", [b"x-forwarded-user", b"x-forwarded-groups", b"x-acting-group"])
@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "a\tb",
        "a\x7fb",
        "a\x85b",
        "a\u200bb",
        "a\u202eb",
        "\ufeffalice",
        "a\u00a0b",
        "a\u2028b",
        "a\ue000b",
        "\u3000",
    ],
)
def test_a_character_that_cannot_be_seen_is_malformed(name: bytes, text: str) -> None:
    with pytest.raises(MalformedIdentityError, match="invisible character"):
        asked(ALICE, (name, text.encode())) if name != ALICE[0] else asked((name, text.encode()))


@pytest.mark.parametrize("name", [b"x-forwarded-user", b"x-forwarded-groups", b"x-acting-group"])
def test_invalid_utf8_is_malformed(name: bytes) -> None:
    with pytest.raises(MalformedIdentityError, match="UTF-8"):
        asked((name, b"j\xf6rg"))


def test_names_in_any_script_are_kept_exactly() -> None:
    caller = asked((b"x-forwarded-user", "Jörg 李".encode()), (b"x-forwarded-groups", "Économie,économie".encode()))
    assert caller == Caller("Jörg 李", ("Économie", "économie"))


@pytest.mark.parametrize("name", [b"x-forwarded-groups", b"x-acting-group"])
def test_a_group_named_as_everyone_is_malformed(name: bytes) -> None:
    with pytest.raises(MalformedIdentityError, match="everyone"):
        asked(ALICE, (name, b" * "))


def test_many_groups_up_to_a_limit() -> None:
    groups = [f"g{number}" for number in range(MAX_GROUPS)]
    caller = asked(ALICE, (b"x-forwarded-groups", ",".join(groups).encode()))
    assert caller == Caller("alice", tuple(groups))
    with pytest.raises(MalformedIdentityError, match="1000"):
        asked(ALICE, (b"x-forwarded-groups", ",".join([*groups, "one-more"]).encode()))


@pytest.mark.parametrize("name", [b"x-forwarded-user", b"x-forwarded-groups", b"x-acting-group"])
def test_a_name_that_is_too_long_is_malformed(name: bytes) -> None:
    asked((name, b"a" * MAX_NAME_CHARACTERS))
    with pytest.raises(MalformedIdentityError, match="512"):
        asked((name, b"a" * (MAX_NAME_CHARACTERS + 1)))


@pytest.mark.parametrize(
    "value", [b"close, X-Forwarded-User", b"x-forwarded-groups", b"keep-alive,x_acting_group", b"X-Gateway-Secret"]
)
def test_a_connection_header_that_names_an_identity_header_is_malformed(value: bytes) -> None:
    with pytest.raises(MalformedIdentityError, match="Connection"):
        asked(ALICE, (b"connection", b"keep-alive"), (b"connection", value), SECRET, rules=SECRET_RULES)


def test_other_connection_headers_pass() -> None:
    assert asked(ALICE, (b"connection", b"keep-alive, Upgrade")) == Caller("alice", ())


def test_the_gateways_own_name_is_nobodys() -> None:
    with pytest.raises(InvalidIdentityError, match="reserved for the gateway"):
        asked((b"x-forwarded-user", b"sagegraph"))


@pytest.mark.parametrize("second", [b"authorization", b"AUTHORIZATION"])
def test_each_is_the_only_one_of_its_kind(second: bytes) -> None:
    with pytest.raises(MalformedIdentityError, match="more than once"):
        collect_identity_headers([(b"authorization", b"t"), (second, b"t")], ("Authorization",))
