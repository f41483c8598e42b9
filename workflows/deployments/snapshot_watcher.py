"""Watch imported models for new snapshots."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence

from auth.caller import GATEWAY_SUBJECT
from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.inventory.scans import Scan
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot
from registry import deployments, seen_snapshots
from registry.enums import DeploymentTrigger
from registry.seen_snapshots import SeenSnapshot, WatchedRegistration
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.snapshot_fingerprint import fingerprint_of
from workflows.deployments.start import DeploymentStarter, new_deployment
from workflows.durable.access import EVERYTHING, LoopShare, group_subject
from workflows.element_tracking import track_elements

_log = logging.getLogger("sagegraph.deployments")


class SnapshotWatcher:
    """Watches imported models.

    Args:
        deps: Dependencies of deployments.
        starter: Starts deployments.
    """

    def __init__(self, deps: DeploymentDeps, starter: DeploymentStarter) -> None:
        self._deps = deps
        self._starter = starter

    async def turn(self, share: LoopShare = EVERYTHING) -> None:
        """Look once, at all accounts of the share at once; a group whose AWS cannot be asked is looked at next time.

        In one account one group comes after the other, in their order: they may have imported the same models.

        Raises:
            RegistryError: Before any of them is looked at; afterwards it is raised in a group.
        """
        async with self._deps.database.reading() as connection:
            places = await seen_snapshots.watched_scopes(connection)
        by_account: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
        for group, account_id, region in places:
            if not share.takes(group_subject(group, account_id, region)):
                continue
            by_account[account_id, region].append((group, account_id, region))
        async with asyncio.TaskGroup() as looks:
            for rows in by_account.values():
                looks.create_task(self._check_account(rows))

    async def _check_account(self, places: Sequence[tuple[str, str, str]]) -> None:
        for place in places:
            await self._check_group_safely(*place)

    async def _check_group_safely(self, group: str, account_id: str, region: str) -> None:
        try:
            await self._check_group(group, account_id, region)
        except (AWSError, AuthError) as error:
            _log.warning("The models of the group `%s` in %s could not be read: %s", group, region, error)

    async def _check_group(self, group: str, account_id: str, region: str) -> None:
        """Look at all models of a group in a place with one listing; snapshots that were listed before are known."""
        async with self._deps.group_scopes.open(group, region, account_id, glance=True) as scope:
            scan = await scope.reader.scan(Kind.SNAPSHOT)
            for snapshot, new in await self._new_snapshots(group, account_id, region, scan):
                await track_elements(self._deps.database, scope.reader, new, [snapshot])
                if await self._was_cancelled(snapshot):
                    await self._mark_seen(new, _mark_of(snapshot))
                    continue
                mark = _mark_of(snapshot)
                wanted = new_deployment(snapshot, group, DeploymentTrigger.NEW_SNAPSHOT, GATEWAY_SUBJECT)
                await self._starter.start(wanted, [(key, mark) for key in new])

    async def _new_snapshots(
        self, group: str, account_id: str, region: str, scan: Scan
    ) -> Sequence[tuple[Snapshot, Sequence[str]]]:
        """The snapshots that are new, with the registrations for which they are; the oldest first.

        Deployments then stand in the order of their snapshots.
        """
        async with self._deps.database.reading() as connection:
            watched = await seen_snapshots.watched_registrations(connection, group, account_id, region)
            marks = await seen_snapshots.of_registrations(connection, [registration.key for registration in watched])
        by_model: dict[str, list[WatchedRegistration]] = defaultdict(list)
        for watched_registration in watched:
            by_model[watched_registration.model_name].append(watched_registration)
        return [
            (snapshot, new)
            for snapshot in reversed(scan.resources)
            if isinstance(snapshot, Snapshot) and (new := _registrations_without(snapshot, by_model, marks))
        ]

    async def _was_cancelled(self, snapshot: Snapshot) -> bool:
        """Tell whether a deployment of this snapshot was cancelled; then only a person begins it again."""
        place = (snapshot.account_id, snapshot.region)
        async with self._deps.database.reading() as connection:
            return _mark_of(snapshot) in await deployments.cancelled_snapshots(connection, *place, [snapshot.name])

    async def _mark_seen(self, registration_keys: Sequence[str], mark: SeenSnapshot) -> None:
        """Let a snapshot count as seen for these registrations."""
        async with self._deps.database.writing() as connection:
            for key in registration_keys:
                await seen_snapshots.mark_seen(connection, key, [mark])


def _registrations_without(
    snapshot: Snapshot,
    by_model: Mapping[str, Sequence[WatchedRegistration]],
    marks: Mapping[str, frozenset[SeenSnapshot]],
) -> Sequence[str]:
    """The registrations for whose models the snapshot is new."""
    names = snapshot.detail.model_names if snapshot.detail is not None else ()
    mark = _mark_of(snapshot)
    return [
        registration.key
        for name in names
        for registration in by_model.get(name, ())
        if mark not in marks[registration.key]
    ]


def _mark_of(snapshot: Snapshot) -> SeenSnapshot:
    return snapshot.name, fingerprint_of(snapshot).created_at
