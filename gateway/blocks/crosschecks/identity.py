"""What must agree inside `identity`: the mode and its block, headers that differ, peers that are not everyone."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from auth.tokens.alb import ALB_HEADER
from gateway.blocks.faults import SettingsFault
from gateway.blocks.identity import IdentitySettings, JwtSettings, SharedSecretSettings
from gateway.blocks.readers import Network, network
from gateway.blocks.written import ABSENT, RawNode

ALL_IPV4 = IPv4Network("0.0.0.0/0")
ALL_IPV6 = IPv6Network("::/0")
# These say how a message travels, or belong to the client: a proxy that sets them for identity breaks one or the other.
RESERVED_HEADERS = frozenset({"authorization", "cookie", "connection", "host", "content-length", "transfer-encoding"})
IPV4_MAPPED = IPv6Network("::ffff:0:0/96")


def check_identity(settings: RawNode) -> Iterator[SettingsFault]:
    """Every fault between the keys of `identity`."""
    identity = settings["identity"]
    yield from _check_mode(identity)
    yield from _check_headers(identity)
    yield from _check_peers(identity)
    yield from _check_load_balancer(identity["alb"])


def _check_mode(identity: RawNode) -> Iterator[SettingsFault]:
    mode = identity["mode"].text()
    if mode in {"jwt", "alb"} and identity[mode].value is ABSENT:
        yield SettingsFault(identity[mode].key, f"is missing, and identity.mode is {mode}; add the block")


def _check_headers(identity: RawNode) -> Iterator[SettingsFault]:
    """Each header means one thing; names of headers know no case."""
    first: dict[str, RawNode] = {}
    for place, default in _header_places(identity):
        name = place.text(default)
        if name is not None and first.setdefault(name.lower(), place) is not place:
            yield SettingsFault(place.key, f"is the same header as {first[name.lower()].key}; give each its own")
        elif name is not None and name.lower() == ALB_HEADER and identity["mode"].text() == "alb":
            yield SettingsFault(place.key, "is where the load balancer puts its token; choose another header")
        elif name is not None and name.lower() in RESERVED_HEADERS and not _is_bearer(place, name):
            yield SettingsFault(place.key, "is a header with a meaning of its own in HTTP; choose another one")


def _is_bearer(place: RawNode, name: str) -> bool:
    """`Authorization` is the place for a token, and for nothing else."""
    return name.lower() == "authorization" and place.path == ("identity", "jwt", "header")


def _header_places(identity: RawNode) -> Iterator[tuple[RawNode, str]]:
    """Every key that names a header in this mode, with its default."""
    for key, field in (("user", "user"), ("groups", "groups"), ("actingGroup", "acting_group")):
        yield identity[key], str(IdentitySettings.model_fields[field].default)
    if identity["sharedSecret"].is_present:
        yield identity["sharedSecret"]["header"], str(SharedSecretSettings.model_fields["header"].default)
    if identity["mode"].text() == "jwt":
        yield identity["jwt"]["header"], str(JwtSettings.model_fields["header"].default)


def _check_peers(identity: RawNode) -> Iterator[SettingsFault]:
    """Anyone may send headers only where a secret tells the proxy from the rest; a token proves itself."""
    if identity["sharedSecret"].is_present or identity["mode"].text() in {"jwt", "alb"}:
        return
    peers = [peer for place in identity["trustedPeers"].items() if (peer := _network(place)) is not None]
    four = [peer for peer in map(_as_ipv4, peers) if peer is not None]
    six = [peer for peer in peers if isinstance(peer, IPv6Network)]
    # Two halves of the world are all of it.
    if list(collapse_addresses(four)) == [ALL_IPV4] or list(collapse_addresses(six)) == [ALL_IPV6]:
        remedy = "name the proxies' networks, or set identity.sharedSecret"
        yield SettingsFault(identity["trustedPeers"].key, f"lets everyone say who they are; {remedy}")


def _check_load_balancer(alb: RawNode) -> Iterator[SettingsFault]:
    """Keys are kept by region, so those of another one than the load balancer's would never fit."""
    region, signer = alb["region"].text(), (alb["signer"].text() or "").split(":")
    if region is not None and len(signer) == 6 and signer[3] != region:
        yield SettingsFault(
            alb["region"].key, f"is not the region in {alb['signer'].key}; give the load balancer's own"
        )


def _network(place: RawNode) -> Network | None:
    try:
        return network(place.value)
    except ValueError:
        return None


def _as_ipv4(peer: Network) -> IPv4Network | None:
    """The IPv4 peers of a network: those of an IPv6 one come mapped, on a socket that speaks both."""
    if isinstance(peer, IPv4Network):
        return peer
    if peer.supernet_of(IPV4_MAPPED):
        return ALL_IPV4
    mapped = peer.network_address.ipv4_mapped
    return None if mapped is None else IPv4Network((mapped, peer.prefixlen - IPV4_MAPPED.prefixlen))
