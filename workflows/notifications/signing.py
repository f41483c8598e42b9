"""Signatures of webhooks, as Standard Webhooks has them (version 1.0)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - The part of every secret that is none.
"""The beginning of a secret; base64 of its bytes follows."""


def secret_bytes(secret: str) -> bytes:
    """Give the bytes of a secret. Raises ValueError if it is not `whsec_` and the base64 of 24 to 64 bytes."""
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError("It does not begin as a secret of webhooks does.")
    result = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    if not 24 <= len(result) <= 64:
        raise ValueError("It has too few or too many bytes.")
    return result


def signed_headers(secret: str, delivery_id: str, at: datetime, body: str) -> Mapping[str, str]:
    """Give the headers that let a receiver check who sends a delivery, and when.

    Args:
        secret: The webhook's secret.
        delivery_id: The delivery's id, which does not change from try to try.
        at: The moment of this try.
        body: The body.
    """
    moment = str(int(at.timestamp()))
    content = f"{delivery_id}.{moment}.{body}".encode()
    digest = hmac.new(secret_bytes(secret), content, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": delivery_id, "webhook-timestamp": moment, "webhook-signature": signature}
