"""The deployments: one at a time for each snapshot. Each change is guarded by the state in which the row was read."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update

from registry.changes import note_change
from registry.database import Connection
from registry.deployment_records import DeploymentDecision
from registry.deployment_rows import ENDED_STATES, DeploymentRow, NewDeployment, deployment_row_from
from registry.deployment_tables import deployment_registrations, deployments
from registry.enums import BlockCause, DeploymentState
from registry.errors import RegistryConflictError
from registry.ids import new_key
from registry.queries import rows_in
from registry.storable_text import replace_unstorable
from registry.upserts import chunks, insert, insert_or_get_active
from registry.webhook_deliveries import has_webhooks
from registry.webhook_events import announce_deployment

_COLUMNS = deployments.c


async def start(connection: Connection, new: NewDeployment) -> tuple[DeploymentRow, bool]:
    """The deployment of this snapshot that is under way, of any group, and whether this call started it from `new`.

    Of concurrent calls one starts it, and the others wait and get that deployment. A BLOCKED deployment of another
    group gives way: that group may never get the missing permission or asset, and this group may have it.

    Raises:
        RegistryConflictError: Deployments of the snapshot kept starting and ending meanwhile.
    """
    row = _row(new)
    held_up = and_(_COLUMNS.state == DeploymentState.BLOCKED.value, _COLUMNS.group_name != new.group)
    condition = and_(_COLUMNS.active_key == row["active_key"], held_up)
    await connection.execute(update(deployments).where(condition).values(active_key=None))
    result = await insert_or_get_active(connection, deployments, row)
    if result is None:
        raise RegistryConflictError(
            f"Other deployments of {new.snapshot_name} started and ended during the attempt; try again."
        )
    holder, started = deployment_row_from(result[0]), result[1]
    if started:
        await note_change(connection, "Deployment", holder.key)
        await announce_deployment(connection, holder, None)
    return holder, started


async def active(connection: Connection, account_id: str, region: str, snapshot_name: str) -> DeploymentRow | None:
    """The deployment of a snapshot that is under way; None if there is none."""
    going_on = _COLUMNS.active_key == _active_key(account_id, region, snapshot_name)
    row = (await connection.execute(select(deployments).where(going_on))).one_or_none()
    return None if row is None else deployment_row_from(row)


async def by_key(connection: Connection, key: str) -> DeploymentRow | None:
    """The deployment of this key; None if there is none."""
    return (await by_keys(connection, [key])).get(key)


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, DeploymentRow]:
    """The deployments with these keys, by key; keys without a deployment are left out."""
    return {
        row.key: deployment_row_from(row) for row in await rows_in(connection, select(deployments), _COLUMNS.key, keys)
    }


async def in_states(connection: Connection, *states: DeploymentState) -> tuple[DeploymentRow, ...]:
    """Every deployment in one of these states, the oldest first."""
    statement = select(deployments).where(_COLUMNS.state.in_([state.value for state in states])).order_by(_COLUMNS.key)
    return tuple(deployment_row_from(row) for row in await connection.execute(statement))


async def blocked_for(connection: Connection, registration_key: str) -> tuple[DeploymentRow, ...]:
    """The BLOCKED deployments of a registration's model, the oldest first."""
    statement = select(deployment_registrations.c.deployment_key).where(
        deployment_registrations.c.registration_key == registration_key
    )
    held_up = and_(_COLUMNS.state == DeploymentState.BLOCKED.value, _COLUMNS.key.in_(statement))
    rows = await connection.execute(select(deployments).where(held_up).order_by(_COLUMNS.key))
    return tuple(deployment_row_from(row) for row in rows)


async def snapshots_of_run(connection: Connection, import_run_key: str) -> frozenset[str]:
    """The snapshots for which an import has started deployments."""
    statement = select(_COLUMNS.snapshot_name).where(_COLUMNS.import_run_key == import_run_key)
    return frozenset((await connection.execute(statement)).scalars())


async def is_unchanged(connection: Connection, expected: DeploymentRow) -> bool:
    """Tell whether a deployment has the state and attempt of `expected`; if so, lock it until the transaction ends."""
    return await _update(connection, expected, state=expected.state.value)


async def transition(
    connection: Connection,
    expected: DeploymentRow,
    to: DeploymentState,
    at: datetime,
    reason: str | None = None,
    blocked_by: BlockCause | None = None,
) -> bool:
    """Move a deployment from `expected` into another state; False, without a change, if it is not as expected.

    `reason` tells why it waits, failed or was refused (None clears it); `blocked_by` is the cause if it is BLOCKED.
    """
    values = _state_values(to, at) | {"blocked_by": None if blocked_by is None else blocked_by.value}
    return await _update(connection, expected, **values, reason=None if reason is None else replace_unstorable(reason))


async def decide(
    connection: Connection,
    expected: DeploymentRow,
    decision: DeploymentDecision,
    to: DeploymentState,
    at: datetime,
    reason: str | None,
) -> bool:
    """Record a decision and move the deployment from `expected` as `transition` does.

    The decision has its own time, which may be earlier than `at`.
    """
    return await _update(
        connection,
        expected,
        **_state_values(to, at),
        reason=reason,
        decision_outcome=decision.outcome.value,
        decision_by=decision.by,
        decision_at=decision.at,
        decision_comment=decision.comment,
    )


async def begin_next_attempt(
    connection: Connection, expected: DeploymentRow, at: datetime, reason: str | None = None
) -> bool:
    """Begin its next attempt, from the first step; False, without a change, if it is not as `expected`.

    Raises:
        RegistryConflictError: Another deployment of the snapshot is under way; raised by the end of the transaction.
    """
    return await _update(
        connection,
        expected,
        **_state_values(DeploymentState.VERIFYING, at),
        active_key=_active_key(expected.account_id, expected.region, expected.snapshot_name),
        attempt=expected.attempt + 1,
        reason=reason,
        runtime_before=None,
        runtime_name=None,
        runtime_modified_at=None,
        decision_outcome=None,
        decision_by=None,
        decision_at=None,
        decision_comment=None,
    )


async def pin_snapshot(
    connection: Connection, expected: DeploymentRow, created_at: datetime, digest: str, author: str | None = None
) -> bool:
    """Record the snapshot of its name that it is about; False if the deployment is not as `expected`.

    `digest` is that of the snapshot's variants, `author` its maker through the gateway (None if unknown).
    """
    values = {"snapshot_created_at": created_at, "snapshot_digest": digest, "snapshot_author": author}
    return await _update(connection, expected, **values)


async def unfinished_starters(connection: Connection, keys: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The people who started other deployments of each one's snapshot that did not reach DEPLOYED, by its key."""
    other = deployments.alias("other")
    same = and_(
        *(other.c[name] == _COLUMNS[name] for name in ("account_id", "region", "snapshot_name", "snapshot_created_at")),
        other.c.key != _COLUMNS.key,
        other.c.state != DeploymentState.DEPLOYED.value,
    )
    chosen = select(_COLUMNS.key, other.c.started_by).select_from(deployments.join(other, same)).distinct()
    result: dict[str, set[str]] = {key: set() for key in keys}
    for row in await rows_in(connection, chosen, _COLUMNS.key, keys):
        result[row.key].add(row.started_by)
    return {key: frozenset(starters) for key, starters in result.items()}


async def cancelled_snapshots(
    connection: Connection, account_id: str, region: str, names: Collection[str]
) -> frozenset[tuple[str, datetime]]:
    """The snapshots among these names of which a deployment was cancelled, by name and creation time."""
    cancelled = _COLUMNS.state == DeploymentState.CANCELLED.value
    result: set[tuple[str, datetime]] = set()
    for part in chunks(list(names)):
        here = (_COLUMNS.account_id == account_id, _COLUMNS.region == region, _COLUMNS.snapshot_name.in_(part))
        chosen = select(_COLUMNS.snapshot_name, _COLUMNS.snapshot_created_at).where(cancelled, *here)
        result |= {(row.snapshot_name, row.snapshot_created_at) for row in await connection.execute(chosen)}
    return frozenset(result)


async def record_runtime_snapshot(connection: Connection, expected: DeploymentRow, before: str | None) -> bool:
    """Record the snapshot that the requested endpoint runs now; False if the deployment is not as `expected`."""
    return await _update(connection, expected, runtime_before=before)


async def record_runtime_state(connection: Connection, expected: DeploymentRow, modified_at: datetime | None) -> bool:
    """Record AWS's last modification of the endpoint before its update; False if the row is not as `expected`."""
    return await _update(connection, expected, runtime_modified_at=modified_at)


async def record_launch(connection: Connection, expected: DeploymentRow, name: str) -> bool:
    """Record the endpoint whose launch has begun, and clear the reason.

    False, without a change, if an endpoint was recorded before, or the deployment is not as `expected`.
    """
    unnamed = and_(_is_as_expected(expected), _COLUMNS.runtime_name.is_(None))
    named = update(deployments).where(unnamed).values(runtime_name=name, reason=None)
    changed = (await connection.execute(named)).rowcount > 0
    if changed:
        await note_change(connection, "Deployment", expected.key)
    return changed


async def set_reason(connection: Connection, expected: DeploymentRow, reason: str | None) -> bool:
    """Set the sentence that tells why it waits (None: none); False if the deployment is not as `expected`."""
    return await _update(connection, expected, reason=None if reason is None else replace_unstorable(reason))


async def replace_registrations(connection: Connection, key: str, models: Sequence[tuple[str, str]]) -> None:
    """Replace the registrations of its snapshot's models, pairs of key and model name; those of other models go."""
    columns = deployment_registrations.c
    condition = and_(columns.deployment_key == key, columns.registration_key.not_in([item for item, _ in models]))
    await connection.execute(delete(deployment_registrations).where(condition))
    if models:
        rows = [
            {"deployment_key": key, "registration_key": registration, "ordinal": ordinal, "model_name": name}
            for ordinal, (registration, name) in enumerate(models)
        ]
        await connection.execute(insert(connection, deployment_registrations).on_conflict_do_nothing(), rows)


def _state_values(to: DeploymentState, at: datetime) -> dict[str, Any]:
    ended = {"active_key": None} if to in ENDED_STATES else {}
    ends_at = at if to in ENDED_STATES else None
    return {"state": to.value, "since": at, "ended_at": ends_at, "blocked_by": None, **ended}


async def _update(connection: Connection, expected: DeploymentRow, **values: Any) -> bool:
    """Change a deployment that is as expected, and no other, so that a late worker changes nothing."""
    statement = update(deployments).where(_is_as_expected(expected)).values(**values)
    changed = (await connection.execute(statement)).rowcount > 0
    if changed:
        await note_change(connection, "Deployment", expected.key)
        if values.get("state", expected.state.value) != expected.state.value or "attempt" in values:
            await _announce(connection, expected)
    return changed


async def _announce(connection: Connection, before: DeploymentRow) -> None:
    """Tell webhooks of a transition."""
    if has_webhooks(connection) and (row := await by_key(connection, before.key)) is not None:
        await announce_deployment(connection, row, before.state)


def _is_as_expected(expected: DeploymentRow) -> ColumnElement[bool]:
    return and_(
        _COLUMNS.key == expected.key, _COLUMNS.attempt == expected.attempt, _COLUMNS.state == expected.state.value
    )


def _active_key(account_id: str, region: str, snapshot_name: str) -> str:
    return json.dumps([account_id, region, snapshot_name])


def _row(new: NewDeployment) -> dict[str, Any]:
    return {
        "key": new_key(),
        "active_key": _active_key(new.account_id, new.region, new.snapshot_name),
        "group_name": new.group,
        "account_id": new.account_id,
        "region": new.region,
        "snapshot_name": new.snapshot_name,
        "snapshot_created_at": new.snapshot_created_at,
        "snapshot_digest": new.snapshot_digest,
        "state": DeploymentState.VERIFYING.value,
        "since": new.started_at,
        "attempt": 1,
        "trigger": new.trigger.value,
        "rehearse": new.rehearse,
        "launch": new.launch,
        "runtime_wish": new.runtime_wish,
        "retain_variant_properties": new.retain_variant_properties,
        "rollout": new.rollout,
        "started_by": new.started_by,
        "started_at": new.started_at,
        "import_run_key": new.import_run_key,
    }
