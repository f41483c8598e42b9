"""The `identity` settings: headers, JWT or load balancer tokens, and the checks between their keys."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import Annotated, Literal

from auth.headers import HeaderIdentityConfig
from auth.tokens.alb import ALB_HEADER, alb_keys_url
from auth.tokens.verification import TokenIdentityConfig
from gateway.settings.document import ABSENT, RawNode
from gateway.settings.errors import SettingsFault
from gateway.settings.model import SettingsModel, ValueType
from gateway.settings.values import (
    HeaderName,
    KeyUrl,
    LoadBalancerArn,
    Network,
    Omittable,
    Region,
    Secret,
    Separator,
    Text,
    TrustedNetwork,
    network,
    one_of,
)

IdentityMode = Annotated[
    Literal["headers", "jwt", "alb"], ValueType("headers, jwt or alb", one_of("headers", "jwt", "alb"))
]


class SharedSecretSettings(SettingsModel):
    """`identity.sharedSecret`: a secret that the proxy sends.

    Attributes:
        header: The header that carries the secret.
        value: The secret. It is compared in constant time. If `trustedPeers` is everyone, it needs at least 16 random
            characters.
    """

    header: HeaderName = "X-Gateway-Secret"
    value: Secret


class JwtSettings(SettingsModel):
    """`identity.jwt`: for mode `jwt`, which requires it.

    Attributes:
        header: The header with the token: `Bearer` and the token in `Authorization`, the token alone in any other, such
            as Pomerium's `X-Pomerium-Jwt-Assertion`.
        jwks_url: The address of the issuer's public keys (JWKS). Redirects are not followed. Plain HTTP is allowed for
            hosts of this machine or of your own network (a private address, a name without dots, `.svc`, `.local`,
            `.internal`).
        issuer: The required `iss` of the token.
        audience: A value that the token's `aud` must contain.
        user_claim: The claim with the caller's name, which must be text.
        groups_claim: The claim with the caller's groups: a list of texts, or one text with `identity.groupsSeparator`;
            a text `[a, b]` or `["a", "b"]` is a list too. A token without it has no groups; one whose issuer left the
            groups out (`_claim_names`, `hasgroups`) is refused.
    """

    header: HeaderName = "Authorization"
    jwks_url: KeyUrl
    issuer: Text
    audience: Text
    user_claim: Text = "sub"
    groups_claim: Text = "groups"


class AlbSettings(SettingsModel):
    """`identity.alb`: for mode `alb`, which requires it.

    Attributes:
        region: The load balancer's region.
        signer: The load balancer's ARN. Tokens signed by another one are refused.
        keys_url: The address below which the load balancer's public keys are, each by its id; `null` means AWS's own
            address for the region.
        issuer: The required `iss` of the token; `null` accepts any. `signer` matters more, since load balancers of all
            accounts share the keys.
        user_claim: The claim with the caller's name, which must be text.
        groups_claim: The claim with the caller's groups: a list of texts, or one text with `identity.groupsSeparator`;
            a text `[a, b]` or `["a", "b"]` is a list too. A token without it has no groups; one whose issuer left the
            groups out (`_claim_names`, `hasgroups`) is refused.
    """

    region: Region
    signer: LoadBalancerArn
    keys_url: KeyUrl | None = None
    issuer: Text | None = None
    user_claim: Text = "sub"
    groups_claim: Text = "groups"

    def keys_address(self) -> str:
        """Give the address below which the load balancer's public keys are."""
        return self.keys_url or alb_keys_url(self.region)


class IdentitySettings(SettingsModel):
    """`identity`: name and groups of the caller.

    Attributes:
        mode: The source of the caller's name and groups: `headers` of a trusted proxy, a signed token (`jwt`), or the
            token of an AWS load balancer (`alb`).
        user: The header with the caller's name.
        groups: The header with the caller's groups.
        groups_separator: The separator between two groups. In mode `headers`, no group of the settings can have it in
            its name.
        acting_group: The header by which a request picks one of the caller's groups. A thing asked for by `id` is shown
            if any of the caller's groups may see it.
        trusted_peers: Networks (CIDR) whose identity headers count. The socket's peer is compared. In mode `headers`,
            everyone (`0.0.0.0/0` or `::/0`) is allowed only with `sharedSecret`. In mode `jwt` the list counts only if
            this key is written; without it, any peer may send a token.
        shared_secret: The secret of the proxy in mode `headers`.
        jwt: The tokens of mode `jwt`.
        alb: The load balancer of mode `alb`.
    """

    mode: IdentityMode = "headers"
    user: HeaderName = "X-Forwarded-User"
    groups: HeaderName = "X-Forwarded-Groups"
    groups_separator: Separator = ","
    acting_group: HeaderName = "X-Acting-Group"
    trusted_peers: tuple[TrustedNetwork, ...] = (IPv4Network("127.0.0.1/32"),)
    shared_secret: Omittable[SharedSecretSettings] = None
    jwt: Omittable[JwtSettings] = None
    alb: Omittable[AlbSettings] = None

    def header_rules(self) -> HeaderIdentityConfig:
        """Give the names of the headers and the trusted peers, as auth expects them."""
        secret = self.shared_secret
        return HeaderIdentityConfig(
            user=self.user,
            groups=self.groups,
            groups_separator=self.groups_separator,
            acting_group=self.acting_group,
            trusted_peers=self.trusted_peers,
            secret_header=None if secret is None else secret.header,
            secret_value=None if secret is None else secret.value.get_secret_value(),
        )

    def token_rules(self) -> TokenIdentityConfig:
        """Give the expectations of a token. Raises ValueError in a mode without tokens, or without its block."""
        if self.mode == "jwt" and self.jwt is not None:
            # The token alone proves the caller, so peers count only if the file names some.
            anywhere = "trusted_peers" not in self.model_fields_set
            return self._rules(None if anywhere else self.trusted_peers, self.jwt)
        if self.mode == "alb" and self.alb is not None:
            return self._rules(self.trusted_peers, self.alb)
        raise ValueError(f"identity.mode `{self.mode}` has no rules for tokens.")

    def _rules(self, peers: tuple[Network, ...] | None, block: JwtSettings | AlbSettings) -> TokenIdentityConfig:
        secret = self.shared_secret
        return TokenIdentityConfig(
            header=ALB_HEADER if isinstance(block, AlbSettings) else block.header,
            acting_group=self.acting_group,
            trusted_peers=peers,
            secret_header=None if secret is None else secret.header,
            secret_value=None if secret is None else secret.value.get_secret_value(),
            issuer=block.issuer,
            audience=None if isinstance(block, AlbSettings) else block.audience,
            signer=block.signer if isinstance(block, AlbSettings) else None,
            user_claim=block.user_claim,
            groups_claim=block.groups_claim,
            groups_separator=self.groups_separator,
        )


# A secret that anyone on the network may try, in as many connections as they like.
MIN_SECRET_CHARACTERS = 16
MIN_DIFFERENT_CHARACTERS = 6
ALL_IPV4 = IPv4Network("0.0.0.0/0")
ALL_IPV6 = IPv6Network("::/0")
# These say how a message travels, or belong to the client: a proxy that sets them for identity breaks one or the other.
RESERVED_HEADERS = frozenset({"authorization", "cookie", "connection", "host", "content-length", "transfer-encoding"})
IPV4_MAPPED = IPv6Network("::ffff:0:0/96")


def check_identity(settings: RawNode) -> Iterator[SettingsFault]:
    """Yield the faults between the settings of `identity`."""
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
    """Yield a fault for each header that is named twice or reserved; names of headers ignore case."""
    first: dict[str, RawNode] = {}
    for place, default in _header_places(identity):
        name = place.text(default)
        if name is not None and first.setdefault(name.lower(), place) is not place:
            yield SettingsFault(place.key, f"is the same header as {first[name.lower()].key}; give each its own")
        elif name is not None and name.lower() == ALB_HEADER and identity["mode"].text() == "alb":
            yield SettingsFault(place.key, "is the header of the load balancer's token; choose another one")
        elif name is not None and name.lower() in RESERVED_HEADERS and not _is_bearer(place, name):
            yield SettingsFault(place.key, "is a header with a meaning of its own in HTTP; choose another one")


def _is_bearer(place: RawNode, name: str) -> bool:
    """`Authorization` is the place for a token, and for nothing else."""
    return name.lower() == "authorization" and place.path == ("identity", "jwt", "header")


def _header_places(identity: RawNode) -> Iterator[tuple[RawNode, str]]:
    """Yield each key that names a header in this mode, with its default."""
    for key, field in (("user", "user"), ("groups", "groups"), ("actingGroup", "acting_group")):
        yield identity[key], str(IdentitySettings.model_fields[field].default)
    if identity["sharedSecret"].is_present:
        yield identity["sharedSecret"]["header"], str(SharedSecretSettings.model_fields["header"].default)
    if identity["mode"].text() == "jwt":
        yield identity["jwt"]["header"], str(JwtSettings.model_fields["header"].default)


def _check_peers(identity: RawNode) -> Iterator[SettingsFault]:
    """Yield a fault if everyone may send identity headers without a secret; a token proves itself."""
    if identity["mode"].text() in {"jwt", "alb"}:
        return
    secret = identity["sharedSecret"]
    if secret.is_present and not _is_guessable(secret["value"]):
        return
    peers = [peer for place in identity["trustedPeers"].items() if (peer := _network(place)) is not None]
    four = [peer for peer in map(_as_ipv4, peers) if peer is not None]
    six = [peer for peer in peers if isinstance(peer, IPv6Network)]
    # Two halves of the world are all of it.
    if list(collapse_addresses(four)) != [ALL_IPV4] and list(collapse_addresses(six)) != [ALL_IPV6]:
        return
    if secret.is_present:
        remedy = f"write at least {MIN_SECRET_CHARACTERS} random characters, or name the proxies' networks"
        yield SettingsFault(secret["value"].key, f"can be guessed, and trustedPeers lets everyone try; {remedy}")
    else:
        remedy = "name the proxies' networks, or set identity.sharedSecret"
        yield SettingsFault(identity["trustedPeers"].key, f"lets everyone choose a name and groups; {remedy}")


def _is_guessable(secret: RawNode) -> bool:
    """Tell whether a secret is too short, or the same few characters over and over; unknown ones are not."""
    text = secret.text()
    return text is not None and (len(text) < MIN_SECRET_CHARACTERS or len(set(text)) < MIN_DIFFERENT_CHARACTERS)


def _check_load_balancer(alb: RawNode) -> Iterator[SettingsFault]:
    """Yield a fault if the region is not the load balancer's, whose keys are kept by region."""
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
