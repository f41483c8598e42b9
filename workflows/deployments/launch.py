"""Launch phase: create the endpoint, or update the requested one."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from auth.ownership import group_has_permission
from auth.permissions import Permission
from aws.client.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds.runtimes import Runtime
from aws.kinds.snapshots import Snapshot
from aws.scopes import OpenScope
from aws.write.inputs import NewRuntime, RuntimeChange
from aws.write.ownership_tags import DEPLOYMENT_TAG
from registry import deployment_steps, deployments
from registry.deployment_rows import DeploymentRow
from registry.enums import AuditOutcome, BlockCause, DeploymentState, DeploymentStepName, ElementKind
from workflows.deployments.decisions import SNAPSHOT_CHANGED
from workflows.deployments.deps import DeploymentDeps, aws_request_ids
from workflows.deployments.package_gate import (
    UnapprovedPackageError,
    block_for_packages,
    require_snapshot_approved,
)
from workflows.deployments.registered_models import changed_models
from workflows.deployments.request_approval import describe_runtime
from workflows.deployments.resource_names import runtime_name
from workflows.deployments.rollbacks import was_taken_back
from workflows.deployments.rollout_plans import rollout_from_document
from workflows.deployments.snapshot_fingerprint import describe_snapshot, matches_deployment
from workflows.deployments.transitions import (
    AuditEntry,
    end_and_clean_up,
    queue_cleanup,
    record_audit,
    resources_of_attempt,
)
from workflows.deployments.verified_assets import asset_changes
from workflows.deployments.verify import no_deploy_permission
from workflows.durable.errors import StepFailedError

MODELS_CHANGED: Final = (
    "The snapshot runs models that are not those any more that approval was asked for, or that the group has not "
    "registered any more: {0}. retryDeployment begins again with what is there."
)
ASSETS_CHANGED: Final = (
    "Approval was asked for with other assets: {0}. Put the right ones, or call retryDeployment: it verifies the "
    "present ones and asks for approval anew."
)
ASSETS_ADDED: Final = "After the rehearsal, {0}. The deployment is rehearsed with it, and approval is asked for anew."
_UNWANTED_STATES: Final = frozenset({DeploymentState.CANCELLED, DeploymentState.FAILED, DeploymentState.BLOCKED})


class LaunchPhase:
    """Begins launches.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def launch(self, key: str, attempt: int) -> None:
        """Begin to create or update the endpoint of a deployment's attempt.

        Raises:
            StepFailedError, AWSError, RegistryError
        """
        row = await self._deps.load_in_state(key, attempt, DeploymentState.LAUNCHING)
        if row is None:
            await self._clean_up_late_launch(key, attempt)
            return
        if not group_has_permission(self._deps.policy, row.group, Permission.DEPLOY):
            await self._end(row, DeploymentState.BLOCKED, no_deploy_permission(row.group), BlockCause.NOT_PERMITTED)
            return
        async with self._deps.database.writing() as connection:
            if not await deployments.is_unchanged(connection, row):
                return
            await deployment_steps.begin(connection, row, DeploymentStepName.LAUNCH, datetime.now(UTC))
        async with self._deps.scope(row) as scope:
            if await self._may_not_launch(scope, row):
                return
            message = await self._create_or_update(scope, row)
            # Somebody may have made the snapshot again while the endpoint was asked for, which knows but its name.
            if await self._fails_as_void(scope, row):
                return
            await self._record_launched(scope, row, message)
        if await self._deps.load_in_state(key, attempt, DeploymentState.LAUNCHING) is None:
            await self._clean_up_late_launch(key, attempt)

    async def _may_not_launch(self, scope: OpenScope, row: DeploymentRow) -> bool:
        """Tell whether the approved deployment may not be launched as things are now; then it has left its state."""
        return (
            await self._fails_as_void(scope, row)
            or await self._has_other_assets(scope, row)
            or await self._awaits_packages(scope, row)
        )

    async def _awaits_packages(self, scope: OpenScope, row: DeploymentRow) -> bool:
        """Tell whether a version that its models come from is not approved any more; then the deployment is held up."""
        snapshot = await describe_snapshot(scope.reader, row.snapshot_name)
        names = snapshot.detail.model_names if snapshot is not None and snapshot.detail is not None else ()
        try:
            await require_snapshot_approved(self._deps, scope.reader, row.account_id, row.region, names)
        except UnapprovedPackageError as error:
            entry = AuditEntry(action="deployment.launch", actor=_launch_actor(row), aws_request_ids=aws_request_ids())
            await block_for_packages(self._deps, row, entry, error)
            return True
        return False

    async def _fails_as_void(self, scope: OpenScope, row: DeploymentRow) -> bool:
        """Tell whether the approval is for another snapshot or other models; then the deployment has failed of it."""
        snapshot = await describe_snapshot(scope.reader, row.snapshot_name)
        void = await self._void_reason(scope.reader, row, snapshot)
        if void is not None:
            await self._end(row, DeploymentState.FAILED, void)
        return void is not None

    async def _has_other_assets(self, scope: OpenScope, row: DeploymentRow) -> bool:
        """Tell whether assets are not those that were verified; then the deployment is held up, or rehearsed again."""
        changes = await asset_changes(self._deps, scope.writer.storage, row)
        if changes.altered:
            reason = ASSETS_CHANGED.format("; ".join(changes.altered))
            await self._end(row, DeploymentState.BLOCKED, reason, BlockCause.CHANGED_ASSETS)
        elif changes.unrehearsed:
            await self._rehearse_again(row, ASSETS_ADDED.format("; ".join(changes.unrehearsed)))
        return bool(changes.altered or changes.unrehearsed)

    async def _rehearse_again(self, row: DeploymentRow, reason: str) -> None:
        """Begin the next attempt, which rehearses and asks for approval anew; its first step says why."""
        now = datetime.now(UTC)
        entry = AuditEntry(action="deployment.launch", actor=_launch_actor(row), aws_request_ids=aws_request_ids())
        async with self._deps.database.writing() as connection:
            left = await resources_of_attempt(connection, row)
            if await deployments.begin_next_attempt(connection, row, now, reason):
                again = replace(row, attempt=row.attempt + 1)
                await deployment_steps.begin(connection, again, DeploymentStepName.VERIFY, now, detail=reason)
                await record_audit(connection, row, entry, AuditOutcome.REFUSED, now, reason)
                for element, names in left:
                    await queue_cleanup(connection, row, element, *names)

    async def _void_reason(self, reader: Reader, row: DeploymentRow, snapshot: Snapshot | None) -> str | None:
        """The reason why the approval is for another snapshot or other models; None if it is for these."""
        if snapshot is None or snapshot.detail is None or not matches_deployment(row, snapshot):
            return SNAPSHOT_CHANGED.format(row.snapshot_name)
        rest = await changed_models(self._deps, reader, row, snapshot.detail.model_names)
        return MODELS_CHANGED.format(", ".join(f"`{name}`" for name in rest)) if rest else None

    async def _create_or_update(self, scope: OpenScope, row: DeploymentRow) -> str:
        """Create or update the endpoint, and give the step's words for that."""
        runtime = await describe_runtime(scope.reader, runtime_name(row))
        if row.runtime_before is not None:
            return await self._update(scope, row, runtime)
        return await self._create(scope, row, runtime)

    async def _update(self, scope: OpenScope, row: DeploymentRow, runtime: Runtime | None) -> str:
        name = runtime_name(row)
        if runtime is None or runtime.detail is None:
            raise StepFailedError("GONE", f"The endpoint `{name}` was deleted after approval was requested.")
        detail = runtime.detail
        on_its_way = row.snapshot_name in {detail.snapshot_name, detail.pending_snapshot_name}
        if not on_its_way and detail.snapshot_name != row.runtime_before:
            raise StepFailedError(
                "CHANGED",
                (
                    f"The endpoint `{name}` runs `{detail.snapshot_name}` now and ran `{row.runtime_before}` "
                    "when approval was requested, so it was left unchanged; retryDeployment asks for approval "
                    "again."
                ),
            )
        if was_taken_back(row, runtime):
            return f"Endpoint {name} was on its way to {row.snapshot_name}, and was rolled back"
        if row.rollout is not None and row.runtime_modified_at is None:
            async with self._deps.database.writing() as connection:
                await deployments.record_runtime_state(connection, row, runtime.last_modified_time)
        change = RuntimeChange(
            snapshot_name=row.snapshot_name,
            retain=row.retain_variant_properties,
            rollout=rollout_from_document(row.rollout),
        )
        await scope.writer.update_runtime(name, change, self._deps.author(row, _launch_actor(row)))
        return f"Endpoint {name} moves to {row.snapshot_name}"

    async def _create(self, scope: OpenScope, row: DeploymentRow, runtime: Runtime | None) -> str:
        name = runtime_name(row)
        if runtime is not None and not await belongs_to_deployment(scope.reader, runtime, row.key):
            raise _name_taken(name)
        wanted = NewRuntime(name=name, snapshot_name=row.snapshot_name)
        made = await scope.writer.create_runtime(wanted, self._deps.author(row, _launch_actor(row)))
        if not made.created and not await belongs_to_deployment(scope.reader, made.resource, row.key):
            raise _name_taken(name)
        return f"Endpoint {name} of {row.snapshot_name}"

    async def _record_launched(self, scope: OpenScope, row: DeploymentRow, detail: str) -> None:
        """Keep that the endpoint is watched from now on, in the step and in the audit.

        It is kept once, because a process that began the endpoint may have died before it kept that.
        """
        entry = AuditEntry(
            action="deployment.launch",
            actor=_launch_actor(row),
            role_arn=scope.role,
            detail=detail,
            aws_request_ids=aws_request_ids(),
        )
        async with self._deps.database.writing() as connection:
            if await deployments.record_launch(connection, row, runtime_name(row)):
                await deployment_steps.set_detail_once(connection, row, DeploymentStepName.LAUNCH, detail)
                await record_audit(connection, row, entry, AuditOutcome.SUCCEEDED, datetime.now(UTC))

    async def _end(
        self, row: DeploymentRow, to: DeploymentState, reason: str, blocked_by: BlockCause | None = None
    ) -> None:
        """End the deployment without an endpoint; one that a process began before it died is cleaned up."""
        entry = AuditEntry(action="deployment.launch", actor=_launch_actor(row), aws_request_ids=aws_request_ids())
        await end_and_clean_up(self._deps, row, to, entry, reason, blocked_by)

    async def _clean_up_late_launch(self, key: str, attempt: int) -> None:
        """Queue the deletion of an endpoint of the deployment's own that was begun when nobody wanted it any more."""
        async with self._deps.database.writing() as connection:
            row = await deployments.by_key(connection, key)
            if row is not None and (row.attempt != attempt or row.state in _UNWANTED_STATES):
                await queue_cleanup(connection, row, ElementKind.RUNTIME, runtime_name(replace(row, attempt=attempt)))


async def belongs_to_deployment(reader: Reader, runtime: Runtime, key: str) -> bool:
    """Tell whether the endpoint bears the tag of the deployment with this key. Raises AWSError."""
    labels = (await reader.fresh().tags([runtime.arn]))[runtime.arn]
    if isinstance(labels, AWSError):
        raise labels
    return any(tag.key == DEPLOYMENT_TAG and tag.value == key for tag in labels or ())


def _launch_actor(row: DeploymentRow) -> str:
    return row.started_by if row.decision is None else row.decision.by


def _name_taken(name: str) -> StepFailedError:
    return StepFailedError(
        "TAKEN",
        (
            f"An endpoint `{name}` was created after approval was requested, and not by this deployment, so it "
            "was left unchanged; retryDeployment asks for approval again."
        ),
    )
