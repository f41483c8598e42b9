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
        header: The header that carries the token: `Authorization` as a bearer token, any other the token alone.
        issuer: The required `iss`; None accepts any.
        audience: The required `aud`, or one of its elements; None accepts any.
        signer: The required `signer` in the token's own header: a load balancer's ARN. None accepts any.
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
"""The tolerated difference between the issuer's clock and ours, in seconds."""

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
    """A token's own statement about its signature, which only verification proves.

    Attributes:
        algorithm: The signing algorithm, one of `ACCEPTED_ALGORITHMS`.
        key_id: The id of the signing key; None if the token names none.
    """

    algorithm: str
    key_id: str | None


def parse_token_header(token: str, config: TokenIdentityConfig) -> TokenHeader:
    """Give the algorithm and the key that a token names; refuse it if no key could make it valid.

    It reads the token and `config` alone, so that nonsense costs no request to the issuer.

    Raises:
        InvalidTokenError: It is malformed, its algorithm is not accepted, or another load balancer signed it.
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
    """Give the claims of a token that `key` has signed, and whose issuer, audience and times hold.

    Raises:
        InvalidTokenError: The signature, the issuer, the audience or a time does not hold.
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
                # PyJWT would check their types only; `config` says which claims must be text.
                "verify_sub": False,
                "verify_jti": False,
            },
        )
    except jwt.PyJWTError as error:
        fault = next((fault for kind, fault in FAULT_BY_ERROR.items() if isinstance(error, kind)), TokenFault.MALFORMED)
        missing = f"`{error.claim}` is missing." if isinstance(error, jwt.MissingRequiredClaimError) else ""
    # Raised outside the handler, because its cause may quote the token.
    raise InvalidTokenError(fault, missing)


def caller_from_claims(claims: Mapping[str, Any], config: TokenIdentityConfig, asked_group: str | None) -> Caller:
    """Give the caller that the claims of a verified token name.

    Args:
        claims: The token's claims, verified.
        config: The names of the user claim and the groups claim.
        asked_group: The group of the acting-group header; None without one.

    Raises:
        InvalidTokenError: The user claim is missing, not a valid name, or an unverified email; or the groups are
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
        # A malformed name is the proxy's fault in a header (400), and the token's in a claim (401).
        raise InvalidTokenError(TokenFault.CLAIMS, str(error)) from None
    if not subject:
        raise InvalidTokenError(TokenFault.CLAIMS, f"The claim `{config.user_claim}` names no caller.")
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
