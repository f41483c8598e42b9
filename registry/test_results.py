"""The outcomes of rehearsals: one for each deployment, attempt and model."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select

from registry.database import Connection
from registry.deployment_records import DeploymentScope, TestCheck, TestResult
from registry.deployment_rows import SNAPSHOT_KEY_COLUMNS, SnapshotKey, has_snapshot_name_of
from registry.deployment_tables import deployments, test_results
from registry.ids import encode_own_id, new_key
from registry.pages import (
    FirstPage,
    KeyedLists,
    KeysetOrder,
    KeysetPosition,
    Page,
    VisibleGroups,
    first_pages_of,
    in_groups,
    page_of,
)
from registry.queries import count_rows, rows_in
from registry.upserts import chunks, insert

_COLUMNS = test_results.c
_ORDER = KeysetOrder(_COLUMNS.at, _COLUMNS.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTestResult:
    """An outcome to be kept.

    Attributes:
        deployment_key: The key of the deployment.
        attempt: The attempt that it belongs to.
        model_name: The model that was rehearsed.
        at: The present time.
        passed: True if every check passed.
        job_name: The transform job that it rests on.
        output_s3_uri: The job's output in S3; None if there is none.
        checks: The comparisons.
    """

    deployment_key: str
    attempt: int
    model_name: str
    at: datetime
    passed: bool
    job_name: str
    output_s3_uri: str | None
    checks: Sequence[TestCheck]


@dataclass(frozen=True, slots=True)
class ResultCriteria:
    """Criteria of outcomes.

    Attributes:
        groups: The groups whose outcomes match.
        account_id: The AWS account of the snapshot.
        region: The AWS region of the snapshot.
        snapshot_name: The snapshot's name.
        snapshot_created_at: The snapshot's creation time.
    """

    groups: VisibleGroups
    account_id: str
    region: str
    snapshot_name: str
    snapshot_created_at: datetime


async def insert_once(connection: Connection, new: NewTestResult) -> None:
    """Keep an outcome unless the deployment, attempt and model of `new` have one already."""
    row = asdict(new) | {"key": new_key(), "checks": [asdict(check) for check in new.checks]}
    await connection.execute(insert(connection, test_results).values(row).on_conflict_do_nothing())


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, TestResult]:
    """The outcomes with these keys, by key; keys without an outcome are left out."""
    return {row.key: _result_from_row(row) for row in await rows_in(connection, _select(), _COLUMNS.key, keys)}


async def of_attempts(connection: Connection, attempts: Mapping[str, int]) -> Mapping[str, TestResult]:
    """The outcome of each deployment's attempt, by the deployment's key: the last one, or one that has not passed."""
    test_results: dict[str, TestResult] = {}
    for part in chunks(list(attempts)):
        statement = _select().where(_COLUMNS.deployment_key.in_(part)).order_by(_COLUMNS.at, _COLUMNS.key)
        for row in await connection.execute(statement):
            known = test_results.get(row.deployment_key)
            if row.attempt == attempts[row.deployment_key] and (known is None or known.passed):
                test_results[row.deployment_key] = _result_from_row(row)
    return test_results


async def page(
    connection: Connection, criteria: ResultCriteria, first: int, after: KeysetPosition | None = None
) -> Page[TestResult]:
    """A page of the outcomes, newest first."""
    return await page_of(connection, _select().where(_condition(criteria)), _ORDER, _result_from_row, first, after)


async def first_pages(
    connection: Connection, groups: VisibleGroups, snapshots: Collection[SnapshotKey], first: int
) -> Mapping[SnapshotKey, FirstPage[TestResult]]:
    """The `first` newest outcomes of each snapshot, among those of these groups."""
    pages: dict[Any, FirstPage[TestResult]] = {}
    for part in chunks(list(dict.fromkeys(snapshots))):
        statement = _select().where(has_snapshot_name_of(part), in_groups(deployments.c.group_name, groups))
        lists = KeyedLists(_select(), statement, SNAPSHOT_KEY_COLUMNS, _ORDER)
        pages |= await first_pages_of(connection, lists, part, _result_from_row, first)
    return pages


async def count(connection: Connection, criteria: ResultCriteria) -> int:
    """Count the results that match the criteria."""
    return await count_rows(connection, test_results.join(deployments), _condition(criteria))


def _select() -> Select[Any]:
    places = (deployments.c.group_name, deployments.c.account_id, deployments.c.region)
    return select(*_COLUMNS, *places).select_from(test_results.join(deployments))


def _condition(criteria: ResultCriteria) -> ColumnElement[bool]:
    return and_(
        in_groups(deployments.c.group_name, criteria.groups),
        deployments.c.account_id == criteria.account_id,
        deployments.c.region == criteria.region,
        deployments.c.snapshot_name == criteria.snapshot_name,
        deployments.c.snapshot_created_at == criteria.snapshot_created_at,
    )


def _result_from_row(row: Row[Any]) -> TestResult:
    return TestResult(
        id=encode_own_id("TestResult", row.key),
        home=DeploymentScope(row.group_name, row.account_id, row.region),
        at=row.at,
        passed=row.passed,
        job_name=row.job_name,
        output_s3_uri=row.output_s3_uri,
        checks=tuple(TestCheck(**check) for check in row.checks),
    )
