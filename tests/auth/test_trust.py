"""auth.trust: which headers belong to an identity, and whether whoever sent them may. More is in test_headers."""

import pytest

from auth.errors import InvalidIdentityError, MalformedIdentityError
from auth.trust import IdentityConfig, collect_identity_headers, header_name, header_text, require_trusted_peer


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
    given = {"x-user": " Jörg ".encode(), "x-bad": b"j\xf6rg"}
    assert (header_text(given, "X-User"), header_name(given, "X-User"), header_name(given, "X-None")) == (
        " Jörg ",
        "Jörg",
        "",
    )
    with pytest.raises(MalformedIdentityError, match="UTF-8"):
        header_text(given, "X-Bad")
