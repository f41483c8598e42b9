"""What must agree inside `identity`: the mode and its block, headers that differ, peers that are not everyone."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from auth.tokens.alb import HEADER
from gateway.blocks.faults import Fault
from gateway.blocks.identity import Identity, Jwt, SharedSecret
from gateway.blocks.readers import Network, network
from gateway.blocks.written import ABSENT, Written

EVERY_FOUR = IPv4Network("0.0.0.0/0")
EVERY_SIX = IPv6Network("::/0")
# These say how a message travels, or belong to the client: a proxy that sets them for identity breaks one or the other.
TAKEN = frozenset({"authorization", "cookie", "connection", "host", "content-length", "transfer-encoding"})
MAPPED = IPv6Network("::ffff:0:0/96")


def check(settings: Written) -> Iterator[Fault]:
    """Every fault between the keys of `identity`."""
    identity = settings["identity"]
    yield from _mode(identity)
    yield from _headers(identity)
    yield from _peers(identity)
    yield from _load_balancer(identity["alb"])


def _mode(identity: Written) -> Iterator[Fault]:
    mode = identity["mode"].text()
    if mode in {"jwt", "alb"} and identity[mode].value is ABSENT:
        yield Fault(identity[mode].key, f"is missing, and identity.mode is {mode}; add the block")


def _headers(identity: Written) -> Iterator[Fault]:
    """Each header means one thing; names of headers know no case."""
    first: dict[str, Written] = {}
    for place, default in _header_places(identity):
        name = place.text(default)
        if name is not None and first.setdefault(name.lower(), place) is not place:
            yield Fault(place.key, f"is the same header as {first[name.lower()].key}; give each its own")
        elif name is not None and name.lower() == HEADER and identity["mode"].text() == "alb":
            yield Fault(place.key, "is where the load balancer puts its token; choose another header")
        elif name is not None and name.lower() in TAKEN and not _is_bearer(place, name):
            yield Fault(place.key, "is a header with a meaning of its own in HTTP; choose another one")


def _is_bearer(place: Written, name: str) -> bool:
    """`Authorization` is the place for a token, and for nothing else."""
    return name.lower() == "authorization" and place.place == ("identity", "jwt", "header")


def _header_places(identity: Written) -> Iterator[tuple[Written, str]]:
    """Every key that names a header in this mode, with its default."""
    for key, field in (("user", "user"), ("groups", "groups"), ("actingGroup", "acting_group")):
        yield identity[key], str(Identity.model_fields[field].default)
    if identity["sharedSecret"].is_given:
        yield identity["sharedSecret"]["header"], str(SharedSecret.model_fields["header"].default)
    if identity["mode"].text() == "jwt":
        yield identity["jwt"]["header"], str(Jwt.model_fields["header"].default)


def _peers(identity: Written) -> Iterator[Fault]:
    """Anyone may send headers only where a secret tells the proxy from the rest; a token proves itself."""
    if identity["sharedSecret"].is_given or identity["mode"].text() in {"jwt", "alb"}:
        return
    peers = [peer for place in identity["trustedPeers"].items() if (peer := _network(place)) is not None]
    four = [peer for peer in map(_as_four, peers) if peer is not None]
    six = [peer for peer in peers if isinstance(peer, IPv6Network)]
    # Two halves of the world are all of it.
    if list(collapse_addresses(four)) == [EVERY_FOUR] or list(collapse_addresses(six)) == [EVERY_SIX]:
        remedy = "name the proxies' networks, or set identity.sharedSecret"
        yield Fault(identity["trustedPeers"].key, f"lets everyone say who they are; {remedy}")


def _load_balancer(alb: Written) -> Iterator[Fault]:
    """Keys are kept by region, so those of another one than the load balancer's would never fit."""
    region, signer = alb["region"].text(), (alb["signer"].text() or "").split(":")
    if region is not None and len(signer) == 6 and signer[3] != region:
        yield Fault(alb["region"].key, f"is not the region in {alb['signer'].key}; give the load balancer's own")


def _network(place: Written) -> Network | None:
    try:
        return network(place.value)
    except ValueError:
        return None


def _as_four(peer: Network) -> IPv4Network | None:
    """The IPv4 peers of a network: those of an IPv6 one come mapped, on a socket that speaks both."""
    if isinstance(peer, IPv4Network):
        return peer
    if peer.supernet_of(MAPPED):
        return EVERY_FOUR
    mapped = peer.network_address.ipv4_mapped
    return None if mapped is None else IPv4Network((mapped, peer.prefixlen - MAPPED.prefixlen))
