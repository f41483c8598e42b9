"""The last phase: the endpoint is created, or the one that was asked for is updated."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from auth.ownership import may
from auth.permissions import Permission
from aws.errors import AWSError
from aws.inventory.reader import Reader
from aws.resources import Runtime, Snapshot
from aws.scopes import OpenScope
from aws.writing.inputs import NewRuntime
from aws.writing.marks import DEPLOYMENT
from registry import deployment_steps, deployments
from registry.courses import Course
from registry.words import AuditOutcome, DeploymentState, DeploymentStepName, ElementKind
from workflows.deployments.asking import runtime_of
from workflows.deployments.deciding import CHANGED
from workflows.deployments.failing import give_up
from workflows.deployments.identities import is_same, snapshot_of
from workflows.deployments.means import Means, written
from workflows.deployments.moves import Deed, keep, leave
from workflows.deployments.names import runtime_name
from workflows.deployments.registering import others_than_verified
from workflows.deployments.verifying import without_deploy
from workflows.durable.errors import StepFailedError

OTHER_MODELS: Final = (
    "The snapshot runs models that are not those any more that approval was asked for, or that the group has not "
    "registered any more: {0}. retryDeployment begins again with what is there."
)
_UNWANTED: Final = frozenset({DeploymentState.CANCELLED, DeploymentState.FAILED, DeploymentState.BLOCKED})


class Launching:
    """Begins launches.

    Args:
        means: What it is done with.
    """

    def __init__(self, means: Means) -> None:
        self._means = means

    async def launch(self, key: str, attempt: int) -> None:
        """Begins to create or update the endpoint. Raises StepFailedError, AWSError, RegistryError."""
        course = await self._means.seen(key, attempt, DeploymentState.LAUNCHING)
        if course is None:
            await self._leave_late(key, attempt)
            return
        if not may(self._means.policy, course.group, Permission.DEPLOY):
            await self._end(course, DeploymentState.BLOCKED, without_deploy(course.group))
            return
        async with self._means.database.writing() as connection:
            if not await deployments.stands(connection, course):
                return
            await deployment_steps.begin(connection, course, DeploymentStepName.LAUNCH, datetime.now(UTC))
        async with self._means.scope(course) as scope:
            if await self._is_void(scope, course):
                return
            told = await self._bring_up(scope, course)
            # Somebody may have made the snapshot again while the endpoint was asked for, which knows but its name.
            if await self._is_void(scope, course):
                return
            await self._note(scope, course, told)
        if await self._means.seen(key, attempt, DeploymentState.LAUNCHING) is None:
            await self._leave_late(key, attempt)

    async def _is_void(self, scope: OpenScope, course: Course) -> bool:
        """Whether the approval is for something else than what is there; then the deployment has failed of it."""
        snapshot = await snapshot_of(scope.reader, course.snapshot_name)
        void = await self._void(scope.reader, course, snapshot)
        if void is not None:
            await self._end(course, DeploymentState.FAILED, void)
        return void is not None

    async def _void(self, reader: Reader, course: Course, snapshot: Snapshot | None) -> str | None:
        """Why the approval is for something else than what would be launched; None where it is for that."""
        if snapshot is None or snapshot.detail is None or not is_same(course, snapshot):
            return CHANGED.format(course.snapshot_name)
        others = await others_than_verified(self._means, reader, course, snapshot.detail.model_names)
        return OTHER_MODELS.format(", ".join(f"`{name}`" for name in others)) if others else None

    async def _bring_up(self, scope: OpenScope, course: Course) -> str:
        """Creates or updates the endpoint, and says which of them."""
        runtime = await runtime_of(scope.reader, runtime_name(course))
        if course.runtime_before is not None:
            return await self._update(scope, course, runtime)
        return await self._create(scope, course, runtime)

    async def _update(self, scope: OpenScope, course: Course, runtime: Runtime | None) -> str:
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
        author = self._means.author(course, _actor(course))
        await scope.writer.update_runtime(name, course.snapshot_name, author)
        return f"Endpoint {name} moves to {course.snapshot_name}"

    async def _create(self, scope: OpenScope, course: Course, runtime: Runtime | None) -> str:
        name = runtime_name(course)
        if runtime is not None and not await is_ours(scope.reader, runtime, course.key):
            raise _taken(name)
        wanted = NewRuntime(name=name, snapshot_name=course.snapshot_name)
        made = await scope.writer.create_runtime(wanted, self._means.author(course, _actor(course)))
        if not made.created and not await is_ours(scope.reader, made.resource, course.key):
            raise _taken(name)
        return f"Endpoint {name} of {course.snapshot_name}"

    async def _note(self, scope: OpenScope, course: Course, told: str) -> None:
        """Notes that the endpoint is watched from now on, tells the step which it is, and audits it: once, since
        whoever began it may have died.
        """
        deed = Deed(
            action="deployment.launch",
            actor=_actor(course),
            role_arn=scope.role,
            detail=told,
            aws_request_ids=written(),
        )
        async with self._means.database.writing() as connection:
            if await deployments.name_runtime(connection, course, runtime_name(course)):
                await deployment_steps.tell(connection, course, DeploymentStepName.LAUNCH, told)
                await keep(connection, course, deed, AuditOutcome.SUCCEEDED, datetime.now(UTC))

    async def _end(self, course: Course, to: DeploymentState, reason: str) -> None:
        """Ends it, without an endpoint; one that was begun all the same, by whoever died over it, is put away."""
        deed = Deed(action="deployment.launch", actor=_actor(course), aws_request_ids=written())
        await give_up(self._means, course, to, deed, reason)

    async def _leave_late(self, key: str, attempt: int) -> None:
        """An endpoint that was begun when nobody wanted it any more is to be deleted, if it is one of ours."""
        async with self._means.database.writing() as connection:
            course = await deployments.course(connection, key)
            if course is not None and (course.attempt != attempt or course.state in _UNWANTED):
                await leave(connection, course, ElementKind.RUNTIME, runtime_name(replace(course, attempt=attempt)))


async def is_ours(reader: Reader, runtime: Runtime, key: str) -> bool:
    """Whether the endpoint bears this deployment's tag. Raises AWSError."""
    labels = (await reader.anew().tags([runtime.arn]))[runtime.arn]
    if isinstance(labels, AWSError):
        raise labels
    return any(tag.key == DEPLOYMENT and tag.value == key for tag in labels or ())


def _actor(course: Course) -> str:
    return course.started_by if course.decision is None else course.decision.by


def _taken(name: str) -> StepFailedError:
    return StepFailedError(
        "TAKEN",
        f"An endpoint `{name}` has come up since approval was asked for, and not by this deployment, so it was left as "
        "it is; retryDeployment asks for approval again.",
    )
