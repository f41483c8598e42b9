"""Makes a caller of a believed token's claims, under the same bounds as names that come in headers."""

from collections.abc import Mapping
from typing import Any

from auth.caller import Caller
from auth.errors import InvalidTokenError, MalformedIdentityError, TokenFault
from auth.names import groups, name, not_ours
from auth.tokens.rules import TokenRules


def caller(claims: Mapping[str, Any], rules: TokenRules, asked_group: str | None) -> Caller:
    """Give the caller whom the claims name.

    Raises:
        InvalidTokenError: The user claim is missing or no name, or the groups are not groups.
        InvalidIdentityError: The name is the gateway's own.
    """
    try:
        subject = name(_text(_claim(claims, rules.user_claim), rules.user_claim), rules.user_claim)
        named = groups(_pieces(_claim(claims, rules.groups_claim), rules), rules.groups_claim)
    except MalformedIdentityError as error:
        # In a header this is the proxy's fault, 400; in a token it is a token that cannot be used, 401.
        raise InvalidTokenError(TokenFault.CLAIMS, str(error)) from None
    if not subject:
        raise InvalidTokenError(TokenFault.CLAIMS, f"`{rules.user_claim}` names nobody.")
    return Caller(subject=not_ours(subject), groups=named, asked_group=asked_group)


def _claim(claims: Mapping[str, Any], wanted: str) -> Any:
    """The claim of exactly this name (issuers use addresses as names); else, along its dots, one inside another."""
    if wanted in claims:
        return claims[wanted]
    found: Any = claims
    for step in wanted.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _pieces(claim: Any, rules: TokenRules) -> list[str]:
    """The groups as they stand in a claim; a token without the claim has none."""
    if claim is None:
        return []
    if isinstance(claim, list):
        return [_text(piece, rules.groups_claim) for piece in claim]
    return _text(claim, rules.groups_claim).split(rules.groups_separator)


def _text(claim: Any, where: str) -> str:
    if not isinstance(claim, str):
        raise MalformedIdentityError(f"`{where}` is missing or not text.")
    return claim
