"""auth.headers: identity headers count from trusted peers with the secret alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.caller import Caller
from auth.errors import InvalidIdentityError, MalformedIdentityError
from auth.headers import (
    HeaderIdentityConfig,
    IdentityConfig,
    RawHeaders,
    identify,
    require_trusted_peer,
)
from tests.auth.identity_headers import ALICE, PROXY, RULES, SECRET, SECRET_RULES, STRANGER, asked


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


@pytest.mark.parametrize(("header", "value"), [("X-Secret", None), (None, "hush"), ("X-Secret", "")])
def test_a_secret_needs_header_and_value(header: str | None, value: str | None) -> None:
    with pytest.raises(ValueError, match="both"):
        HeaderIdentityConfig(secret_header=header, secret_value=value)


def test_headers_may_not_count_from_everyone() -> None:
    with pytest.raises(ValueError, match="everyone"):
        HeaderIdentityConfig(trusted_peers=None)


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
