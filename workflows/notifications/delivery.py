"""Deliver webhooks: a leader loop begins deliveries that are due, and a durable workflow sends each of them once.

The state is the row: how often it has failed, and when it is due again. A workflow that dies over it is resumed and
sends it again under the same id, so a receiver may get it twice, and loses none.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from registry import webhook_deliveries
from registry.database import Database
from registry.webhook_deliveries import WebhookDelivery
from workflows.durable.context import WorkflowBody, WorkflowContext
from workflows.durable.engine import Engine
from workflows.durable.errors import StepFailedError
from workflows.notifications.sender import WebhookSender
from workflows.notifications.webhooks import Webhook

SEND_WEBHOOK: Final = "webhook-send"
"""The name under which the body is registered."""

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0
# Sends at once; a webhook that does not answer holds up no more than these.
_AT_ONCE: Final = 20
# A send and the record of it take far less; to begin it again after that begins no other work.
_BEGUN_SECONDS: Final = 60.0

DeliveryObserver = Callable[[str, str], None]
"""Notes a try that has ended: the host of the webhook, and `DELIVERED`, `FAILED` (it is tried again) or `GIVEN_UP`."""

_log = logging.getLogger("sagegraph.notifications")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTimings:
    """The pace of deliveries, in seconds.

    Attributes:
        turn: Between two looks for deliveries that are due.
        timeout: The longest time that a receiver may take.
        pauses: The pause after each failed try; after the last one a delivery is given up.
    """

    turn: float = 2
    timeout: float = 10
    pauses: tuple[float, ...] = (5, 30, 2 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, *(n * _HOUR for n in (1, 2, 4, 8, 12)))


class WebhookDeliverer:
    """Sends the deliveries that the registry keeps for the webhooks of this process's settings.

    Args:
        database: The registry.
        webhooks: The webhooks.
        sender: Sends a delivery once.
        timings: The pace.
        observe: Hears of each try that has ended, for metrics.
    """

    def __init__(
        self,
        database: Database,
        webhooks: Sequence[Webhook],
        sender: WebhookSender,
        timings: WebhookTimings = WebhookTimings(),
        observe: DeliveryObserver = lambda _host, _outcome: None,
    ) -> None:
        self._database = database
        self._webhooks = {webhook.id: webhook for webhook in webhooks}
        self._sender = sender
        self._timings = timings
        self._observe = observe
        self._begun: dict[str, float] = {}

    @property
    def workflows(self) -> Mapping[str, WorkflowBody]:
        """The durable body, by the name under which it is registered; also without webhooks, to end earlier work."""
        return {SEND_WEBHOOK: self._deliver}

    def serve(self, engine: Engine) -> None:
        """Begin the engine's loop, if there are webhooks: without any, this process cannot send another one's."""
        if self._webhooks:

            async def turn() -> None:
                await self.begin_due(engine)

            engine.every("webhooks", self._timings.turn, turn)

    async def begin_due(self, engine: Engine) -> None:
        """Start the deliveries that are due in the engine. Raises RegistryError, DurableError."""
        now = datetime.now(UTC)
        async with self._database.reading() as connection:
            rows = await webhook_deliveries.due(connection, tuple(self._webhooks), now, _AT_ONCE)
        self._begun = {work_id: at for work_id, at in self._begun.items() if time.monotonic() - at < _BEGUN_SECONDS}
        for row in rows:
            work_id = f"webhook/{row.key}/{row.tries}"
            if work_id not in self._begun:
                await engine.start(SEND_WEBHOOK, work_id, row.key, row.tries)
                self._begun[work_id] = time.monotonic()

    async def _deliver(self, context: WorkflowContext, key: str, tries: int) -> None:
        """Send a delivery once, and keep the outcome."""
        try:
            outcome = await context.step("send", self._send, key, tries)
        except StepFailedError as error:
            outcome = {"fault": error.message}
        await context.step("record", self._record, key, tries, outcome, attempts=None)

    async def _send(self, key: str, tries: int) -> Mapping[str, Any]:
        async with self._database.reading() as connection:
            row = await webhook_deliveries.by_key(connection, key, tries)
        if row is None:
            return {"fault": None}
        webhook = self._webhooks.get(row.webhook)
        if webhook is None:
            return {"fault": "is not in the settings of this process"}
        result = await self._sender.send(webhook, row)
        return {"fault": result.fault, "retryAfter": result.retry_after, "final": result.final}

    async def _record(self, key: str, tries: int, outcome: Mapping[str, Any]) -> None:
        async with self._database.writing() as connection:
            row = await webhook_deliveries.by_key(connection, key, tries)
            fault, over = outcome["fault"], outcome.get("final") or tries >= len(self._timings.pauses)
            if row is None:
                return
            if fault is None or over:
                await webhook_deliveries.remove(connection, key, tries)
            else:
                pause = max(self._timings.pauses[tries], outcome.get("retryAfter") or 0)
                await webhook_deliveries.postpone(connection, key, tries, datetime.now(UTC) + timedelta(seconds=pause))
        webhook = self._webhooks.get(row.webhook)
        outcome_label = "DELIVERED" if fault is None else "GIVEN_UP" if over else "FAILED"
        self._observe("?" if webhook is None else webhook.host, outcome_label)
        if fault is not None:
            self._log_failure(row, webhook, fault, over=bool(over))

    def _log_failure(self, row: WebhookDelivery, webhook: Webhook | None, fault: str, *, over: bool) -> None:
        consequence = "it is given up" if over else "it is tried again"
        extra = {"webhook": None if webhook is None else webhook.host, "event_type": row.event, "delivery": row.key}
        _log.warning("A webhook %s: %s.", fault, consequence, extra=extra)
