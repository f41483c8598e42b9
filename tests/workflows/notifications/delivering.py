"""Deliverers on a test's database, whose work an engine of this process does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from gateway.observability.metrics import Metrics
from registry.database import Database
from registry.webhook_deliveries import ALL_EVENTS, WebhookFilter
from tests.workflows.notifications.receiver import SECRET
from workflows.durable.engine import Engine, EngineTimings
from workflows.notifications.delivery import WebhookDeliverer, WebhookTimings
from workflows.notifications.sender import WebhookSender
from workflows.notifications.webhooks import Webhook

PACE: Final = EngineTimings()
QUICK: Final = WebhookTimings(turn=0.05, timeout=5, pauses=(0.1, 0.1, 0.1))


def webhook(url: str, events: frozenset[str] = ALL_EVENTS, *groups: str) -> Webhook:
    return Webhook(url, SECRET, WebhookFilter(events, frozenset(groups) or None))


@asynccontextmanager
async def delivering(
    url: str,
    webhooks: Sequence[Webhook],
    timings: WebhookTimings = QUICK,
    pace: EngineTimings = PACE,
    *,
    metrics: Metrics | None = None,
) -> AsyncIterator[Database]:
    """A database whose events are delivered while the block runs; each try is counted by `metrics`."""
    wanted = {one.id: one.filter for one in webhooks}
    async with Database(url, webhooks=wanted) as database, WebhookSender(timings.timeout, "SageGraph/test") as sender:
        deliverer = WebhookDeliverer(database, webhooks, sender, timings, (metrics or Metrics()).on_delivery)
        async with Engine(url, database, deliverer.workflows, pace) as engine:
            deliverer.serve(engine)
            yield database
