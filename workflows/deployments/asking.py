"""What follows once a snapshot is verified and rehearsed: a decision is asked for, or nothing more is wanted."""

from datetime import UTC, datetime

from aws.errors import AWSError
from aws.inventory.reader import Reader
from aws.kinds import Kind
from aws.resources import Runtime
from registry import deployment_steps, deployments
from registry.courses import Course
from registry.database import Connection
from registry.words import DeploymentState, DeploymentStepName, StepState
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed, move_in


async def proceed(means: Means, reader: Reader, course: Course, deed: Deed, left_out: str | None = None) -> None:
    """Asks for a decision, or completes a deployment that is to be no more than a rehearsal.

    Args:
        means: What it is done with.
        reader: The group's scope.
        course: The deployment, as it was seen.
        deed: What brought it here.
        left_out: Why there was no rehearsal; None where there was one.

    Raises:
        AWSError: The endpoint that was asked for could not be read.
    """
    before = await _runs_now(reader, course) if course.launch else None
    to = DeploymentState.AWAITING_APPROVAL if course.launch else DeploymentState.COMPLETED
    async with means.database.writing() as connection:
        await deployments.note_runtime(connection, course, before)
        if await move_in(connection, course, to, deed):
            await _note(connection, course, before, left_out)


async def runtime_of(reader: Reader, name: str) -> Runtime | None:
    """The endpoint of this name as AWS describes it now; None where there is none. Raises AWSError."""
    what = (await reader.anew().describe(Kind.RUNTIME, [name]))[name]
    if isinstance(what, AWSError):
        raise what
    return what if isinstance(what, Runtime) else None


async def _note(connection: Connection, course: Course, before: str | None, left_out: str | None) -> None:
    """Notes, for whoever decides, what was left out, and the endpoint that was asked for by name."""
    now = datetime.now(UTC)
    if left_out is not None:
        rehearse = DeploymentStepName.REHEARSE
        await deployment_steps.end(connection, course, rehearse, StepState.SKIPPED, now, left_out)
    if course.launch and (name := course.runtime_wish) is not None:
        told = f"A new endpoint `{name}` would run it." if before is None else f"`{name}`, which runs `{before}` now."
        await deployment_steps.begin(connection, course, DeploymentStepName.APPROVE, now, detail=told)


async def _runs_now(reader: Reader, course: Course) -> str | None:
    """The snapshot that the endpoint runs that was asked for by name."""
    runtime = None if course.runtime_wish is None else await runtime_of(reader, course.runtime_wish)
    return None if runtime is None or runtime.detail is None else runtime.detail.snapshot_name
