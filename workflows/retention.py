"""Retention: records that have ended are deleted after some days, in small steps, by one process of the fleet."""

import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol, TypeVar

from registry import deployments, import_runs, retention, tickets, webhook_deliveries
from registry.database import Connection, Database
from registry.deployment_rows import ENDED_STATES
from registry.errors import RegistryError
from registry.retention import RememberedDeployment, SeenLongAgo
from workflows.durable.engine import Engine
from workflows.durable.errors import DurableError
from workflows.group_access import GroupScopeOpener
from workflows.outlived import is_deployment_outlived, is_mark_outlived, outlived

INTERVAL_SECONDS: Final = 60.0
"""Seconds between two passes."""

_BATCH: Final = 500
# Batches of one sort in a pass; the rest is for the next.
_BATCHES: Final = 20
# A delivery is given up sooner; an older one is for a webhook that was taken out of the settings.
_WEBHOOK_DAYS: Final = 3
# Records about which one pass asks AWS; all of them are asked about once a day at most.
_LOOKS: Final = 20

_log = logging.getLogger("sagegraph.retention")

_PAUSE_BETWEEN_ROUNDS: Final = timedelta(days=1)

R = TypeVar("R", bound=RememberedDeployment | SeenLongAgo)
DeleteBatch = Callable[[Connection, datetime, int], Awaitable[int]]
ReadBatch = Callable[[Connection, datetime, int, Any], Awaitable[Sequence[R]]]


class RetentionConfig(Protocol):
    """The days for which each sort is kept after its end: `retention` in the settings."""

    @property
    def audit_days(self) -> int:
        """Events of the audit."""

    @property
    def deployments_days(self) -> int:
        """Deployments, with their steps, tickets and test results."""

    @property
    def import_runs_days(self) -> int:
        """Import and sync runs, with the changes that they found."""

    @property
    def workflows_days(self) -> int:
        """Durable work."""


class WorkflowStore(Protocol):
    """Ended durable work; see workflows.durable.dbos_rows.WorkflowRows."""

    async def ended_before(self, moment: datetime, most: int, skip: int) -> Sequence[str]:
        """The ids of work that ended before a moment, at most `most`, behind the first `skip`."""

    async def forget(self, ids: Collection[str]) -> None:
        """Delete the ended work with these ids."""


@dataclass(slots=True)
class _Rounds:
    """The progress of the looks at records that AWS is asked about.

    Attributes:
        after: The position of the last one; None at the beginning of a round.
        begins_at: When the next round may begin; None in the middle of one.
    """

    after: Any = None
    begins_at: datetime | None = None


@dataclass(slots=True)
class Retention:
    """Deletes records that are old enough.

    Attributes:
        database: The registry.
        group_scopes: Opens the groups' scopes, to see whether AWS still has the resources of a deployment.
        workflows: Durable work.
        config: The days of each sort.
        clock: The present time, with an offset.
    """

    database: Database
    group_scopes: GroupScopeOpener
    workflows: WorkflowStore
    config: RetentionConfig
    clock: Callable[[], datetime] = field(default=partial(datetime.now, UTC))
    _deployments: _Rounds = field(default_factory=_Rounds, init=False)
    _marks: _Rounds = field(default_factory=_Rounds, init=False)

    async def run_once(self) -> None:
        """Make one pass over every sort; one that fails keeps no other from being deleted.

        Raises:
            RegistryError, DurableError: Of the first sort that failed.
        """
        faults: list[Exception] = []
        for step in self._steps():
            try:
                await step
            except (RegistryError, DurableError) as error:
                faults.append(error)
        if faults:
            raise faults[0]

    def _steps(self) -> Iterator[Awaitable[None]]:
        config, old = self.config, self._before(self.config.deployments_days)
        yield self._delete("events of the audit", retention.delete_audit_events, self._before(config.audit_days))
        yield self._delete("import runs", retention.delete_import_runs, self._before(config.import_runs_days))
        yield self._delete("deliveries of webhooks", webhook_deliveries.delete_old, self._before(_WEBHOOK_DAYS))
        yield self._delete("deployments", retention.delete_forgettable_deployments, old)
        yield self._delete("vanished elements", retention.delete_vanished_elements, old)
        yield self._delete_outlived_deployments(old)
        yield self._delete_outlived_marks(old)
        yield self._forget_workflows(self._before(config.workflows_days))

    def _before(self, days: int) -> datetime:
        return self.clock() - timedelta(days=days)

    async def _delete(self, words: str, delete: DeleteBatch, before: datetime) -> None:
        """Delete in transactions of a batch each, as SQLite has one writer and PostgreSQL vacuums by transaction."""
        total = 0
        for _ in range(_BATCHES):
            async with self.database.writing() as connection:
                deleted = await delete(connection, before, _BATCH)
            total += deleted
            if deleted < _BATCH:
                break
        if total:
            _log.info("Deleted %d %s from before %s, by the settings' `retention`.", total, words, before.date())

    async def _delete_outlived_deployments(self, before: datetime) -> None:
        """Look at some of those that are kept for their endpoint's or snapshot's sake."""
        rows = await self._next(self._deployments, retention.remembered_deployments, before)
        keys = [row.key for row in await outlived(self.group_scopes, rows, is_deployment_outlived)]
        if keys:
            async with self.database.writing() as connection:
                await retention.delete_deployments(connection, keys, before)

    async def _delete_outlived_marks(self, before: datetime) -> None:
        """Look at some of the snapshots that the watch has seen."""
        rows = await self._next(self._marks, retention.seen_long_ago, before)
        gone = await outlived(self.group_scopes, rows, is_mark_outlived)
        if gone:
            async with self.database.writing() as connection:
                await retention.delete_marks(connection, gone)

    async def _next(self, rounds: _Rounds, read: ReadBatch[R], before: datetime) -> Sequence[R]:
        """The next records of a round; none until a day after the last round."""
        if rounds.begins_at is not None and self.clock() < rounds.begins_at:
            return ()
        async with self.database.reading() as connection:
            rows = await read(connection, before, _LOOKS, rounds.after)
        at_end = len(rows) < _LOOKS
        rounds.after = None if at_end else rows[-1].position
        rounds.begins_at = self.clock() + _PAUSE_BETWEEN_ROUNDS if at_end else None
        return rows

    async def _forget_workflows(self, before: datetime) -> None:
        skipped = 0
        for _ in range(_BATCHES):
            ids = await self.workflows.ended_before(before, _BATCH, skipped)
            kept = await self._still_needed(ids)
            await self.workflows.forget([item for item in ids if item not in kept])
            skipped += len(kept)
            if len(ids) < _BATCH:
                return

    async def _still_needed(self, ids: Collection[str]) -> frozenset[str]:
        """The work whose id keeps it from being done again: its deployment, ticket or run has not ended."""
        subjects = {item: item.split("/")[:2] for item in ids}
        of_type = partial(_keys_of_type, list(subjects.values()))
        async with self.database.reading() as connection:
            rows = await deployments.by_keys(connection, of_type("deploy"))
            unfiled = {str(ticket.number) for ticket in await tickets.unfiled_tickets(connection)}
            runs = await import_runs.by_keys(connection, of_type("import"))
        open_subjects = {
            *(("deploy", key) for key, row in rows.items() if row.state not in ENDED_STATES),
            *(("ticket", number) for number in unfiled),
            *(("import", key) for key, run in runs.items() if run.ended_at is None),
        }
        return frozenset(item for item, subject in subjects.items() if tuple(subject) in open_subjects)


def _keys_of_type(subjects: Collection[list[str]], word: str) -> Sequence[str]:
    return sorted({subject[1] for subject in subjects if len(subject) > 1 and subject[0] == word})


def serve_retention(engine: Engine, database: Database, group_scopes: GroupScopeOpener, days: RetentionConfig) -> None:
    """Delete expired records once a minute by a loop of the engine, in one process of the fleet.

    Args:
        engine: The engine, whose ended work is deleted, too.
        database: The registry.
        group_scopes: Opens the groups' scopes.
        days: The days of each sort.
    """
    engine.every("retention", INTERVAL_SECONDS, Retention(database, group_scopes, engine.rows, days).run_once)
