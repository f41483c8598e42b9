"""The audit: one event for each action, with its actor, role, target and outcome. Events are only ever added.

There is no function here that changes or deletes one, and the database refuses to change one, or to delete one of the
last 30 days; see the migrations, and `retention.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, tuple_

from registry.changes import note_audited
from registry.database import Connection
from registry.enums import AuditOutcome
from registry.ids import encode_own_id, key_of, new_key
from registry.pages import KeysetOrder, KeysetPosition, Page, VisibleGroups, in_groups, page_of
from registry.queries import count_rows, rows_in
from registry.records import AuditEvent
from registry.storable_text import replace_unstorable
from registry.tables import audit_events

_COLUMNS = audit_events.c
_ORDER = KeysetOrder(_COLUMNS.at, _COLUMNS.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuditEvent:
    """An event to be kept; its fields are those of `records.AuditEvent`.

    Attributes:
        at: The time of the action.
        actor: The caller, or `sagegraph` for the gateway's own work.
        group: The group that the actor acted for; None if for none.
        role_arn: The AWS role that was used; None if none was.
        action: The name of the action, such as `importModel`.
        target: The id or name that the action was about; None if it was about none.
        outcome: Success, refusal or failure.
        detail: A sentence, such as the reason of a refusal.
        request_id: The id of the request; None for background work.
        aws_request_ids: AWS's ids of the calls that the action made.
    """

    at: datetime
    actor: str
    group: str | None = None
    role_arn: str | None = None
    action: str
    target: str | None = None
    outcome: AuditOutcome
    detail: str | None = None
    request_id: str | None = None
    aws_request_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCriteria:
    """Criteria of events; None asks for nothing.

    Attributes:
        groups: The groups whose events match.
        actor: The caller, exactly.
        action: The name of the action, exactly.
        outcome: The outcome.
        occurred_after: The moment after which the event happened, exclusive.
        occurred_before: The moment before which it happened, exclusive.
    """

    groups: VisibleGroups
    actor: str | None = None
    action: str | None = None
    outcome: AuditOutcome | None = None
    occurred_after: datetime | None = None
    occurred_before: datetime | None = None


async def append(connection: Connection, event: NewAuditEvent) -> AuditEvent:
    """Append an event; characters that the database cannot store are replaced, so that no event is lost."""
    written = insert(audit_events).values(_row(event)).returning(*_COLUMNS)
    kept = _event_from_row((await connection.execute(written)).one())
    note_audited(connection, event.action, event.outcome.value)
    return kept


async def first_actor(
    connection: Connection, action: str, target: str, account_id: str, after: datetime, before: datetime
) -> str | None:
    """The first person who succeeded with an action on a target; None if nobody did.

    Args:
        connection: A transaction.
        action: The name of the action.
        target: The target, exactly.
        account_id: The AWS account of the role that was used; events without a role match, too.
        after: The beginning of the time span, exclusive.
        before: Its end, exclusive.
    """
    done = and_(
        _COLUMNS.at > after,
        _COLUMNS.at < before,
        _COLUMNS.action == action,
        _COLUMNS.target == target,
        _COLUMNS.outcome == AuditOutcome.SUCCEEDED.value,
        or_(_COLUMNS.role_arn.is_(None), _COLUMNS.role_arn.contains(f":{account_id}:", autoescape=True)),
    )
    first = select(_COLUMNS.actor).where(done).order_by(_COLUMNS.at, _COLUMNS.key).limit(1)
    return (await connection.execute(first)).scalar_one_or_none()


async def successes(connection: Connection, action: str, target: str, after: datetime | None) -> Sequence[AuditEvent]:
    """The events after a moment in which `action` succeeded on `target`, oldest first; None for all times."""
    done = and_(
        _COLUMNS.action == action,
        _COLUMNS.target == replace_unstorable(target),
        _COLUMNS.outcome == AuditOutcome.SUCCEEDED.value,
        *([] if after is None else [_COLUMNS.at > after]),
    )
    rows = await connection.execute(select(audit_events).where(done).order_by(_COLUMNS.at, _COLUMNS.key))
    return [_event_from_row(row) for row in rows]


async def by_key(connection: Connection, key: str) -> AuditEvent | None:
    """The event of this key; None if there is none."""
    return (await by_keys(connection, [key])).get(key)


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, AuditEvent]:
    """The events with these keys, by key; keys without an event are left out."""
    return {
        row.key: _event_from_row(row) for row in await rows_in(connection, select(audit_events), _COLUMNS.key, keys)
    }


async def page(
    connection: Connection, criteria: AuditCriteria, first: int, after: KeysetPosition | None = None
) -> Page[AuditEvent]:
    """A page of the matching events, newest first: the `first` ones behind the position `after`."""
    return await page_of(
        connection, select(audit_events).where(_condition(criteria)), _ORDER, _event_from_row, first, after
    )


async def export_batch(
    connection: Connection, since: datetime | None, until: datetime | None, most: int, after: AuditEvent | None = None
) -> Sequence[AuditEvent]:
    """The events between two moments, oldest first, at most `most` of them.

    Args:
        connection: A transaction.
        since: The first moment, inclusive; None for the beginning.
        until: The end, exclusive; None for no end.
        most: The size of the batch.
        after: The last event of the batch before; None for the first batch.
    """
    conditions = [] if since is None else [_COLUMNS.at >= since]
    conditions += [] if until is None else [_COLUMNS.at < until]
    if after is not None:
        conditions.append(tuple_(_COLUMNS.at, _COLUMNS.key) > (after.at, key_of(after.id, "AuditEvent")))
    statement = select(audit_events).where(*conditions).order_by(_COLUMNS.at, _COLUMNS.key).limit(most)
    return [_event_from_row(row) for row in await connection.execute(statement)]


async def count(connection: Connection, criteria: AuditCriteria) -> int:
    """Count the events that match the criteria."""
    return await count_rows(connection, audit_events, _condition(criteria))


def _condition(criteria: AuditCriteria) -> ColumnElement[bool]:
    conditions = [in_groups(_COLUMNS.group_name, criteria.groups)]
    if criteria.actor is not None:
        conditions.append(_COLUMNS.actor == replace_unstorable(criteria.actor))
    if criteria.action is not None:
        conditions.append(_COLUMNS.action == replace_unstorable(criteria.action))
    if criteria.outcome is not None:
        conditions.append(_COLUMNS.outcome == criteria.outcome.value)
    if criteria.occurred_after is not None:
        conditions.append(_COLUMNS.at > criteria.occurred_after)
    if criteria.occurred_before is not None:
        conditions.append(_COLUMNS.at < criteria.occurred_before)
    return and_(*conditions)


def _row(event: NewAuditEvent) -> dict[str, Any]:
    return {
        "key": new_key(),
        "at": event.at,
        "actor": replace_unstorable(event.actor),
        "group_name": _storable_or_none(event.group),
        "role_arn": _storable_or_none(event.role_arn),
        "action": replace_unstorable(event.action),
        "target": _storable_or_none(event.target),
        "outcome": event.outcome.value,
        "detail": _storable_or_none(event.detail),
        "request_id": _storable_or_none(event.request_id),
        "aws_request_ids": list(map(replace_unstorable, event.aws_request_ids)),
    }


def _storable_or_none(text: str | None) -> str | None:
    return None if text is None else replace_unstorable(text)


def _event_from_row(row: Row[Any]) -> AuditEvent:
    return AuditEvent(
        id=encode_own_id("AuditEvent", row.key),
        at=row.at,
        actor=row.actor,
        group=row.group_name,
        role_arn=row.role_arn,
        action=row.action,
        target=row.target,
        outcome=AuditOutcome(row.outcome),
        detail=row.detail,
        request_id=row.request_id,
        aws_request_ids=tuple(row.aws_request_ids),
    )
