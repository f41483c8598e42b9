"""A year and a half of a hundred deployments a day under `retention`: the size of the tables, and the time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import func, insert, make_url, select

from benchmarks.cases.case import BenchmarkCase, RunOptions
from benchmarks.databases import POSTGRES, SQLITE, database
from benchmarks.figures import BenchmarkResult, Goal, Table
from gateway.settings.server import RetentionSettings
from registry import retention
from registry.database import Connection, Database
from registry.deployment_tables import deployment_steps, deployments, test_results, tickets
from registry.ids import new_key
from registry.schema_versions import upgrade
from registry.tables import audit_events, import_runs

DAYS, PER_DAY = 550, 100
ENDPOINTS: Final = 50
MARKS: Final = (400, 475, 550)
"""Days after which the tables are measured; nothing is deleted before the first, but for import runs."""
DAYS_KEPT: Final = RetentionSettings()
BATCH: Final = 500
VACUUM_DAYS: Final = 5
"""Days between two vacuums: PostgreSQL vacuums by itself, but not within the second that a day takes here."""
MOST_GROWTH: Final = 1.1


@dataclass(frozen=True)
class Measured:
    """The tables at the end of a day.

    Attributes:
        day: Days since the beginning.
        rows: The deployments that are kept.
        size: Bytes of the database.
        seconds: The time of the day's retention.
    """

    day: int
    rows: int
    size: int
    seconds: float


def measure(_options: RunOptions) -> BenchmarkResult:
    """Let the years pass on each database."""
    runs: dict[str, Sequence[Measured]] = {}
    for kind in (SQLITE, POSTGRES):
        with database(kind) as url:
            runs[kind] = asyncio.run(_pass_years(kind, url))
    return result(runs)


async def _pass_years(kind: str, url: str) -> Sequence[Measured]:
    await upgrade(url)
    begin = datetime.now(UTC) - timedelta(days=DAYS + 1)
    measured: list[Measured] = []
    async with Database(url) as registry:
        for day in range(1, DAYS + 1):
            today = begin + timedelta(days=day)
            async with registry.writing() as connection:
                await _add_day(connection, day, today)
            begun = time.perf_counter()
            await _retain(registry, today)
            seconds = time.perf_counter() - begun
            if day % VACUUM_DAYS == 0:
                await asyncio.to_thread(_vacuum, url)
            if day in MARKS:
                measured.append(Measured(day, await _count(registry), await asyncio.to_thread(_size, url), seconds))
                print(f"  {kind}: {measured[-1]}", flush=True)
    return measured


async def _add_day(connection: Connection, day: int, today: datetime) -> None:
    """A day's deployments, one in five of which fails, with all that belongs to them."""
    keys = [new_key() for _ in range(PER_DAY)]
    rows = [_deployment(key, number, day, today) for number, key in enumerate(keys)]
    await connection.execute(insert(deployments), rows)
    steps = ("VERIFY", "REHEARSE", "COMPARE", "APPROVE", "LAUNCH")
    await connection.execute(insert(deployment_steps), [_step(key, name, today) for key in keys for name in steps])
    await connection.execute(insert(test_results), [_outcome(key, today) for key in keys])
    await connection.execute(insert(tickets), [_ticket(key, today) for key in keys])
    await connection.execute(insert(audit_events), [_event(key, today) for key in keys for _ in range(6)])
    await connection.execute(insert(import_runs), [_run(number, today) for number in range(PER_DAY // 5)])


async def _retain(registry: Database, today: datetime) -> None:
    """Delete as the loop does in a day, while AWS has none of the snapshots any more, and all of the endpoints."""
    old = today - timedelta(days=DAYS_KEPT.deployments_days)
    await _all(registry, retention.delete_audit_events, today - timedelta(days=DAYS_KEPT.audit_days))
    await _all(registry, retention.delete_import_runs, today - timedelta(days=DAYS_KEPT.import_runs_days))
    await _all(registry, retention.delete_forgettable_deployments, old)
    after = ""
    while True:
        async with registry.writing() as connection:
            rows = await retention.remembered_deployments(connection, old, BATCH, after)
            gone = [row.key for row in rows if row.runtime_name is None]
            await retention.delete_deployments(connection, gone, old)
        if len(rows) < BATCH:
            return
        after = rows[-1].key


async def _all(
    registry: Database, delete: Callable[[Connection, datetime, int], Awaitable[int]], before: datetime
) -> None:
    deleted = BATCH
    while deleted == BATCH:
        async with registry.writing() as connection:
            deleted = await delete(connection, before, BATCH)


async def _count(registry: Database) -> int:
    async with registry.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(deployments))).scalar_one()


def _vacuum(url: str) -> None:
    """Free the space of deleted rows in PostgreSQL; SQLite does so at once."""
    if not url.startswith("sqlite"):
        _ask_postgres(url, "VACUUM ANALYZE")


def _size(url: str) -> int:
    """Bytes of the database."""
    if url.startswith("sqlite"):
        folder = Path(str(make_url(url).database)).parent
        return sum(path.stat().st_size for path in folder.glob("registry.db*"))
    ((size,),) = _ask_postgres(url, "SELECT pg_database_size(current_database())")
    return int(size)


def _ask_postgres(url: str, statement: str) -> Sequence[Any]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        answer = connection.execute(statement.encode())
        return answer.fetchall() if answer.description else ()


def _deployment(key: str, number: int, day: int, today: datetime) -> dict[str, Any]:
    failed = number % 5 == 4
    return {
        "key": key,
        "group_name": "risk",
        "account_id": "111111111111",
        "region": "us-east-2",
        "snapshot_name": f"credit-risk-scorer-{day}-{number}",
        "snapshot_created_at": today,
        "snapshot_digest": "0" * 64,
        "state": "FAILED" if failed else "DEPLOYED",
        "since": today,
        "attempt": 1,
        "trigger": "NEW_SNAPSHOT",
        "rehearse": True,
        "launch": True,
        "runtime_name": None if failed else f"scorer-{number % ENDPOINTS}",
        "started_by": f"user{number % 20}",
        "started_at": today,
        "ended_at": today,
        "decision_outcome": "APPROVED",
        "decision_by": "eve",
        "decision_at": today,
    }


def _step(key: str, name: str, today: datetime) -> dict[str, Any]:
    row = {"deployment_key": key, "attempt": 1, "name": name, "model_name": "", "state": "DONE"}
    return row | {"started_at": today, "ended_at": today, "detail": "All that was required was there."}


def _outcome(key: str, today: datetime) -> dict[str, Any]:
    check = {"name": "rows", "passed": True, "expected": "2", "actual": "2"}
    place = {"job_name": f"sagegraph-{key[-10:]}-1", "output_s3_uri": f"s3://bucket/rehearsals/{key}/"}
    row = {"key": new_key(), "deployment_key": key, "attempt": 1, "model_name": "scorer", "at": today, "passed": True}
    return row | place | {"checks": [check] * 5}


def _ticket(key: str, today: datetime) -> dict[str, Any]:
    row = {"deployment_key": key, "attempt": 1, "kind": "APPROVAL", "ticket_key": f"SG-{key[-6:]}", "status": "Done"}
    return row | {"intended_at": today, "filed_at": today, "closed_at": today, "tries": 0}


def _event(key: str, today: datetime) -> dict[str, Any]:
    row = {"key": new_key(), "at": today, "actor": "ann", "group_name": "risk", "action": "deployment.launch"}
    role = {"role_arn": "arn:aws:iam::111111111111:role/risk", "request_id": key}
    return row | role | {"target": f"Deployment {key}", "outcome": "SUCCEEDED", "aws_request_ids": [key, key]}


def _run(number: int, today: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {"key": new_key(), "group_name": "risk", "account_id": "111111111111", "region": "us-east-2"}
    row |= {"model_name": f"scorer-{number}", "state": "DONE", "phase": "Done", "done": 6, "total": 6}
    return row | {"started_by": "ann", "started_at": today, "ended_at": today, "wishes": {}, "problems": []}


def result(runs: Mapping[str, Sequence[Measured]]) -> BenchmarkResult:
    """Sum up the marks of the runs, by database, and compare the last mark with the one before it."""
    rows = [
        [f"{kind}, day {mark.day}", str(mark.rows), f"{mark.size / 2**20:.0f}", f"{mark.seconds * 1000:.0f}"]
        for kind, marks in runs.items()
        for mark in marks
    ]
    goals = [_bounded(kind, marks) for kind, marks in runs.items()]
    figures = {kind: [vars(mark) for mark in marks] for kind, marks in runs.items()}
    return BenchmarkResult([Table(["tables", "deployments", "MiB", "ms of the day"], rows)], goals, figures)


def _bounded(kind: str, marks: Sequence[Measured]) -> Goal:
    growth = marks[-1].size / marks[-2].size
    text = f"{kind}: from day {marks[-2].day} to day {marks[-1].day} the tables grow at most {MOST_GROWTH:g} times"
    return Goal(text, f"{growth:.2f} times", growth <= MOST_GROWTH)


CASE = BenchmarkCase(
    "retention",
    f"{PER_DAY} deployments a day for {DAYS} days, with steps, results, tickets and audit events, and retention as "
    "it is by default: the size of the tables, and how long a day's deletion takes.",
    "Day 400 has 40,000 deployments, some 300 MiB; from then on nothing grows but what databases keep free. A day's "
    "deletion takes a second.",
    measure,
)
