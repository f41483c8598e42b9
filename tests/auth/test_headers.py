"""auth.headers: the caller that identity headers tell, and callers that were read before."""

import pytest

from auth.caller import MAX_NAME_CHARACTERS, Caller
from auth.errors import InvalidIdentityError, MalformedIdentityError
from auth.headers import (
    MAX_KEPT_CALLERS,
    HeaderIdentity,
    HeaderIdentityConfig,
    collect_identity_headers,
    header_name,
    header_text,
)
from tests.auth.identity_headers import ALICE, NETWORKS, PROXY, RULES, SECRET, SECRET_RULES, STRANGER, asked


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


def test_an_empty_separator_is_refused() -> None:
    with pytest.raises(ValueError, match="separator"):
        HeaderIdentityConfig(groups_separator="")


def test_only_the_identitys_headers_are_kept() -> None:
    headers = [(b"host", b"gateway"), (b"Authorization", b"t"), (b"host", b"again")]
    assert collect_identity_headers(headers, ("AUTHORIZATION", "X-Acting-Group", None)) == {"authorization": b"t"}


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
