"""Send a webhook once: one bounded POST, without redirects, cookies or proxies."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

import aiohttp

from registry.webhook_deliveries import WebhookDelivery
from workflows.notifications.errors import SenderClosedError
from workflows.notifications.signing import signed_headers
from workflows.notifications.webhooks import Webhook

MAX_RETRY_AFTER_SECONDS: Final = 3600.0
"""The longest time that a receiver may ask to be left alone."""

_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class SendResult:
    """The outcome of sending a delivery once.

    Attributes:
        fault: The reason why it was not delivered, for the log; None if it was.
        retry_after: Seconds that the receiver asks to be left alone; None if it asks for none.
        final: True if the receiver wants no further try.
    """

    fault: str | None
    retry_after: float | None = None
    final: bool = False


class WebhookSender:
    """Sends deliveries; open while it is entered.

    Args:
        seconds: The longest time that a receiver may take.
        user_agent: The sender's name, for the receiver's log.
    """

    def __init__(self, seconds: float, user_agent: str) -> None:
        self._seconds = seconds
        self._user_agent = user_agent
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connections' pool."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def send(self, webhook: Webhook, delivery: WebhookDelivery) -> SendResult:
        """Send a delivery to its webhook. Of the answer, only the status and Retry-After are read.

        Raises:
            SenderClosedError: The sender is not open any more.
        """
        signed = signed_headers(webhook.secret, delivery.key, datetime.now(UTC), delivery.body)
        try:
            return await self._post(webhook.url, delivery.body, {"Content-Type": "application/json", **signed})
        except TimeoutError:
            return SendResult(f"did not answer within {self._seconds:g} seconds")
        except (aiohttp.ClientSSLError, ssl.SSLError):
            return SendResult("shows no certificate that is trusted here")
        except aiohttp.ClientConnectorError:
            return SendResult("cannot be reached")
        except (aiohttp.ClientError, OSError, ValueError):
            return SendResult("does not answer as an HTTP server does")

    async def _post(self, url: str, body: str, headers: Mapping[str, str]) -> SendResult:
        if self._session is None:
            raise SenderClosedError("The gateway is ending.")
        async with self._session.post(url, data=body.encode(), headers=headers, allow_redirects=False) as response:
            if 200 <= response.status < 300:
                return SendResult(None)
            asked = _retry_after(response.headers.get("Retry-After"))
            return SendResult(f"answers {response.status}", asked, final=response.status == _GONE)


def _retry_after(value: str | None) -> float | None:
    """Read a number of seconds, up to an hour; the other form of the header, a date, is left to the back-off."""
    if value is None or not value.isascii() or not value.isdecimal() or len(value) > 10:
        return None
    return min(float(value), MAX_RETRY_AFTER_SECONDS)
