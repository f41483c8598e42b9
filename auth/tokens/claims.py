"""Claims of a verified token: the one at a path, the groups in it, and those that the issuer left out."""

import re
from collections.abc import Mapping
from typing import Any, Final

from auth.caller import split_groups
from auth.errors import InvalidTokenError, MalformedIdentityError, TokenFault

_ESCAPED: Final = re.compile(r"\\([.\\])")
_SEGMENT: Final = re.compile(r"(?:\\.|[^.\\]|\\$)+")


def find_claim(claims: Mapping[str, Any], path: str) -> Any:
    r"""Give the claim of exactly this name; else the one along the dots of the path; None if there is none.

    Args:
        claims: The token's claims. Issuers also use addresses as names, so a name may have dots.
        path: A name, or names of claims inside claims with dots between them; a dot of a name itself is `\.`.
    """
    if path in claims:
        return claims[path]
    value: Any = claims
    for name in _names(path):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def group_names(claims: Mapping[str, Any], path: str, separator: str) -> list[str]:
    """Give the groups in the claim at `path`: a list of texts, or one text, which `split_groups` splits at `separator`.

    A token without the claim has no groups.

    Raises:
        InvalidTokenError: The issuer left the groups out because there are too many.
        MalformedIdentityError: The claim is something else.
    """
    claim = find_claim(claims, path)
    if claim is None:
        _reject_overage(claims, path)
        return []
    if isinstance(claim, list):
        return [require_text(piece, path) for piece in claim]
    return split_groups(require_text(claim, path), separator, path)


def require_text(claim: Any, path: str) -> str:
    """Give the claim if it is text; `path` names it in the message.

    Raises:
        MalformedIdentityError: It is missing or something else.
    """
    if not isinstance(claim, str):
        raise MalformedIdentityError(f"`{path}` is missing or not text.")
    return claim


def _names(path: str) -> list[str]:
    return [_ESCAPED.sub(r"\1", segment) for segment in _SEGMENT.findall(path)] or [path]


def _reject_overage(claims: Mapping[str, Any], path: str) -> None:
    """Refuse a token whose groups the issuer serves elsewhere.

    An issuer names such claims in `_claim_names` (OpenID Connect Core, 5.6.2); Entra ID also says `hasgroups`.
    """
    name = path if path in claims else _names(path)[0]
    elsewhere = claims.get("_claim_names")
    is_elsewhere = isinstance(elsewhere, Mapping) and (name in elsewhere or path in elsewhere)
    has_groups = name == "groups" and str(claims.get("hasgroups", "")).lower() in {"true", "1"}
    if is_elsewhere or has_groups:
        raise InvalidTokenError(
            TokenFault.CLAIMS,
            f"The issuer left `{path}` out of the token because the caller has too many groups (group overage). "
            "Have it send only the groups assigned to the application, or app roles; docs/identity.md shows how.",
        )
