"""Tells whether a token is to be believed, and if not, of what class the reason is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from auth.errors import InvalidTokenError, TokenFault
from auth.tokens.keys import ACCEPTED_ALGORITHMS, VerificationKey
from auth.tokens.rules import TokenIdentityConfig

LEEWAY_SECONDS: Final = 30
"""How far the issuer's clock may be off."""

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
    """What a token says of its own signature; nothing of it is proved before the signature is.

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
