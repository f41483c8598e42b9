"""Lists of deployments as clients see them, and the first pages of many lists at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Row, Select, and_, exists, not_, select, true, tuple_

from registry import deployment_assets, deployment_steps, test_results, tickets
from registry.database import Connection
from registry.deployment_orders import DEPLOYMENT_ORDER, ENDED_OR_GOING_ON
from registry.deployment_records import Deployment, DeploymentScope, DeploymentStep
from registry.deployment_rows import (
    ENDED_STATES,
    SNAPSHOT_KEY_COLUMNS,
    SnapshotKey,
    decision_from_row,
    has_snapshot_name_of,
)
from registry.deployment_tables import deployment_registrations, deployments
from registry.enums import DeploymentState, DeploymentStepName, DeploymentTrigger, StepState
from registry.ids import encode_own_id
from registry.pages import (
    FirstPage,
    KeyedLists,
    KeysetOrder,
    KeysetPosition,
    ListKey,
    Page,
    VisibleGroups,
    first_pages_from_rows,
    first_rows_by_list,
    in_groups,
    rows_after,
)
from registry.queries import count_rows, rows_in
from registry.upserts import chunks

_COLUMNS = deployments.c
_RIVALS: Final = deployments.alias("rivals")
_HAS_RIVAL: Final = (
    exists()
    .where(
        _RIVALS.c.active_key.is_not(None),
        _RIVALS.c.key != _COLUMNS.key,
        _RIVALS.c.account_id == _COLUMNS.account_id,
        _RIVALS.c.region == _COLUMNS.region,
        _RIVALS.c.snapshot_name == _COLUMNS.snapshot_name,
    )
    .correlate(deployments)
)
_STEP_NAMES: Final = tuple(DeploymentStepName)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentCriteria:
    """Criteria of deployments: their groups, and filters.

    Attributes:
        groups: The groups whose deployments match.
        states: Their states; None for any, as with all that follow.
        account_id: The AWS account, with `region`.
        region: The AWS region.
        snapshot_name: The snapshot's name.
        snapshot_created_at: The snapshot's creation time.
        registration_key: The key of the registration of one of the snapshot's models.
        import_run_key: The key of the run that started them.
        keys: Their keys.
        superseded: True if another deployment of the snapshot is under way, so that they cannot begin again.
        runtime_name: The name of the endpoint that they launched.
        started_by: The caller who started them.
        started_after: The moment after which they were started.
        started_before: The moment before which they were started.
    """

    groups: VisibleGroups
    states: Collection[DeploymentState] | None = None
    account_id: str | None = None
    region: str | None = None
    snapshot_name: str | None = None
    snapshot_created_at: datetime | None = None
    registration_key: str | None = None
    import_run_key: str | None = None
    keys: Collection[str] | None = None
    superseded: bool | None = None
    runtime_name: str | None = None
    started_by: str | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None


async def by_key(connection: Connection, key: str) -> Deployment | None:
    """The deployment of this key; None if there is none."""
    return (await by_keys(connection, [key])).get(key)


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, Deployment]:
    """The deployments with these keys, by key; keys without a deployment are left out."""
    rows = await rows_in(connection, select(deployments), _COLUMNS.key, keys)
    return dict(zip([row.key for row in rows], await load_deployments(connection, rows), strict=True))


async def page(
    connection: Connection,
    criteria: DeploymentCriteria,
    first: int,
    after: KeysetPosition | None = None,
    order: KeysetOrder = DEPLOYMENT_ORDER,
) -> Page[Deployment]:
    """A page of the deployments, the last started first unless `order` (registry.deployment_orders) says otherwise."""
    statement = select(deployments, ENDED_OR_GOING_ON).where(_condition(criteria))
    rows, more = await rows_after(connection, statement, order, first, after)
    return Page(await load_deployments(connection, rows), tuple(map(order.position, rows)), more)


async def newest_keys(connection: Connection, criteria: DeploymentCriteria, most: int) -> Sequence[str]:
    """The keys of the matching deployments that were started last, at most `most` of them."""
    statement = (
        select(_COLUMNS.key).where(_condition(criteria)).order_by(_COLUMNS.started_at.desc(), _COLUMNS.key.desc())
    )
    return (await connection.execute(statement.limit(most))).scalars().all()


async def count(connection: Connection, criteria: DeploymentCriteria) -> int:
    """Count the deployments that match the criteria."""
    return await count_rows(connection, deployments, _condition(criteria))


async def superseded(connection: Connection, keys: Collection[str]) -> frozenset[str]:
    """The keys among these whose deployment cannot begin again: another one of its snapshot is under way."""
    result: set[str] = set()
    for part in chunks(list(keys)):
        result |= set(await connection.scalars(select(_COLUMNS.key).where(_COLUMNS.key.in_(part), _HAS_RIVAL)))
    return frozenset(result)


def _condition(criteria: DeploymentCriteria) -> ColumnElement[bool]:
    columns = deployment_registrations.c
    of_registration = select(columns.deployment_key).where(columns.registration_key == criteria.registration_key)
    values = {
        _COLUMNS.account_id: criteria.account_id,
        _COLUMNS.region: criteria.region,
        _COLUMNS.snapshot_name: criteria.snapshot_name,
        _COLUMNS.snapshot_created_at: criteria.snapshot_created_at,
        _COLUMNS.import_run_key: criteria.import_run_key,
        _COLUMNS.runtime_name: criteria.runtime_name,
        _COLUMNS.started_by: criteria.started_by,
    }
    return and_(
        in_groups(_COLUMNS.group_name, criteria.groups),
        true() if criteria.keys is None else _COLUMNS.key.in_(criteria.keys),
        true() if criteria.superseded is None else (_HAS_RIVAL if criteria.superseded else not_(_HAS_RIVAL)),
        true() if criteria.states is None else _COLUMNS.state.in_([state.value for state in criteria.states]),
        true() if criteria.started_after is None else _COLUMNS.started_at > criteria.started_after,
        true() if criteria.started_before is None else _COLUMNS.started_at < criteria.started_before,
        true() if criteria.registration_key is None else _COLUMNS.key.in_(of_registration),
        *(column == value for column, value in values.items() if value is not None),
    )


async def load_deployments(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Deployment, ...]:
    """The deployments of rows, with their steps, tickets, results, registrations and verified assets."""
    attempts = {row.key: row.attempt for row in rows}
    steps = await deployment_steps.of_deployments(connection, attempts)
    filed = await tickets.of_deployments(connection, attempts)
    results = await test_results.of_attempts(connection, attempts)
    linked = await registration_ids_of(connection, attempts)
    verified = await deployment_assets.of_deployments(connection, attempts)
    return tuple(
        Deployment(
            id=encode_own_id("Deployment", row.key),
            state=DeploymentState(row.state),
            trigger=DeploymentTrigger(row.trigger),
            group=row.group_name,
            account_id=row.account_id,
            region=row.region,
            registration_ids=linked[row.key],
            snapshot_name=row.snapshot_name,
            snapshot_created_at=row.snapshot_created_at,
            runtime_name=row.runtime_name,
            requested_runtime_name=row.runtime_wish,
            replaces_name=row.runtime_before,
            reason=row.reason,
            steps=_steps(row, steps[row.key]),
            tickets=filed[row.key],
            decision=decision_from_row(row),
            test_result=results.get(row.key),
            started_by=row.started_by,
            started_at=row.started_at,
            ended_at=row.ended_at,
            assets=verified[row.key],
            snapshot_author=row.snapshot_author,
            rollout=row.rollout,
        )
        for row in rows
    )


async def registration_ids_of(connection: Connection, keys: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The ids of the registrations of each deployment's models, by the key of the deployment."""
    columns = deployment_registrations.c
    result: dict[str, list[str]] = {key: [] for key in keys}
    for part in chunks(list(keys)):
        statement = select(deployment_registrations).where(columns.deployment_key.in_(part)).order_by(columns.ordinal)
        for row in await connection.execute(statement):
            result[row.deployment_key].append(encode_own_id("Registration", row.registration_key))
    return {key: tuple(rows) for key, rows in result.items()}


def _steps(row: Row[Any], steps: Sequence[Any]) -> tuple[DeploymentStep, ...]:
    """The steps of the present attempt in their order; a step without a row is to come, or was left out."""
    home = DeploymentScope(row.group_name, row.account_id, row.region)
    missing = StepState.SKIPPED if DeploymentState(row.state) in ENDED_STATES else StepState.PENDING
    own = sorted((step for step in steps if step.attempt == row.attempt), key=lambda step: step.model_name)
    deployment_steps: list[DeploymentStep] = []
    for name in _STEP_NAMES:
        known = [_step_from_row(home, step) for step in own if step.name == name.value]
        deployment_steps += known or [_missing_step(home, name, missing)]
    return tuple(deployment_steps)


def _step_from_row(home: DeploymentScope, row: Any) -> DeploymentStep:
    return DeploymentStep(
        home=home,
        name=DeploymentStepName(row.name),
        state=StepState(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        detail=row.detail,
        job_name=row.job_name,
    )


def _missing_step(home: DeploymentScope, name: DeploymentStepName, state: StepState) -> DeploymentStep:
    return DeploymentStep(home=home, name=name, state=state, started_at=None, ended_at=None, detail=None, job_name=None)


async def first_pages_of_registrations(
    connection: Connection, keys: Collection[str], first: int
) -> Mapping[str, FirstPage[Deployment]]:
    """The `first` last started deployments of each registration's snapshots, by the registration's key."""
    link = deployment_registrations.c
    which = select(deployments).join(deployment_registrations)
    return await _first_pages_by_key(connection, which, link.registration_key, keys, first)


async def first_pages_of_import_runs(
    connection: Connection, keys: Collection[str], first: int
) -> Mapping[str, FirstPage[Deployment]]:
    """The `first` last started deployments of each import, by the key of its run."""
    return await _first_pages_by_key(connection, select(deployments), _COLUMNS.import_run_key, keys, first)


async def first_pages_of_snapshots(
    connection: Connection, groups: VisibleGroups, snapshots: Collection[SnapshotKey], first: int
) -> Mapping[SnapshotKey, FirstPage[Deployment]]:
    """The `first` last started deployments of each snapshot, among those of these groups."""
    pages: dict[Any, FirstPage[Deployment]] = {}
    for part in chunks(list(dict.fromkeys(snapshots))):
        which = select(deployments).where(has_snapshot_name_of(part), in_groups(_COLUMNS.group_name, groups))
        pages |= await _first_pages(connection, which, SNAPSHOT_KEY_COLUMNS, part, first)
    return pages


RuntimeKey = tuple[str, str, str]
"""The account, region and name of an endpoint."""


async def first_pages_of_runtimes(
    connection: Connection, groups: VisibleGroups, runtimes: Collection[RuntimeKey], first: int
) -> Mapping[RuntimeKey, FirstPage[Deployment]]:
    """The `first` last started deployments that launched each endpoint, among those of these groups."""
    columns = (_COLUMNS.account_id, _COLUMNS.region, _COLUMNS.runtime_name)
    pages: dict[Any, FirstPage[Deployment]] = {}
    for part in chunks(list(dict.fromkeys(runtimes))):
        which = select(deployments).where(tuple_(*columns).in_(part), in_groups(_COLUMNS.group_name, groups))
        pages |= await _first_pages(connection, which, columns, part, first)
    return pages


async def _first_pages_by_key(
    connection: Connection, which: Select[Any], owner: Column[str], keys: Collection[str], first: int
) -> Mapping[str, FirstPage[Deployment]]:
    first_pages: dict[str, FirstPage[Deployment]] = {}
    for part in chunks(list(dict.fromkeys(keys))):
        owners = [(key,) for key in part]
        pages = await _first_pages(connection, which.where(owner.in_(part)), (owner,), owners, first)
        first_pages |= {key: page for (key,), page in pages.items()}
    return first_pages


async def _first_pages(
    connection: Connection, which: Select[Any], owner: Sequence[Column[Any]], owners: Collection[ListKey], first: int
) -> Mapping[ListKey, FirstPage[Deployment]]:
    lists = KeyedLists(select(deployments), which, owner, DEPLOYMENT_ORDER)
    result = await first_rows_by_list(connection, lists, first)
    rows = {row.key: row for group, _ in result.values() for row in group}
    known = dict(zip(rows, await load_deployments(connection, list(rows.values())), strict=True))
    return first_pages_from_rows(result, owners, lambda row: known[row.key], DEPLOYMENT_ORDER, first)
