"""Makes a caller of a believed token's claims, under the same bounds as names that come in headers."""

from collections.abc import Mapping
from typing import Any

from auth.caller import Caller
from auth.errors import InvalidTokenError, MalformedIdentityError, TokenFault
from auth.names import parse_groups, parse_name, reject_gateway_subject
from auth.tokens.rules import TokenIdentityConfig


def caller_from_claims(claims: Mapping[str, Any], config: TokenIdentityConfig, asked_group: str | None) -> Caller:
    """Give the caller whom the claims name.

    Raises:
        InvalidTokenError: The user claim is missing or no name, or the groups are not groups.
        InvalidIdentityError: The name is the gateway's own.
    """
    try:
        subject = parse_name(
            _require_text(_find_claim(claims, config.user_claim), config.user_claim), config.user_claim
        )
        named = parse_groups(_group_names(_find_claim(claims, config.groups_claim), config), config.groups_claim)
    except MalformedIdentityError as error:
        # In a header this is the proxy's fault, 400; in a token it is a token that cannot be used, 401.
        raise InvalidTokenError(TokenFault.CLAIMS, str(error)) from None
    if not subject:
        raise InvalidTokenError(TokenFault.CLAIMS, f"`{config.user_claim}` names nobody.")
    return Caller(subject=reject_gateway_subject(subject), groups=named, requested_group=asked_group)


def _find_claim(claims: Mapping[str, Any], path: str) -> Any:
    """The claim of exactly this name (issuers use addresses as names); else, along its dots, one inside another."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _group_names(claim: Any, config: TokenIdentityConfig) -> list[str]:
    """The groups as they stand in a claim; a token without the claim has none."""
    if claim is None:
        return []
    if isinstance(claim, list):
        return [_require_text(piece, config.groups_claim) for piece in claim]
    return _require_text(claim, config.groups_claim).split(config.groups_separator)


def _require_text(claim: Any, claim_name: str) -> str:
    if not isinstance(claim, str):
        raise MalformedIdentityError(f"`{claim_name}` is missing or not text.")
    return claim
