"""Token verification: the expected issuer, audience and claims, and the caller that valid claims name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from auth.caller import Caller, parse_groups, parse_name, reject_gateway_subject
from auth.errors import InvalidTokenError, MalformedIdentityError, TokenFault
from auth.headers import IdentityConfig
from auth.tokens.claims import find_claim, group_names, require_text
from auth.tokens.verification_keys import ACCEPTED_ALGORITHMS, VerificationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIdentityConfig(IdentityConfig):
    """The header that carries a token, and the claims that the token must have.

    Attributes:
        header: The header that carries it; `Authorization` carries it as a bearer token, any other bare.
        issuer: What `iss` must be; None does not ask for it.
        audience: What `aud` must be or hold; None does not ask for it, nor look at it.
        signer: What `signer` in the token's own header must be: a load balancer's ARN. None does not ask for it.
        user_claim: The claim with the caller's name.
        groups_claim: The claim with the caller's groups: a list, or text with separators.
        groups_separator: The separator of groups in a text.
    """

    header: str = "Authorization"
    issuer: str | None = None
    audience: str | None = None
    signer: str | None = None
    user_claim: str = "sub"
    groups_claim: str = "groups"
    groups_separator: str = ","


LEEWAY_SECONDS: Final = 30
"""Seconds that the issuer's clock may be off."""

FAULT_BY_ERROR: Final[Mapping[type[jwt.PyJWTError], TokenFault]] = {
    jwt.ExpiredSignatureError: TokenFault.EXPIRED,
    jwt.ImmatureSignatureError: TokenFault.NOT_YET_VALID,
    jwt.InvalidIssuerError: TokenFault.ISSUER,
    jwt.InvalidAudienceError: TokenFault.AUDIENCE,
    jwt.InvalidSignatureError: TokenFault.SIGNATURE,
    jwt.InvalidAlgorithmError: TokenFault.ALGORITHM,
    jwt.InvalidKeyError: TokenFault.ALGORITHM,
    jwt.MissingRequiredClaimError: TokenFault.CLAIMS,
    jwt.InvalidIssuedAtError: TokenFault.CLAIMS,
}


@dataclass(frozen=True, slots=True)
class TokenHeader:
    """A token's own words about its signature, proved only by verifying it.

    Attributes:
        algorithm: How it is signed: one of those that any key may check.
        key_id: With which key, if it says.
    """

    algorithm: str
    key_id: str | None


def parse_token_header(token: str, config: TokenIdentityConfig) -> TokenHeader:
    """Give what a token says of its signature, unless it cannot be any good whatever the key: this asks nobody.

    Raises:
        InvalidTokenError: It is no token, signed in a way that is not accepted, or by another load balancer.
    """
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        # Without its cause, which may quote the token.
        raise InvalidTokenError(TokenFault.MALFORMED) from None
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ACCEPTED_ALGORITHMS:
        raise InvalidTokenError(TokenFault.ALGORITHM)
    if config.signer is not None and header.get("signer") != config.signer:
        raise InvalidTokenError(TokenFault.SIGNER)
    return TokenHeader(algorithm, header.get("kid"))


def verify_claims(token: str, key: VerificationKey, config: TokenIdentityConfig) -> Mapping[str, Any]:
    """Give the claims of a token that this key has signed, and that is for us, now.

    Raises:
        InvalidTokenError: It is not.
    """
    try:
        return jwt.decode(
            token,
            key.key,
            algorithms=list(key.algorithms),
            issuer=config.issuer,
            audience=config.audience,
            leeway=LEEWAY_SECONDS,
            options={
                "require": ["exp"],
                "verify_aud": config.audience is not None,
                # These two would only be asked for their type; which claim must be text is for the rules to say.
                "verify_sub": False,
                "verify_jti": False,
            },
        )
    except jwt.PyJWTError as error:
        fault = next((fault for kind, fault in FAULT_BY_ERROR.items() if isinstance(error, kind)), TokenFault.MALFORMED)
        missing = f"`{error.claim}` is missing." if isinstance(error, jwt.MissingRequiredClaimError) else ""
    # Raised out here, without its cause, which may quote the token.
    raise InvalidTokenError(fault, missing)


def caller_from_claims(claims: Mapping[str, Any], config: TokenIdentityConfig, asked_group: str | None) -> Caller:
    """Give the caller that the claims name.

    Raises:
        InvalidTokenError: The user claim is missing, no name, or an email that nobody has verified, or the groups are
            malformed or left out.
        InvalidIdentityError: The name is the gateway's own.
    """
    _reject_unverified_email(claims, config.user_claim)
    try:
        user = require_text(find_claim(claims, config.user_claim), config.user_claim)
        subject = parse_name(user, config.user_claim)
        names = group_names(claims, config.groups_claim, config.groups_separator)
        groups = parse_groups(names, config.groups_claim)
    except MalformedIdentityError as error:
        # In a header this is the proxy's fault, 400; in a token it is a token that cannot be used, 401.
        raise InvalidTokenError(TokenFault.CLAIMS, str(error)) from None
    if not subject:
        raise InvalidTokenError(TokenFault.CLAIMS, f"`{config.user_claim}` names nobody.")
    expires_at = int(claims["exp"]) if "exp" in claims else None
    return Caller(reject_gateway_subject(subject), groups, asked_group, expires_at)


def _reject_unverified_email(claims: Mapping[str, Any], user_claim: str) -> None:
    """Refuse an email that the issuer has not verified (OpenID Connect Core, 5.1): people may enter somebody else's."""
    if user_claim == "email" and str(claims.get("email_verified", True)).lower() in {"false", "0"}:
        raise InvalidTokenError(
            TokenFault.CLAIMS,
            "The issuer says that `email` is not verified (`email_verified`), so it may be anybody's. Verify it there, "
            "or let `userClaim` name another claim, such as `sub`.",
        )
