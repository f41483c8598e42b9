"""The outcomes of rehearsals: one for each deployment, attempt and model."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from registry.database import Connection
from registry.deployment_tables import deployments, test_results
from registry.first_pages import FirstPage, Lists, first_pages_of
from registry.ids import encode_own_id, new_key
from registry.pages import Groups, Order, Page, Place, owned, page_of
from registry.records import Home, TestCheck, TestResult
from registry.snapshot_owners import OF_SNAPSHOT, SnapshotOwner, of_any
from registry.statements import chunks, insert

_COLUMNS = test_results.c
_ORDER = Order(_COLUMNS.at, _COLUMNS.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTestResult:
    """An outcome to be kept; see records.TestResult."""

    deployment_key: str
    attempt: int
    model_name: str
    at: datetime
    passed: bool
    job_name: str
    output_s3_uri: str | None
    checks: Sequence[TestCheck]


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which outcomes: of which groups, and of which snapshot."""

    groups: Groups
    account_id: str
    region: str
    snapshot_name: str
    snapshot_created_at: datetime


async def put(connection: Connection, new: NewTestResult) -> None:
    """Keeps an outcome; where there is one of this deployment, attempt and model already, that one stays."""
    row = asdict(new) | {"key": new_key(), "checks": [asdict(check) for check in new.checks]}
    await connection.execute(insert(connection, test_results).values(row).on_conflict_do_nothing())


async def by_keys(connection: Connection, keys: Collection[str]) -> Mapping[str, TestResult]:
    """The outcomes of these keys that there are, by key."""
    found: dict[str, TestResult] = {}
    for part in chunks(list(keys)):
        rows = await connection.execute(_select().where(_COLUMNS.key.in_(part)))
        found |= {row.key: _result(row) for row in rows}
    return found


async def of_attempts(connection: Connection, attempts: Mapping[str, int]) -> Mapping[str, TestResult]:
    """The outcome of each of these deployments' attempts: one that has not passed, else the last; by its key."""
    found: dict[str, TestResult] = {}
    for part in chunks(list(attempts)):
        theirs = _select().where(_COLUMNS.deployment_key.in_(part)).order_by(_COLUMNS.at, _COLUMNS.key)
        for row in await connection.execute(theirs):
            known = found.get(row.deployment_key)
            if row.attempt == attempts[row.deployment_key] and (known is None or known.passed):
                found[row.deployment_key] = _result(row)
    return found


async def page(
    connection: Connection, wanted: ResultFilter, first: int, after: Place | None = None
) -> Page[TestResult]:
    """A page of the outcomes, newest first."""
    return await page_of(connection, _select().where(_matches(wanted)), _ORDER, _result, first, after)


async def first_pages(
    connection: Connection, groups: Groups, snapshots: Collection[SnapshotOwner], first: int
) -> Mapping[SnapshotOwner, FirstPage[TestResult]]:
    """The newest outcomes of each snapshot, among those of these groups."""
    found: dict[Any, FirstPage[TestResult]] = {}
    for part in chunks(list(dict.fromkeys(snapshots))):
        theirs = _select().where(of_any(part), owned(deployments.c.group_name, groups))
        lists = Lists(_select(), theirs, OF_SNAPSHOT, _ORDER)
        found |= await first_pages_of(connection, lists, part, _result, first)
    return found


async def count(connection: Connection, wanted: ResultFilter) -> int:
    """How many of them there are."""
    counted = select(func.count()).select_from(test_results.join(deployments)).where(_matches(wanted))
    return (await connection.execute(counted)).scalar_one()


def _select() -> Select[Any]:
    places = (deployments.c.group_name, deployments.c.account_id, deployments.c.region)
    return select(*_COLUMNS, *places).select_from(test_results.join(deployments))


def _matches(wanted: ResultFilter) -> ColumnElement[bool]:
    return and_(
        owned(deployments.c.group_name, wanted.groups),
        deployments.c.account_id == wanted.account_id,
        deployments.c.region == wanted.region,
        deployments.c.snapshot_name == wanted.snapshot_name,
        deployments.c.snapshot_created_at == wanted.snapshot_created_at,
    )


def _result(row: Row[Any]) -> TestResult:
    return TestResult(
        id=encode_own_id("TestResult", row.key),
        home=Home(row.group_name, row.account_id, row.region),
        at=row.at,
        passed=row.passed,
        job_name=row.job_name,
        output_s3_uri=row.output_s3_uri,
        checks=tuple(TestCheck(**check) for check in row.checks),
    )
