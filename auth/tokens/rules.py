"""What a token must be to be believed, and which of its claims say who is asking."""

from dataclasses import dataclass

from auth.trust import IdentityConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIdentityConfig(IdentityConfig):
    """How a token is found in a request, and what it must say.

    Attributes:
        header: The header that carries it; `Authorization` carries it as a bearer token, any other bare.
        issuer: What `iss` must be; None does not ask for it.
        audience: What `aud` must be or hold; None does not ask for it, nor look at it.
        signer: What `signer` in the token's own header must be: a load balancer's ARN. None does not ask for it.
        user_claim: The claim with the caller's name.
        groups_claim: The claim with the caller's groups: a list, or text with separators.
        groups_separator: What stands between two groups where the claim is text.
    """

    header: str = "Authorization"
    issuer: str | None = None
    audience: str | None = None
    signer: str | None = None
    user_claim: str = "sub"
    groups_claim: str = "groups"
    groups_separator: str = ","
