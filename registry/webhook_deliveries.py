"""Outbox of webhooks: a delivery for each webhook that wants an event, written in the event's own transaction."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from registry.enums import DeploymentState, ImportRunState
from registry.ids import new_key
from registry.tables import webhook_deliveries

DEPLOYMENT_EVENTS: Final = {state: f"deployment.{state.value.lower()}" for state in DeploymentState}
"""The event of a deployment that comes into a state."""

IMPORT_EVENTS: Final = {ImportRunState.DONE: "import.done", ImportRunState.FAILED: "import.failed"}
"""The event of an import that ends in a state."""

ALL_EVENTS: Final = frozenset({*DEPLOYMENT_EVENTS.values(), *IMPORT_EVENTS.values()})


@dataclass(frozen=True, slots=True)
class WebhookFilter:
    """The events that a webhook wants.

    Attributes:
        events: Their types.
        groups: The groups whose events they are; None for every group's.
    """

    events: frozenset[str]
    groups: frozenset[str] | None = None

    def wants(self, event: str, group: str | None) -> bool:
        """Tell whether the webhook wants an event of a group; None, no group, matches only webhooks for all groups."""
        return event in self.events and (self.groups is None or group in self.groups)


WebhookFilters = Mapping[str, WebhookFilter]
"""The events that each webhook wants, by the webhook's id."""

_COLUMNS = webhook_deliveries.c
_WANTED: Final = "sagegraph.webhooks"


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """An event on its way to a webhook.

    Attributes:
        key: The key of its row, which the receiver gets as its id, whenever it is sent.
        webhook: The webhook's id.
        event: The event's type.
        body: The JSON that is sent, to the byte the same each time.
        tries: How often sending it has failed.
    """

    key: str
    webhook: str
    event: str
    body: str
    tries: int


def prepare(connection: AsyncConnection, wanted: WebhookFilters) -> None:
    """Tell a connection which webhooks there are."""
    connection.info[_WANTED] = wanted


def has_webhooks(connection: AsyncConnection) -> bool:
    """Tell whether there is any webhook to be told."""
    return bool(connection.info.get(_WANTED))


async def enqueue(connection: AsyncConnection, event: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Keep a delivery of an event for each webhook that wants it; it is due at once.

    Args:
        connection: The transaction of the change that the event tells of.
        event: The event's type.
        at: When the change was made.
        data: What is told of it, as JSON; it holds no secret.
    """
    body = json.dumps({"type": event, "timestamp": at.isoformat(), "data": data}, separators=(",", ":"))
    wanted: WebhookFilters = connection.info.get(_WANTED, {})
    rows = [
        {"key": new_key(), "webhook": webhook, "event": event, "body": body, "created_at": at, "due_at": at, "tries": 0}
        for webhook, chosen in wanted.items()
        if chosen.wants(event, data.get("group"))
    ]
    if rows:
        await connection.execute(insert(webhook_deliveries), rows)


async def due(
    connection: AsyncConnection, webhooks: Collection[str], now: datetime, limit: int
) -> tuple[WebhookDelivery, ...]:
    """Give the deliveries that are to be sent by now, the longest due first, at most `limit` of each webhook."""
    result: list[WebhookDelivery] = []
    for webhook in webhooks:
        chosen = select(webhook_deliveries).where(_COLUMNS.webhook == webhook, _COLUMNS.due_at <= now)
        rows = await connection.execute(chosen.order_by(_COLUMNS.due_at, _COLUMNS.key).limit(limit))
        result += [WebhookDelivery(row.key, row.webhook, row.event, row.body, row.tries) for row in rows]
    return tuple(result)


async def by_key(connection: AsyncConnection, key: str, tries: int) -> WebhookDelivery | None:
    """The delivery that has failed `tries` times; None if it was delivered, given up, or tried again since."""
    row = (await connection.execute(select(webhook_deliveries).where(_is_at(key, tries)))).one_or_none()
    return None if row is None else WebhookDelivery(row.key, row.webhook, row.event, row.body, row.tries)


async def remove(connection: AsyncConnection, key: str, tries: int) -> bool:
    """Delete a delivery that came to its end; False if another try is on its way."""
    return (await connection.execute(delete(webhook_deliveries).where(_is_at(key, tries)))).rowcount > 0


async def postpone(connection: AsyncConnection, key: str, tries: int, due_at: datetime) -> bool:
    """Count a failed try, and set when the next one is due; False if it was counted before."""
    values = {"tries": tries + 1, "due_at": due_at}
    return (await connection.execute(update(webhook_deliveries).where(_is_at(key, tries)).values(values))).rowcount > 0


async def delete_old(connection: AsyncConnection, before: datetime, most: int) -> int:
    """Delete up to `most` deliveries of old events whose webhook is in no settings; returns their number."""
    chosen = select(_COLUMNS.key).where(_COLUMNS.created_at < before).limit(most)
    return (await connection.execute(delete(webhook_deliveries).where(_COLUMNS.key.in_(chosen)))).rowcount


def _is_at(key: str, tries: int) -> ColumnElement[bool]:
    return and_(_COLUMNS.key == key, _COLUMNS.tries == tries)
