"""Retention: delete, in small steps, records that ended long ago and that nothing depends on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, or_, select, tuple_

from registry.database import Connection
from registry.deployment_rows import ENDED_STATES
from registry.deployment_tables import deployments, leftovers, tickets, watch_marks
from registry.enums import DeploymentState
from registry.tables import audit_events, elements, import_runs, later_elements, registrations

_COLUMNS = deployments.c
_LATER: Final = deployments.alias("later")
_ENDED: Final = _COLUMNS.state.in_([state.value for state in ENDED_STATES])
_DEPLOYED: Final = DeploymentState.DEPLOYED.value
_CANCELLED: Final = DeploymentState.CANCELLED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedDeployment:
    """An old deployment that is kept while AWS has its endpoint or snapshot.

    Attributes:
        key: The key of its row.
        group: The group whose role it used.
        account_id: The AWS account.
        region: The AWS region.
        runtime_name: The endpoint that it launched, if no later deployment was launched on it; else None.
        snapshot_name: The snapshot.
        snapshot_created_at: The snapshot's creation time.
        bars: True if its starter must not decide about the snapshot, or the watch must not begin it again.
    """

    key: str
    group: str
    account_id: str
    region: str
    runtime_name: str | None
    snapshot_name: str
    snapshot_created_at: datetime
    bars: bool

    @property
    def position(self) -> str:
        """Its position in the list of all."""
        return self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLongAgo:
    """A mark of an old snapshot that was seen for a registration.

    Attributes:
        registration_key: The key of the registration.
        group: Its group.
        account_id: The AWS account.
        region: The AWS region.
        snapshot_name: The snapshot.
        snapshot_created_at: The snapshot's creation time.
    """

    registration_key: str
    group: str
    account_id: str
    region: str
    snapshot_name: str
    snapshot_created_at: datetime

    @property
    def position(self) -> tuple[datetime, str, str]:
        """Its position in the list of all."""
        return self.snapshot_created_at, self.registration_key, self.snapshot_name


async def delete_audit_events(connection: Connection, before: datetime, most: int) -> int:
    """Delete the oldest events before a moment, at most `most`; returns their number.

    Raises:
        RegistryError: Some are of the last 30 days, which the database keeps.
    """
    columns = audit_events.c
    oldest = select(columns.key).where(columns.at < before).order_by(columns.at, columns.key).limit(most)
    return (await connection.execute(delete(audit_events).where(columns.key.in_(oldest)))).rowcount


async def delete_import_runs(connection: Connection, before: datetime, most: int) -> int:
    """Delete the oldest runs that ended before a moment, with their changes, at most `most`; returns their number."""
    columns = import_runs.c
    over = and_(columns.active_key.is_(None), columns.started_at < before, columns.ended_at < before)
    oldest = select(columns.key).where(over).order_by(columns.started_at).limit(most)
    return (await connection.execute(delete(import_runs).where(over, columns.key.in_(oldest)))).rowcount


async def delete_vanished_elements(connection: Connection, before: datetime, most: int) -> int:
    """Delete the elements that have been missing in AWS since before a moment, at most `most`; returns their number.

    Within each table the first missing is deleted first.
    """
    deleted = 0
    for table in (elements, later_elements):
        columns = table.c
        missed = columns.vanished_at < before
        oldest = select(columns.key).where(missed).order_by(columns.vanished_at).limit(most - deleted)
        deleted += (await connection.execute(delete(table).where(missed, columns.key.in_(oldest)))).rowcount
        if deleted >= most:
            break
    return deleted


async def seen_long_ago(
    connection: Connection, before: datetime, most: int, after: tuple[datetime, str, str] | None = None
) -> Sequence[SeenLongAgo]:
    """The marks of snapshots that were created `before` a moment, oldest first, at most `most` behind `after`."""
    columns, places = watch_marks.c, registrations.c
    order = (columns.snapshot_created_at, columns.registration_key, columns.snapshot_name)
    behind = [] if after is None else [tuple_(*order) > after]
    statement = (
        select(*columns, places.group_name, places.account_id, places.region)
        .join_from(watch_marks, registrations)
        .where(columns.snapshot_created_at < before, *behind)
    )
    return [
        SeenLongAgo(
            registration_key=row.registration_key,
            group=row.group_name,
            account_id=row.account_id,
            region=row.region,
            snapshot_name=row.snapshot_name,
            snapshot_created_at=row.snapshot_created_at,
        )
        for row in await connection.execute(statement.order_by(*order).limit(most))
    ]


async def delete_marks(connection: Connection, marks: Collection[SeenLongAgo]) -> None:
    """Delete these marks, so that their snapshots count as unseen."""
    columns = watch_marks.c
    for mark in marks:
        at, key, name = mark.position
        same = (columns.snapshot_created_at == at, columns.registration_key == key, columns.snapshot_name == name)
        await connection.execute(delete(watch_marks).where(*same))


async def delete_forgettable_deployments(connection: Connection, before: datetime, most: int) -> int:
    """Delete the oldest deployments that ended before a moment, at most `most`; returns their number.

    Deployments that still tell something about an endpoint or a snapshot stay; see `remembered_deployments`.
    """
    over = and_(_is_over(before), not_(_LAST_OF_RUNTIME), not_(_BARS))
    oldest = select(_COLUMNS.key).where(over).order_by(_COLUMNS.started_at, _COLUMNS.key).limit(most)
    statement = delete(deployments).where(_ENDED, _COLUMNS.ended_at < before, _COLUMNS.key.in_(oldest))
    return (await connection.execute(statement)).rowcount


async def remembered_deployments(
    connection: Connection, before: datetime, most: int, after: str | None = None
) -> Sequence[RememberedDeployment]:
    """The deployments that ended before a moment and are kept while AWS has their endpoint or snapshot, by key.

    They are the last one that was launched on each endpoint; for each snapshot and person, the last one that this
    person started and that did not reach DEPLOYED, because nobody decides about their own; and the last cancelled one
    of each snapshot, which the watch does not begin again.

    Args:
        connection: A transaction.
        before: The moment.
        most: The most deployments.
        after: The key of the last one of the previous call; None for the first call.
    """
    selected = and_(_is_over(before), or_(_LAST_OF_RUNTIME, _BARS), _COLUMNS.key > (after or ""))
    columns = (_LAST_OF_RUNTIME.label("last_of_runtime"), _BARS.label("bars"))
    rows = await connection.execute(select(deployments, *columns).where(selected).order_by(_COLUMNS.key).limit(most))
    return [
        RememberedDeployment(
            key=row.key,
            group=row.group_name,
            account_id=row.account_id,
            region=row.region,
            runtime_name=row.runtime_name if row.last_of_runtime else None,
            snapshot_name=row.snapshot_name,
            snapshot_created_at=row.snapshot_created_at,
            bars=bool(row.bars),
        )
        for row in rows
    ]


async def delete_deployments(connection: Connection, keys: Collection[str], before: datetime) -> int:
    """Delete those of these deployments that ended before a moment, if they still have; returns their number."""
    statement = delete(deployments).where(_is_over(before), _COLUMNS.key.in_(keys))
    return (await connection.execute(statement)).rowcount


def _is_later(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition for a deployment that was started after this one, or in the same moment with a later key."""
    started = _LATER.c.started_at
    after = or_(started > _COLUMNS.started_at, and_(started == _COLUMNS.started_at, _LATER.c.key > _COLUMNS.key))
    place = (_LATER.c.account_id == _COLUMNS.account_id, _LATER.c.region == _COLUMNS.region)
    return exists().where(*place, after, *conditions).correlate(deployments)


def _is_over(before: datetime) -> ColumnElement[bool]:
    """Condition for a deployment that ended before a moment and has nothing under way: no cleanup, no ticket.

    The one with the last ticket stays: SQLite would give the number of that ticket again.
    """
    own = tickets.c.deployment_key == _COLUMNS.key
    unfiled = and_(tickets.c.filed_at.is_(None), or_(tickets.c.closed_at.is_(None), tickets.c.sent_at.is_not(None)))
    last = tickets.c.number == select(func.max(tickets.c.number)).scalar_subquery()
    in_hand = exists().where(own, or_(unfiled, tickets.c.astray_at.is_not(None), last)).correlate(deployments)
    left = exists().where(leftovers.c.deployment_key == _COLUMNS.key).correlate(deployments)
    return and_(_ENDED, _COLUMNS.started_at < before, _COLUMNS.ended_at < before, not_(in_hand), not_(left))


def _same_snapshot() -> tuple[Any, ...]:
    return tuple(_LATER.c[name] == _COLUMNS[name] for name in ("snapshot_name", "snapshot_created_at"))


_LAST_OF_RUNTIME: Final = and_(
    _COLUMNS.runtime_name.is_not(None),
    not_(_is_later(_LATER.c.runtime_name == _COLUMNS.runtime_name, _LATER.c.state == _DEPLOYED)),
)
_BARS: Final = or_(
    and_(
        _COLUMNS.state != _DEPLOYED,
        not_(_is_later(*_same_snapshot(), _LATER.c.started_by == _COLUMNS.started_by, _LATER.c.state != _DEPLOYED)),
    ),
    and_(_COLUMNS.state == _CANCELLED, not_(_is_later(*_same_snapshot(), _LATER.c.state == _CANCELLED))),
)
