"""Verify phase: check permission, snapshot, registrations and required assets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from auth.ownership import group_has_permission
from auth.permissions import Permission
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.models import Model
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.kinds.statuses import RuntimeStatus
from aws.scopes import OpenScope
from registry import cleanup_queue, deployment_assets, deployment_steps, deployments
from registry.database import Connection
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, BlockCause, DeploymentState, DeploymentStepName, DeploymentTrigger
from registry.ids import key_of
from registry.queries import lock_registrations
from registry.records import Registration
from registry.registrations import by_keys as registrations_by_keys
from workflows.deployments.component_serving import component_host_reason, reason_not_to_deploy
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.four_eyes import snapshot_author
from workflows.deployments.package_gate import UnapprovedPackageError, block_for_packages, require_approved
from workflows.deployments.registered_models import describe_models, find_registrations, has_asset, missing_assets
from workflows.deployments.request_approval import request_approval_or_complete
from workflows.deployments.snapshot_fingerprint import describe_snapshot, fingerprint_of
from workflows.deployments.transitions import AuditEntry, transition, transition_in
from workflows.deployments.verified_assets import fingerprints_of

NO_TEST_DATA: Final = "There is no TEST_DATA, so there was nothing to rehearse with."
REHEARSAL_NOT_WANTED: Final = "No rehearsal was asked for."
# The statuses in which an endpoint serves its snapshot, or is about to.
_SERVING_STATUSES: Final = frozenset(
    {
        RuntimeStatus.IN_SERVICE,
        RuntimeStatus.CREATING,
        RuntimeStatus.UPDATING,
        RuntimeStatus.SYSTEM_UPDATING,
        RuntimeStatus.ROLLING_BACK,
    }
)


class VerifyPhase:
    """Verifies deployments.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def verify(self, key: str, attempt: int) -> None:
        """Bring a deployment's attempt on, or give the reason why it does not go on.

        Raises:
            StepFailedError, AWSError, RegistryError
        """
        row = await self._deps.load_in_state(key, attempt, DeploymentState.VERIFYING)
        if row is None:
            return
        async with self._deps.database.writing() as connection:
            if not await deployments.is_unchanged(connection, row):
                return
            await deployment_steps.begin(connection, row, DeploymentStepName.VERIFY, datetime.now(UTC))
        if not group_has_permission(self._deps.policy, row.group, Permission.DEPLOY):
            await self._end(
                row, DeploymentState.BLOCKED, no_deploy_permission(row.group), blocked_by=BlockCause.NOT_PERMITTED
            )
            return
        async with self._deps.scope(row) as scope:
            await self._verify_in(scope, row)

    async def _verify_in(self, scope: OpenScope, row: DeploymentRow) -> None:
        snapshot = await describe_snapshot(scope.reader, row.snapshot_name)
        if snapshot is None or snapshot.detail is None:
            words = f"SageMaker has no endpoint configuration `{row.snapshot_name}` any more."
            await self._end(row, DeploymentState.SKIPPED, words, scope)
            return
        await self._pin_snapshot(row, snapshot)
        if (host := component_host_reason(snapshot)) is not None:
            await self._end(row, DeploymentState.SKIPPED, host, scope)
            return
        models = await describe_models(scope.reader, snapshot.detail.model_names)
        needed = _NeededRegistrations(self._deps, row, snapshot.detail.model_names, models)
        async with self._deps.database.reading() as connection:
            registrations = await needed.find(connection)
        if registrations is None:
            if not await self._skip_unregistered(scope, row, needed):
                await self._verify_in(scope, row)
            return
        await self._link_models(row, registrations)
        if (served := await self._served_reason(scope.reader, row, needed.names)) is not None:
            await self._end(row, DeploymentState.SKIPPED, served, scope)
        elif not await self._block_for_assets(scope, row, registrations) and not await self._block_for_packages(
            scope, row, models
        ):
            async with self._deps.database.reading() as connection:
                registrations = await needed.find(connection) or registrations
            await self._proceed(scope, row, registrations)

    async def _served_reason(self, reader: Reader, row: DeploymentRow, model_names: Sequence[str]) -> str | None:
        """The reason to skip a snapshot that an endpoint or inference component serves; None if none does."""
        if (runtime := await self._running_endpoint(reader, row)) is None:
            return await _component_reason(reader, row, model_names)
        return f"The endpoint `{runtime.name}` {_runtime_state_text(runtime)}; deploySnapshot deploys it anyway."

    async def _skip_unregistered(self, scope: OpenScope, row: DeploymentRow, needed: "_NeededRegistrations") -> bool:
        """Skip a snapshot of unregistered models; False if they were registered meanwhile.

        The transaction looks again after it has given up the snapshot: an import that commits later than that look
        starts a deployment of its own.
        """
        entry = AuditEntry(action="deployment.verify", actor=row.started_by, role_arn=scope.role)
        try:
            async with self._deps.database.writing() as connection:
                reason = _unregistered_reason(row, await needed.missing(connection))
                await transition_in(connection, row, DeploymentState.SKIPPED, entry, reason)
                await needed.require_missing(connection)
        except _ArrivedMeanwhileError:
            return False
        return True

    async def _block_for_assets(
        self, scope: OpenScope, row: DeploymentRow, registrations: Sequence[Registration]
    ) -> bool:
        """Hold a deployment up if required assets are missing; False if none is.

        The transaction looks again with the registrations locked: an asset that comes later finds it BLOCKED.
        """
        required = self._deps.config.required_assets
        if missing_assets(required, registrations) is None:
            return False
        keys = [str(key_of(registration.id, "Registration")) for registration in registrations]
        entry = AuditEntry(action="deployment.verify", actor=row.started_by, role_arn=scope.role)
        async with self._deps.database.writing() as connection:
            await lock_registrations(connection, keys)
            current = await registrations_by_keys(connection, keys, required)
            reason = missing_assets(required, [current[key] for key in keys if key in current])
            if reason is not None:
                cause = BlockCause.MISSING_ASSETS
                await transition_in(connection, row, DeploymentState.BLOCKED, entry, reason, cause)
        return reason is not None

    async def _block_for_packages(self, scope: OpenScope, row: DeploymentRow, models: Mapping[str, Model]) -> bool:
        """Hold a deployment up if the model registry has not approved its models' versions; False if it has."""
        try:
            await require_approved(self._deps, scope.reader, row.account_id, row.region, models)
        except UnapprovedPackageError as error:
            entry = AuditEntry(action="deployment.verify", actor=row.started_by, role_arn=scope.role)
            await block_for_packages(self._deps, row, entry, error)
            return True
        return False

    async def _proceed(self, scope: OpenScope, row: DeploymentRow, registrations: Sequence[Registration]) -> None:
        if not await self._pin_assets(scope, row, registrations):
            await self._verify_in(scope, row)
            return
        entry = AuditEntry(action="deployment.verify", actor=row.started_by, role_arn=scope.role)
        if not row.rehearse:
            await request_approval_or_complete(self._deps, scope.reader, row, entry, REHEARSAL_NOT_WANTED)
        elif not any(has_asset(registration, AssetRole.TEST_DATA) for registration in registrations):
            await request_approval_or_complete(self._deps, scope.reader, row, entry, NO_TEST_DATA)
        else:
            await transition(self._deps.database, row, DeploymentState.REHEARSING, entry)

    async def _pin_assets(self, scope: OpenScope, row: DeploymentRow, registrations: Sequence[Registration]) -> bool:
        """Keep the assets that the deployment is verified with; False if others have come while they were read."""
        verified = await fingerprints_of(scope.writer.storage, registrations)
        keys = [str(key_of(registration.id, "Registration")) for registration in registrations]
        async with self._deps.database.writing() as connection:
            await lock_registrations(connection, keys)
            current = await registrations_by_keys(connection, keys, self._deps.config.required_assets)
            assets = [current[key].assets for key in keys if key in current]
            if assets != [registration.assets for registration in registrations]:
                return False
            if await deployments.is_unchanged(connection, row):
                await deployment_assets.replace(connection, row.key, verified)
        return True

    async def _running_endpoint(self, reader: Reader, row: DeploymentRow) -> Runtime | None:
        """An endpoint that runs the snapshot; None if there is none, or if it does not count.

        An endpoint that a deployment has left to be deleted does not: nobody wants it.
        """
        if row.trigger is DeploymentTrigger.REQUEST:
            return None
        scan = await reader.scan(Kind.RUNTIME)
        async with self._deps.database.reading() as connection:
            unwanted = {(left.account_id, left.region, left.name) for left in await cleanup_queue.pending(connection)}
        for runtime in scan.resources:
            if not isinstance(runtime, Runtime) or not _serves(runtime, row.snapshot_name):
                continue
            if (row.account_id, row.region, runtime.name) not in unwanted:
                return runtime
        return None

    async def _pin_snapshot(self, row: DeploymentRow, snapshot: Snapshot) -> None:
        """Keep that the deployment is about the snapshot that has the name now."""
        identity = fingerprint_of(snapshot)
        async with self._deps.database.writing() as connection:
            author = await snapshot_author(connection, row, identity)
            await deployments.pin_snapshot(connection, row, identity.created_at, identity.digest, author)

    async def _link_models(self, row: DeploymentRow, registrations: Sequence[Registration]) -> None:
        models = [
            (str(key_of(registration.id, "Registration")), registration.model_name) for registration in registrations
        ]
        async with self._deps.database.writing() as connection:
            await deployments.replace_registrations(connection, row.key, models)

    async def _end(
        self,
        row: DeploymentRow,
        to: DeploymentState,
        reason: str,
        scope: OpenScope | None = None,
        blocked_by: BlockCause | None = None,
    ) -> None:
        role = None if scope is None else scope.role
        entry = AuditEntry(action="deployment.verify", actor=row.started_by, role_arn=role)
        await transition(self._deps.database, row, to, entry, reason, blocked_by)


class _ArrivedMeanwhileError(Exception):
    """Rolls a transition back: the event that would end the new state has come before it."""


@dataclass(frozen=True, slots=True)
class _NeededRegistrations:
    """The registrations that a snapshot needs: one of the group for each of its models, as the models are now."""

    deps: DeploymentDeps
    row: DeploymentRow
    names: Sequence[str]
    models: Mapping[str, Model]

    async def find(self, connection: Connection) -> Sequence[Registration] | None:
        """All of them; None if any is missing, or the snapshot names no model."""
        result = await find_registrations(connection, self.deps, self.row, self.names, self.models)
        registrations = [registration for registration in result.values() if registration is not None]
        return registrations if registrations and len(registrations) == len(result) else None

    async def require_missing(self, connection: Connection) -> None:
        """Raise _ArrivedMeanwhileError, which rolls the transaction back, if all of them are there."""
        if await self.find(connection) is not None:
            raise _ArrivedMeanwhileError

    async def missing(self, connection: Connection) -> Sequence[str]:
        """The names of the models without one."""
        registrations = await find_registrations(connection, self.deps, self.row, self.names, self.models)
        return [name for name, registration in registrations.items() if registration is None]


async def _component_reason(reader: Reader, row: DeploymentRow, model_names: Sequence[str]) -> str | None:
    if row.trigger is DeploymentTrigger.REQUEST:
        return None
    return await reason_not_to_deploy(reader, model_names)


def no_deploy_permission(group: str) -> str:
    """The reason that a group may not deploy, with the remedy."""
    return (
        f"The group `{group}` does not have the permission DEPLOY. Once an administrator has granted it under "
        "`permissions`, call retryDeployment."
    )


def _runtime_state_text(runtime: Runtime) -> str:
    if runtime.status is RuntimeStatus.IN_SERVICE:
        return "runs this snapshot already"
    return f"is {runtime.raw_status}, and runs this snapshot or is about to"


def _serves(runtime: Runtime, snapshot_name: str) -> bool:
    """Tell whether an endpoint serves the snapshot, or is on its way to."""
    detail = runtime.detail
    if detail is None or runtime.status not in _SERVING_STATUSES:
        return False
    return snapshot_name in {detail.snapshot_name, detail.pending_snapshot_name}


def _unregistered_reason(row: DeploymentRow, missing: Sequence[str]) -> str:
    if not missing:
        return "The snapshot names no model, so there is nothing that could be registered."
    names = ", ".join(f"`{name}`" for name in missing)
    return (
        f"A snapshot is deployed only if one group has registered all its models, as they are now; the group "
        f"`{row.group}` has not imported {names}."
    )
