"""Outbox of webhooks: a delivery for each subscribed webhook, inserted in the transaction of the event."""

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
"""The event of a deployment's transition, by the new state."""

IMPORT_EVENTS: Final = {ImportRunState.DONE: "import.done", ImportRunState.FAILED: "import.failed"}
"""The event of the end of an import, by its final state."""

ALL_EVENTS: Final = frozenset({*DEPLOYMENT_EVENTS.values(), *IMPORT_EVENTS.values()})


@dataclass(frozen=True, slots=True)
class WebhookFilter:
    """The events that a webhook subscribes to.

    Attributes:
        events: The types of events.
        groups: The groups whose events they are; None for all groups.
    """

    events: frozenset[str]
    groups: frozenset[str] | None = None

    def wants(self, event: str, group: str | None) -> bool:
        """Tell whether the webhook subscribes to an event of a group; None, no group, needs one for all groups."""
        return event in self.events and (self.groups is None or group in self.groups)


WebhookFilters = Mapping[str, WebhookFilter]
"""The events that each webhook subscribes to, by the webhook's id."""

_COLUMNS = webhook_deliveries.c
_WANTED: Final = "sagegraph.webhooks"


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """An event on its way to a webhook.

    Attributes:
        key: The key of its row, which the receiver gets as its id at each try.
        webhook: The webhook's id.
        event: The event's type.
        body: The JSON that is sent, identical to the byte at each try.
        tries: The number of failed tries.
    """

    key: str
    webhook: str
    event: str
    body: str
    tries: int


def prepare(connection: AsyncConnection, wanted: WebhookFilters) -> None:
    """Attach the subscriptions of webhooks to a connection."""
    connection.info[_WANTED] = wanted


def has_webhooks(connection: AsyncConnection) -> bool:
    """Tell whether the connection has any webhook."""
    return bool(connection.info.get(_WANTED))


async def enqueue(connection: AsyncConnection, event: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Insert a delivery of an event for each webhook that subscribes to it, due at once.

    Args:
        connection: The transaction of the change that the event tells of.
        event: The event's type.
        at: The time of the change.
        data: The event's content, as JSON; it holds no secret.
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
    """Give the deliveries that are due by `now`, the longest due first, at most `limit` of each webhook."""
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
    """Delete a delivery that succeeded or is given up; False if `tries` is no longer its number of failures."""
    return (await connection.execute(delete(webhook_deliveries).where(_is_at(key, tries)))).rowcount > 0


async def postpone(connection: AsyncConnection, key: str, tries: int, due_at: datetime) -> bool:
    """Count a failed try, and set the time of the next one; False if `tries` is no longer the number of failures."""
    values = {"tries": tries + 1, "due_at": due_at}
    return (await connection.execute(update(webhook_deliveries).where(_is_at(key, tries)).values(values))).rowcount > 0


async def delete_old(connection: AsyncConnection, before: datetime, most: int) -> int:
    """Delete up to `most` deliveries of old events whose webhook is in no settings; returns their number."""
    chosen = select(_COLUMNS.key).where(_COLUMNS.created_at < before).limit(most)
    return (await connection.execute(delete(webhook_deliveries).where(_COLUMNS.key.in_(chosen)))).rowcount


def _is_at(key: str, tries: int) -> ColumnElement[bool]:
    return and_(_COLUMNS.key == key, _COLUMNS.tries == tries)
