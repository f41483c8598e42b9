"""Web identity tokens: issued by the sandbox, as a cluster's issuer would, and read by its STS."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from sandbox.service_errors import ServiceError

AUDIENCE = "sts.amazonaws.com"
# Any key does: to a client the token is an opaque text, and only this sandbox reads it.
_KEY = b"sandbox"


@dataclass(frozen=True)
class WebIdentity:
    """The claims of a token.

    Attributes:
        issuer: The issuer, without ``https://``.
        subject: The claim ``sub``.
        audience: The first of the claim ``aud``.
    """

    issuer: str
    subject: str
    audience: str


def issue(issuer: str, subject: str, expires: float, audience: str = AUDIENCE) -> str:
    """Issue a token.

    Args:
        issuer: The issuer as the OIDC provider is registered, without ``https://``.
        subject: The claim ``sub``.
        expires: Epoch seconds.
        audience: The claim ``aud``.
    """
    claims = {"iss": f"https://{issuer}", "sub": subject, "aud": [audience], "exp": int(expires)}
    signed = f"{_encode({'alg': 'HS256', 'typ': 'JWT'})}.{_encode(claims)}"
    return f"{signed}.{_signature(signed)}"


def read(token: str, now: float) -> WebIdentity:
    """Read a token's claims; `now` is the present in epoch seconds.

    Raises:
        ServiceError: The text is no token, this sandbox did not sign it, or it has expired.
    """
    signed, _, signature = token.rpartition(".")
    try:
        claims = json.loads(_decode(signed.split(".")[1]))
    except (IndexError, ValueError):
        raise ServiceError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.") from None
    if not hmac.compare_digest(signature, _signature(signed)):
        raise ServiceError("InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider")
    if claims["exp"] <= now:
        raise ServiceError(
            "ExpiredTokenException",
            f"Token expired: current date/time {int(now)} must be before the expiration date/time {claims['exp']}",
        )
    return WebIdentity(claims["iss"].removeprefix("https://"), claims["sub"], claims["aud"][0])


def _signature(signed: str) -> str:
    return base64.urlsafe_b64encode(hmac.new(_KEY, signed.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()


def _encode(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
