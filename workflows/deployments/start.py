"""Start deployments, one at a time per snapshot."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from auth.ownership import group_has_permission
from auth.permissions import Permission
from auth.policy import Policy
from aws.client.errors import AWSError
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot
from aws.scopes import OpenScope
from registry import deployments, seen_snapshots
from registry.deployment_rows import DeploymentRow, NewDeployment
from registry.enums import DeploymentState, DeploymentTrigger, ElementKind
from registry.records import ImportProblem, ImportRun
from workflows.deployments.advance import schedule_next_or_log
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.snapshot_fingerprint import fingerprint_of

_WITHOUT_DEPLOY: Final = (
    "The group does not have the permission DEPLOY, so no deployment is started; `permissions` would grant it."
)
_ENTERED_CREDENTIALS: Final = (
    "Entered credentials are for the import alone, so no deployment is started; deploySnapshot starts one as the "
    "group's own role."
)


class DeploymentStarter:
    """Starts deployments.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def start(
        self, new: NewDeployment, new_marks: Sequence[tuple[str, seen_snapshots.SeenSnapshot]] = ()
    ) -> tuple[DeploymentRow, bool]:
        """The deployment of a snapshot that goes on, and True if it was started just now.

        Args:
            new: The deployment to start.
            new_marks: The registrations whose snapshots were looked at with it, in the same transaction. While another
                group's is only being verified, they are not marked: nobody knows yet whether it is that group's.

        Raises:
            RegistryError, DurableError
        """
        async with self._deps.database.writing() as connection:
            row, started = await deployments.start(connection, new)
            if row.group == new.group or row.state is not DeploymentState.VERIFYING:
                for registration_key, mark in new_marks:
                    await seen_snapshots.mark_seen(connection, registration_key, [mark])
        if started:
            await schedule_next_or_log(self._deps, row.key)
        return row, started

    def import_problems(self, group: str, snapshots: int, *, entered: bool) -> Sequence[ImportProblem]:
        """The problems of deploying the snapshots of a group's import; see `deployment_problems`."""
        return deployment_problems(self._deps.policy, group, snapshots, entered=entered)

    async def start_for_import(self, scope: OpenScope, run: ImportRun, run_key: str, snapshots: Sequence[str]) -> None:
        """Start a deployment for each snapshot of an import, unless the import has started that one already.

        Args:
            scope: The group's scope.
            run: The import.
            run_key: The key of the import's run.
            snapshots: The names of the snapshots.

        Raises:
            AWSError: A snapshot could not be read.
        """
        async with self._deps.database.reading() as connection:
            names = sorted(set(snapshots) - await deployments.snapshots_of_run(connection, run_key))
        for resource in (await scope.reader.describe(Kind.SNAPSHOT, names)).values():
            if isinstance(resource, AWSError):
                raise resource
            if isinstance(resource, Snapshot):
                await self.start(_new_import_deployment(run, run_key, resource))


def deployment_problems(policy: Policy, group: str, snapshots: int, *, entered: bool) -> Sequence[ImportProblem]:
    """The problems of deploying the snapshots of an import.

    Args:
        policy: The permissions of groups.
        group: The group that imports.
        snapshots: The number of snapshots.
        entered: True if it imports with entered credentials.
    """
    if snapshots and entered:
        return [ImportProblem(ElementKind.SNAPSHOT, _ENTERED_CREDENTIALS, "DISABLED", snapshots)]
    if snapshots and not group_has_permission(policy, group, Permission.DEPLOY):
        return [ImportProblem(ElementKind.SNAPSHOT, _WITHOUT_DEPLOY, "FORBIDDEN", snapshots)]
    return []


def new_deployment(snapshot: Snapshot, group: str, trigger: DeploymentTrigger, started_by: str) -> NewDeployment:
    """A deployment of a described snapshot, to be started."""
    identity = fingerprint_of(snapshot)
    return NewDeployment(
        group=group,
        account_id=snapshot.account_id,
        region=snapshot.region,
        snapshot_name=snapshot.name,
        snapshot_created_at=identity.created_at,
        snapshot_digest=identity.digest,
        trigger=trigger,
        started_by=started_by,
        started_at=datetime.now(UTC),
    )


def _new_import_deployment(run: ImportRun, run_key: str, snapshot: Snapshot) -> NewDeployment:
    return replace(
        new_deployment(snapshot, run.group, DeploymentTrigger.IMPORT, run.started_by), import_run_key=run_key
    )
