"""Who is asking, read from headers."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.caller import MAX_GROUPS, MAX_NAME_CHARACTERS, Caller
from auth.errors import InvalidIdentityError, MalformedIdentityError
from auth.headers import (
    MAX_KEPT_CALLERS,
    HeaderIdentity,
    HeaderIdentityConfig,
    IdentityConfig,
    RawHeaders,
    collect_identity_headers,
    header_name,
    header_text,
    identify,
    require_trusted_peer,
)

PROXY = "127.0.0.1"
STRANGER = "203.0.113.9"
NETWORKS = (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
RULES = HeaderIdentityConfig(trusted_peers=NETWORKS)
SECRET_RULES = HeaderIdentityConfig(trusted_peers=NETWORKS, secret_header="X-Gateway-Secret", secret_value="hush-é")
SECRET = (b"x-gateway-secret", "hush-é".encode())
ALICE = (b"x-forwarded-user", b"alice")


def asked(
    *headers: tuple[bytes, bytes], peer: str | None = PROXY, rules: HeaderIdentityConfig = RULES
) -> Caller | None:
    return identify(headers, peer, rules)


def test_caller_with_groups_and_an_acting_group() -> None:
    caller = asked(ALICE, (b"x-forwarded-groups", b"risk,mlops"), (b"x-acting-group", b"mlops"), (b"accept", b"*/*"))
    assert caller == Caller("alice", ("risk", "mlops"), "mlops")


def test_groups_are_trimmed_kept_in_order_and_each_once() -> None:
    caller = asked(ALICE, (b"x-forwarded-groups", b" risk ,, mlops,\tRisk,risk , data science,"))
    assert caller == Caller("alice", ("risk", "mlops", "Risk", "data science"))


@pytest.mark.parametrize("text", [b"[risk, mlops]", b'["risk","mlops"]', b"['risk', mlops]"])
def test_a_list_that_a_proxy_passes_on_as_text(text: bytes) -> None:
    assert asked(ALICE, (b"x-forwarded-groups", text)) == Caller("alice", ("risk", "mlops"))


@pytest.mark.parametrize("text", [b"[risk", b'[["risk"]]'])
def test_half_a_list(text: bytes) -> None:
    with pytest.raises(MalformedIdentityError):
        asked(ALICE, (b"x-forwarded-groups", text))


def test_separator_and_header_names_are_the_settings_own() -> None:
    rules = HeaderIdentityConfig(user="Remote_User", groups="X-G", groups_separator="::", trusted_peers=NETWORKS)
    assert asked((b"remote_user", b"bo"), (b"x-g", b"a,b::c"), rules=rules) == Caller("bo", ("a,b", "c"))


def test_header_names_are_read_in_any_case() -> None:
    assert asked((b"X-Forwarded-USER", b"alice")) == Caller("alice", ())


@pytest.mark.parametrize("peer", [PROXY, STRANGER, None, "testclient"])
def test_no_identity_headers_is_anonymous_whoever_the_peer(peer: str | None) -> None:
    assert asked((b"host", b"gateway"), peer=peer) is None
    assert asked((b"host", b"gateway"), peer=peer, rules=SECRET_RULES) is None


@pytest.mark.parametrize("user", [(), ((b"x-forwarded-user", b""),), ((b"x-forwarded-user", b"  "),)])
def test_groups_without_a_user_are_anonymous(user: tuple[tuple[bytes, bytes], ...]) -> None:
    assert asked(*user, (b"x-forwarded-groups", b"risk"), (b"x-acting-group", b"risk")) is None


@pytest.mark.parametrize("peer", [PROXY, "10.200.0.1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3"])
def test_trusted_peers(peer: str) -> None:
    assert asked(ALICE, peer=peer) == Caller("alice", ())


@pytest.mark.parametrize("peer", [STRANGER, "127.0.0.2", "::1", "::ffff:203.0.113.9", "fe80::1%eth0", None, "", "unix"])
@pytest.mark.parametrize("name", [b"x-forwarded-user", b"x-forwarded-groups", b"x-acting-group"])
def test_identity_headers_from_an_untrusted_peer_are_refused(peer: str | None, name: bytes) -> None:
    with pytest.raises(InvalidIdentityError, match="trustedPeers"):
        asked((name, b"alice"), peer=peer)


def test_without_trusted_peers_nobody_is_trusted() -> None:
    with pytest.raises(InvalidIdentityError):
        asked(ALICE, rules=HeaderIdentityConfig())


def test_the_right_secret_is_let_in() -> None:
    assert asked(ALICE, SECRET, rules=SECRET_RULES) == Caller("alice", ())
    assert asked(SECRET, rules=SECRET_RULES) is None


@pytest.mark.parametrize(
    "secret", [b"", b"hush", b"hush-", "Hush-é".encode(), "hush-é".encode("latin-1"), b"hush-\xc3\xa9 "]
)
@pytest.mark.parametrize("rest", [(ALICE,), ()])
def test_a_wrong_secret_is_refused_even_alone(secret: bytes, rest: tuple[tuple[bytes, bytes], ...]) -> None:
    with pytest.raises(InvalidIdentityError, match="X-Gateway-Secret"):
        asked(*rest, (b"x-gateway-secret", secret), rules=SECRET_RULES)


def test_a_missing_secret_is_refused() -> None:
    with pytest.raises(InvalidIdentityError, match="X-Gateway-Secret"):
        asked(ALICE, rules=SECRET_RULES)


def test_a_stranger_does_not_learn_whether_the_secret_is_right() -> None:
    answers = set()
    for secret in (SECRET[1], b"guess"):
        with pytest.raises(InvalidIdentityError) as refused:
            asked((b"x-gateway-secret", secret), peer=STRANGER, rules=SECRET_RULES)
        answers.add(str(refused.value))
    assert len(answers) == 1


def test_a_secret_header_that_is_not_set_up_is_no_identity_header() -> None:
    assert asked(SECRET, peer=STRANGER) is None


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


@pytest.mark.parametrize(("header", "value"), [("X-Secret", None), (None, "hush"), ("X-Secret", "")])
def test_a_secret_needs_header_and_value(header: str | None, value: str | None) -> None:
    with pytest.raises(ValueError, match="both"):
        HeaderIdentityConfig(secret_header=header, secret_value=value)


def test_headers_may_not_count_from_everyone() -> None:
    with pytest.raises(ValueError, match="everyone"):
        HeaderIdentityConfig(trusted_peers=None)


def test_an_empty_separator_is_refused() -> None:
    with pytest.raises(ValueError, match="separator"):
        HeaderIdentityConfig(groups_separator="")


def test_the_secret_is_not_shown() -> None:
    assert "hush" not in repr(SECRET_RULES)


NAMES = st.sampled_from([b"x-forwarded-user", b"X-Forwarded-Groups", b"x_forwarded_user", b"x-gateway-secret", b"host"])
VALUES = st.one_of(st.binary(max_size=20), st.sampled_from([b"alice", SECRET[1], b"risk,mlops"]))
PEERS = st.one_of(st.none(), st.text(max_size=20), st.ip_addresses().map(str))


def is_trusted(peer: str | None) -> bool:
    return peer is not None and (peer == PROXY or peer.startswith(("10.", "fd", "::ffff:")))


@given(st.lists(st.tuples(NAMES, VALUES), max_size=5), PEERS.filter(lambda peer: not is_trusted(peer)))
def test_an_untrusted_peer_is_never_a_caller(headers: RawHeaders, peer: str | None) -> None:
    for rules in (RULES, SECRET_RULES):
        try:
            assert identify(headers, peer, rules) is None
        except (InvalidIdentityError, MalformedIdentityError):
            continue


@given(st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_without_the_secret_nobody_is_a_caller(headers: RawHeaders) -> None:
    without = [(name, value) for name, value in headers if value != SECRET[1]]
    try:
        assert identify(without, PROXY, SECRET_RULES) is None
    except (InvalidIdentityError, MalformedIdentityError):
        return


def test_only_the_identitys_headers_are_kept() -> None:
    headers = [(b"host", b"gateway"), (b"Authorization", b"t"), (b"host", b"again")]
    assert collect_identity_headers(headers, ("AUTHORIZATION", "X-Acting-Group", None)) == {"authorization": b"t"}


@pytest.mark.parametrize("second", [b"authorization", b"AUTHORIZATION"])
def test_each_is_the_only_one_of_its_kind(second: bytes) -> None:
    with pytest.raises(MalformedIdentityError, match="more than once"):
        collect_identity_headers([(b"authorization", b"t"), (second, b"t")], ("Authorization",))


@pytest.mark.parametrize("peer", ["203.0.113.9", "::1", None, "", "unix"])
def test_where_everyone_counts_the_peer_does_not(peer: str | None) -> None:
    require_trusted_peer({}, peer, IdentityConfig(trusted_peers=None))
    with pytest.raises(InvalidIdentityError, match="trustedPeers"):
        require_trusted_peer({}, peer, IdentityConfig())


def test_where_everyone_counts_the_secret_still_does() -> None:
    trust = IdentityConfig(trusted_peers=None, secret_header="X-Secret", secret_value="hush")
    require_trusted_peer({"x-secret": b"hush"}, None, trust)
    with pytest.raises(InvalidIdentityError, match="X-Secret"):
        require_trusted_peer({}, None, trust)


def test_text_and_names() -> None:
    datas = {"x-user": " Jörg ".encode(), "x-bad": b"j\xf6rg"}
    assert (header_text(datas, "X-User"), header_name(datas, "X-User"), header_name(datas, "X-None")) == (
        " Jörg ",
        "Jörg",
        "",
    )
    with pytest.raises(MalformedIdentityError, match="UTF-8"):
        header_text(datas, "X-Bad")


def test_a_caller_that_was_read_before_is_checked_all_the_same() -> None:
    """The peer, the secret, and headers that no honest proxy sends, each time."""
    identity = HeaderIdentity(SECRET_RULES)
    groups = (b"x-forwarded-groups", b"risk,mlops")
    for _ in range(2):
        caller = identity.identify((ALICE, groups, SECRET), PROXY)
        assert caller == Caller("alice", ("risk", "mlops"))
        assert identity.identify((ALICE, groups, SECRET, (b"x-acting-group", b"risk")), PROXY) == Caller(
            "alice", ("risk", "mlops"), "risk"
        )
        assert identity.identify((ALICE, SECRET), PROXY) == Caller("alice", ())
        assert identity.identify((groups, SECRET), PROXY) is None
        with pytest.raises(InvalidIdentityError):
            identity.identify((ALICE, groups, SECRET), STRANGER)
        with pytest.raises(InvalidIdentityError):
            identity.identify((ALICE, groups), PROXY)
        with pytest.raises(InvalidIdentityError):
            identity.identify((ALICE, groups, (SECRET[0], b"guess")), PROXY)
        with pytest.raises(MalformedIdentityError):
            identity.identify((ALICE, groups, groups, SECRET), PROXY)
        with pytest.raises(MalformedIdentityError):
            identity.identify((ALICE, groups, SECRET, (b"x_forwarded_groups", b"risk")), PROXY)


def test_callers_that_are_kept_are_bounded() -> None:
    identity = HeaderIdentity(RULES)
    identity.identify((ALICE, (b"x-forwarded-groups", b"g" * (MAX_NAME_CHARACTERS - 1) + b",h" * 900)), PROXY)
    assert not identity._callers
    for number in range(MAX_KEPT_CALLERS + 5):
        assert identity.identify(((b"x-forwarded-user", b"u%d" % number),), PROXY) == Caller(f"u{number}", ())
    assert 0 < len(identity._callers) <= MAX_KEPT_CALLERS
