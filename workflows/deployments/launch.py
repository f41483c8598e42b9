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
from aws.write.inputs import NewRuntime
from aws.write.ownership_tags import DEPLOYMENT_TAG
from registry import deployment_steps, deployments
from registry.deployment_rows import DeploymentRow
from registry.enums import AuditOutcome, DeploymentState, DeploymentStepName, ElementKind
from workflows.deployments.decisions import SNAPSHOT_CHANGED
from workflows.deployments.deps import DeploymentDeps, aws_request_ids
from workflows.deployments.registered_models import changed_models
from workflows.deployments.request_approval import describe_runtime
from workflows.deployments.resource_names import runtime_name
from workflows.deployments.snapshot_fingerprint import describe_snapshot, matches_deployment
from workflows.deployments.transitions import AuditEntry, end_and_clean_up, queue_cleanup, record_audit
from workflows.deployments.verify import no_deploy_permission
from workflows.durable.errors import StepFailedError

MODELS_CHANGED: Final = (
    "The snapshot runs models that are not those any more that approval was asked for, or that the group has not "
    "registered any more: {0}. retryDeployment begins again with what is there."
)
_UNWANTED_STATES: Final = frozenset({DeploymentState.CANCELLED, DeploymentState.FAILED, DeploymentState.BLOCKED})


class LaunchPhase:
    """Begins launches.

    Args:
        deps: What it is done with.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def launch(self, key: str, attempt: int) -> None:
        """Begins to create or update the endpoint. Raises StepFailedError, AWSError, RegistryError."""
        course = await self._deps.load_in_state(key, attempt, DeploymentState.LAUNCHING)
        if course is None:
            await self._clean_up_late_launch(key, attempt)
            return
        if not group_has_permission(self._deps.policy, course.group, Permission.DEPLOY):
            await self._end(course, DeploymentState.BLOCKED, no_deploy_permission(course.group))
            return
        async with self._deps.database.writing() as connection:
            if not await deployments.is_unchanged(connection, course):
                return
            await deployment_steps.begin(connection, course, DeploymentStepName.LAUNCH, datetime.now(UTC))
        async with self._deps.scope(course) as scope:
            if await self._fails_as_void(scope, course):
                return
            told = await self._create_or_update(scope, course)
            # Somebody may have made the snapshot again while the endpoint was asked for, which knows but its name.
            if await self._fails_as_void(scope, course):
                return
            await self._record_launched(scope, course, told)
        if await self._deps.load_in_state(key, attempt, DeploymentState.LAUNCHING) is None:
            await self._clean_up_late_launch(key, attempt)

    async def _fails_as_void(self, scope: OpenScope, course: DeploymentRow) -> bool:
        """Whether the approval is for something else than what is there; then the deployment has failed of it."""
        snapshot = await describe_snapshot(scope.reader, course.snapshot_name)
        void = await self._void_reason(scope.reader, course, snapshot)
        if void is not None:
            await self._end(course, DeploymentState.FAILED, void)
        return void is not None

    async def _void_reason(self, reader: Reader, course: DeploymentRow, snapshot: Snapshot | None) -> str | None:
        """Why the approval is for something else than what would be launched; None where it is for that."""
        if snapshot is None or snapshot.detail is None or not matches_deployment(course, snapshot):
            return SNAPSHOT_CHANGED.format(course.snapshot_name)
        others = await changed_models(self._deps, reader, course, snapshot.detail.model_names)
        return MODELS_CHANGED.format(", ".join(f"`{name}`" for name in others)) if others else None

    async def _create_or_update(self, scope: OpenScope, course: DeploymentRow) -> str:
        """Creates or updates the endpoint, and says which of them."""
        runtime = await describe_runtime(scope.reader, runtime_name(course))
        if course.runtime_before is not None:
            return await self._update(scope, course, runtime)
        return await self._create(scope, course, runtime)

    async def _update(self, scope: OpenScope, course: DeploymentRow, runtime: Runtime | None) -> str:
        name = runtime_name(course)
        if runtime is None or runtime.detail is None:
            raise StepFailedError("GONE", f"The endpoint `{name}` is gone since approval was asked for.")
        detail = runtime.detail
        on_its_way = course.snapshot_name in {detail.snapshot_name, detail.pending_snapshot_name}
        if not on_its_way and detail.snapshot_name != course.runtime_before:
            raise StepFailedError(
                "CHANGED",
                f"The endpoint `{name}` runs `{detail.snapshot_name}` now, and `{course.runtime_before}` when approval "
                "was asked for, so it was left as it is; retryDeployment asks for approval again.",
            )
        author = self._deps.author(course, _launch_actor(course))
        await scope.writer.update_runtime(name, course.snapshot_name, author)
        return f"Endpoint {name} moves to {course.snapshot_name}"

    async def _create(self, scope: OpenScope, course: DeploymentRow, runtime: Runtime | None) -> str:
        name = runtime_name(course)
        if runtime is not None and not await belongs_to_deployment(scope.reader, runtime, course.key):
            raise _name_taken(name)
        wanted = NewRuntime(name=name, snapshot_name=course.snapshot_name)
        made = await scope.writer.create_runtime(wanted, self._deps.author(course, _launch_actor(course)))
        if not made.created and not await belongs_to_deployment(scope.reader, made.resource, course.key):
            raise _name_taken(name)
        return f"Endpoint {name} of {course.snapshot_name}"

    async def _record_launched(self, scope: OpenScope, course: DeploymentRow, detail: str) -> None:
        """Notes that the endpoint is watched from now on, tells the step which it is, and audits it: once, since
        whoever began it may have died.
        """
        deed = AuditEntry(
            action="deployment.launch",
            actor=_launch_actor(course),
            role_arn=scope.role,
            detail=detail,
            aws_request_ids=aws_request_ids(),
        )
        async with self._deps.database.writing() as connection:
            if await deployments.record_launch(connection, course, runtime_name(course)):
                await deployment_steps.set_detail_once(connection, course, DeploymentStepName.LAUNCH, detail)
                await record_audit(connection, course, deed, AuditOutcome.SUCCEEDED, datetime.now(UTC))

    async def _end(self, course: DeploymentRow, to: DeploymentState, reason: str) -> None:
        """Ends it, without an endpoint; one that was begun all the same, by whoever died over it, is put away."""
        deed = AuditEntry(action="deployment.launch", actor=_launch_actor(course), aws_request_ids=aws_request_ids())
        await end_and_clean_up(self._deps, course, to, deed, reason)

    async def _clean_up_late_launch(self, key: str, attempt: int) -> None:
        """An endpoint that was begun when nobody wanted it any more is to be deleted, if it is one of ours."""
        async with self._deps.database.writing() as connection:
            course = await deployments.by_key(connection, key)
            if course is not None and (course.attempt != attempt or course.state in _UNWANTED_STATES):
                await queue_cleanup(
                    connection, course, ElementKind.RUNTIME, runtime_name(replace(course, attempt=attempt))
                )


async def belongs_to_deployment(reader: Reader, runtime: Runtime, key: str) -> bool:
    """Whether the endpoint bears this deployment's tag. Raises AWSError."""
    labels = (await reader.fresh().tags([runtime.arn]))[runtime.arn]
    if isinstance(labels, AWSError):
        raise labels
    return any(tag.key == DEPLOYMENT_TAG and tag.value == key for tag in labels or ())


def _launch_actor(course: DeploymentRow) -> str:
    return course.started_by if course.decision is None else course.decision.by


def _name_taken(name: str) -> StepFailedError:
    return StepFailedError(
        "TAKEN",
        f"An endpoint `{name}` has come up since approval was asked for, and not by this deployment, so it was left as "
        "it is; retryDeployment asks for approval again.",
    )
