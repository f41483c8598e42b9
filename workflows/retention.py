"""Retention: what has ended is deleted after some days, in small steps, by one process of the fleet."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, Protocol

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from registry import deployments, import_runs, retention, tickets, webhook_deliveries
from registry.database import Connection, Database
from registry.deployment_rows import ENDED_STATES
from registry.retention import RememberedDeployment
from workflows.deployments.snapshot_fingerprint import describe_snapshot, fingerprint_of
from workflows.durable.engine import Engine
from workflows.group_access import GroupScopeOpener, describe_one

INTERVAL_SECONDS: Final = 60.0
"""Seconds between two passes."""

_BATCH: Final = 500
# A pass ends after so many batches of one sort; what is left is for the next.
_BATCHES: Final = 20
# A delivery is given up sooner; what is older is for a webhook that was taken out of the settings.
_WEBHOOK_DAYS: Final = 3
# Deployments about which one pass asks AWS.
_LOOKS: Final = 20

_log = logging.getLogger("sagegraph.retention")

DeleteBatch = Callable[[Connection, datetime, int], Awaitable[int]]


class RetentionConfig(Protocol):
    """For how many days each sort is kept after its end: `retention` in the settings."""

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
    """Ended durable work; see workflows.durable.engine.Engine."""

    async def ended_before(self, moment: datetime, most: int, skip: int) -> Sequence[str]:
        """The ids of work that ended before a moment, so many at most, behind the first `skip`."""

    async def forget(self, ids: Collection[str]) -> None:
        """Delete ended work."""


@dataclass(slots=True)
class Retention:
    """Deletes what is old enough.

    Attributes:
        database: The registry.
        group_scopes: Opens the groups' scopes, to see whether AWS still has what a deployment is about.
        workflows: Durable work.
        config: The days of each sort.
        clock: Tells the time.
    """

    database: Database
    group_scopes: GroupScopeOpener
    workflows: WorkflowStore
    config: RetentionConfig
    clock: Callable[[], datetime] = field(default=partial(datetime.now, UTC))
    _looked_at: str = field(default="", init=False)

    async def run_once(self) -> None:
        """Make one pass over every sort. Raises RegistryError, and what durable work raises."""
        config = self.config
        await self._delete("events of the audit", retention.delete_audit_events, self._before(config.audit_days))
        await self._delete("import runs", retention.delete_import_runs, self._before(config.import_runs_days))
        await self._delete("deliveries of webhooks", webhook_deliveries.delete_old, self._before(_WEBHOOK_DAYS))
        old = self._before(config.deployments_days)
        await self._delete("deployments", retention.delete_forgettable_deployments, old)
        await self._delete_remembered(old)
        await self._forget_workflows(self._before(config.workflows_days))

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
            _log.info("Deleted %d %s from before %s, as `retention` says.", total, words, before.date())

    async def _delete_remembered(self, before: datetime) -> None:
        """Look at some of the deployments that are kept for their endpoint's or snapshot's sake, in turn."""
        async with self.database.reading() as connection:
            rows = await retention.remembered_deployments(connection, before, _LOOKS, self._looked_at)
        self._looked_at = rows[-1].key if len(rows) == _LOOKS else ""
        by_scope: dict[tuple[str, str, str], list[RememberedDeployment]] = defaultdict(list)
        for row in rows:
            by_scope[row.group, row.region, row.account_id].append(row)
        for scope, members in by_scope.items():
            keys = await self._outlived(*scope, members)
            if keys:
                async with self.database.writing() as connection:
                    await retention.delete_deployments(connection, keys, before)

    async def _outlived(
        self, group: str, region: str, account_id: str, rows: Sequence[RememberedDeployment]
    ) -> Sequence[str]:
        """The keys of deployments whose endpoint and snapshot AWS no longer has; none while AWS does not say so."""
        try:
            async with self.group_scopes.open(group, region, account_id, glance=True) as scope:
                return [row.key for row in rows if await _is_outlived(scope.reader, row)]
        except (AWSError, AuthError) as error:
            _log.info("Old deployments of the group `%s` in %s are kept: %s", group, region, error)
            return ()

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


async def _is_outlived(reader: Reader, row: RememberedDeployment) -> bool:
    """Tell whether neither the endpoint nor the snapshot of a deployment is there any more. Raises AWSError."""
    if row.runtime_name is not None and await describe_one(reader.fresh(), Kind.RUNTIME, row.runtime_name, Runtime):
        return False
    if not row.bars:
        return True
    snapshot = await describe_snapshot(reader, row.snapshot_name)
    return snapshot is None or fingerprint_of(snapshot).created_at != row.snapshot_created_at


def serve_retention(engine: Engine, database: Database, group_scopes: GroupScopeOpener, days: RetentionConfig) -> None:
    """Delete what is old once a minute, in one process of the fleet."""
    engine.every("retention", INTERVAL_SECONDS, Retention(database, group_scopes, engine, days).run_once)
