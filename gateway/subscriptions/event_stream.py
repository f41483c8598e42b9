"""Subscriptions as server-sent events: graphql-sse's distinct connections, a stream for each subscription."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from gateway.json_encoding import encode_json
from gateway.media_types import media_type
from gateway.subscriptions.hub import SentSubscription, SubscriptionHub, refusal
from gateway.subscriptions.live import LiveSubscription, SubscriptionMessage

EVENT_STREAM: Final = "text/event-stream"

HEARTBEAT_SECONDS: Final = 15.0
"""The time between two signs of life, so that no proxy on the way takes the stream for dead."""

_HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    # nginx would keep events back.
    (b"x-accel-buffering", b"no"),
)
_COMPLETE: Final = b"event: complete\ndata: \n\n"
_HEARTBEAT: Final = b":\n\n"


def accepts_event_stream(accept: str) -> bool:
    """Tell whether an Accept header names server-sent events; `*/*` does not."""
    return any(media_type(part) == EVENT_STREAM for part in accept.split(","))


class EventStream:
    """The response of a subscription.

    Args:
        hub: Counts the stream as a connection, and executes its events.
        sent: The subscription.
    """

    def __init__(self, hub: SubscriptionHub, sent: SentSubscription) -> None:
        self._hub = hub
        self._sent = sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the subscription ends, the client leaves, or the process ends.

        Raises:
            TooManySubscribersError: There are too many; nothing was sent yet.
        """
        with self._hub.connection() as counted:
            counted.belongs_to(self._sent.caller)
            # A compressor would keep events back, and values that take SEE_SECRETS may not be compressed.
            scope["shows_secrets"] = True
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            last = _COMPLETE
            try:
                async with aclosing(self._events(receive)) as events:
                    async for event in events:
                        await send({"type": "http.response.body", "body": event, "more_body": True})
            except _AgeReachedError:
                # Without `complete`, a client knows that there is more, and connects anew.
                last = b""
            await send({"type": "http.response.body", "body": last, "more_body": False})

    async def _events(self, receive: Receive) -> AsyncGenerator[bytes, None]:
        async with aclosing(LiveSubscription(self._hub, self._sent).messages()) as messages:
            gone = asyncio.create_task(_disconnected(receive))
            draining = asyncio.create_task(self._hub.draining.wait())
            coming = asyncio.ensure_future(anext(messages, None))
            until = time.monotonic() + self._hub.settings.max_age_seconds
            try:
                while True:
                    seconds = min(HEARTBEAT_SECONDS, self._remaining(until))
                    waiting = {gone, draining, coming}
                    await asyncio.wait(waiting, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
                    if gone.done() or draining.done():
                        return
                    if coming.done():
                        if (message := coming.result()) is None:
                            return
                        yield _next(message)
                        coming = asyncio.ensure_future(anext(messages, None))
                    elif self._is_expired():
                        yield _next(SubscriptionMessage(self._expired()))
                        return
                    elif time.monotonic() >= until:
                        raise _AgeReachedError
                    else:
                        yield _HEARTBEAT
            finally:
                tasks: set[asyncio.Future[Any]] = {gone, draining, coming}
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    def _remaining(self, until: float) -> float:
        remaining = until - time.monotonic()
        caller = self._sent.caller
        if caller is None or caller.expires_at is None:
            return remaining
        return min(remaining, caller.expires_at - time.time())

    def _is_expired(self) -> bool:
        caller = self._sent.caller
        return caller is not None and caller.expires_at is not None and caller.expires_at <= time.time()

    def _expired(self) -> Mapping[str, Any]:
        text = "The token that names you has expired; subscribe again with a new one."
        return refusal(text, "UNAUTHENTICATED", self._sent.request_id).body


class _AgeReachedError(Exception):
    """A stream has reached its age."""


def _next(message: SubscriptionMessage) -> bytes:
    return b"event: next\ndata: " + encode_json(message.body) + b"\n\n"


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
