"""`/webhooks/jira`: Jira says that something has changed. Nothing that it says is believed: the poller is woken."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.http_errors import error_response

MAX_WEBHOOK_BYTES: Final = 1_000_000
"""The most bytes of a webhook: it holds an issue with all its fields, of which nothing is read."""

_SIGNATURE_PREFIX: Final = "sha256="


class JiraWebhook:
    """Answers 204 to what bears the signature of the secret, and 401 to all else; a replay wakes the poller once more.

    Jira signs the body with the webhook's secret and sends `X-Hub-Signature: sha256=…`:
    https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks (Cloud),
    https://confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html (Data Center).

    Args:
        secret: The secret that both know.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    async def receive(self, request: Request) -> Response:
        """Answers one webhook. It needs no identity: the signature is one, and comes from wherever Jira is."""
        told = request.headers.getlist("x-hub-signature")
        if len(told) != 1 or not self._is_signature_valid(told[0], await request.body()):
            message = "The webhook is not signed with jira.webhookSecret."
            return error_response(401, message, "UNAUTHENTICATED", request.scope.get("request_id"))
        wake: Callable[[], None] | None = request.state.wake_jira
        if wake is not None:
            wake()
        return Response(status_code=204)

    def _is_signature_valid(self, signature: str, body: bytes) -> bool:
        right = _SIGNATURE_PREFIX + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signature.encode(), right.encode())
