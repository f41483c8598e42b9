"""The `identity` block: how a request says who it comes from, and when that is believed."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from auth.headers import HeaderIdentityConfig
from auth.tokens.alb import ALB_HEADER, alb_keys_url
from auth.tokens.rules import TokenIdentityConfig
from gateway.blocks.block import SettingsModel
from gateway.blocks.readers import Network, one_of
from gateway.blocks.values import (
    HeaderName,
    LoadBalancerArn,
    Omittable,
    Region,
    Secret,
    Separator,
    Text,
    TrustedNetwork,
    Url,
    ValueType,
)

IdentityMode = Annotated[
    Literal["headers", "jwt", "alb"], ValueType("headers, jwt or alb", one_of("headers", "jwt", "alb"))
]


class SharedSecretSettings(SettingsModel):
    """`identity.sharedSecret`: a header that only the trusted proxy can fill.

    Attributes:
        header: Its name.
        value: What it must say.
    """

    header: HeaderName = "X-Gateway-Secret"
    value: Secret


class JwtSettings(SettingsModel):
    """`identity.jwt`: a signed token in a header.

    Attributes:
        header: The header that carries it; `Authorization` carries it as a bearer token.
        jwks_url: Where the issuer's public keys are.
        issuer: What `iss` must say.
        audience: What `aud` must hold.
        user_claim: The claim with the caller's name; dots lead into claims inside claims.
        groups_claim: The claim with the caller's groups, in the same way.
    """

    header: HeaderName = "Authorization"
    jwks_url: Url
    issuer: Text
    audience: Text
    user_claim: Text = "sub"
    groups_claim: Text = "groups"


class AlbSettings(SettingsModel):
    """`identity.alb`: the token that an application load balancer signs.

    Attributes:
        region: The load balancer's region.
        signer: Its ARN; a token signed by another one is refused.
        keys_url: Where its public keys are; None means AWS's own address for the region.
        issuer: What `iss` must say; None does not ask for it.
        user_claim: The claim with the caller's name; dots lead into claims inside claims.
        groups_claim: The claim with the caller's groups, in the same way.
    """

    region: Region
    signer: LoadBalancerArn
    keys_url: Url | None = None
    issuer: Text | None = None
    user_claim: Text = "sub"
    groups_claim: Text = "groups"

    def keys_address(self) -> str:
        """The address below which its public keys are."""
        return self.keys_url or alb_keys_url(self.region)


class IdentitySettings(SettingsModel):
    """`identity`: the mode and what it reads.

    Attributes:
        mode: Where the caller's name and groups come from.
        user: The header with the caller's name.
        groups: The header with the caller's groups.
        groups_separator: What stands between two groups in it.
        acting_group: The header that picks one of the caller's groups.
        trusted_peers: The socket peers whose headers count.
        shared_secret: What the proxy must send besides, if anything.
        jwt: For mode `jwt`.
        alb: For mode `alb`.
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
        """The names of the headers, and from whom they count, as auth knows them."""
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
        """What a token must be, as auth knows it. Raises ValueError in a mode without tokens, or without its block."""
        if self.mode == "jwt" and self.jwt is not None:
            # Whoever brings such a token is believed by it alone, so peers count only where somebody has written them.
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
