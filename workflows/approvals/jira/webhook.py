"""Check the signature of Jira's webhooks."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

_SIGNATURE_HEADER: Final = "x-hub-signature"
_SIGNATURE_PREFIX: Final = "sha256="


def is_signed(headers: Sequence[tuple[str, str]], body: bytes, secret: str) -> bool:
    """Tell whether the body bears exactly one signature, made with the secret.

    Jira signs the body with the webhook's secret and sends `X-Hub-Signature: sha256=…`:
    https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks (Cloud),
    https://confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html (Data Center).

    Args:
        headers: The request's headers, names in lower case.
        body: The request's body.
        secret: The secret that the webhook was created with.
    """
    signatures = [value for name, value in headers if name == _SIGNATURE_HEADER]
    expected = _SIGNATURE_PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return len(signatures) == 1 and hmac.compare_digest(signatures[0].encode(), expected.encode())
