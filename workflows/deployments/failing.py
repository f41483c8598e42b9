"""What becomes of a deployment whose work fails."""

from collections.abc import Sequence

from registry import deployment_steps, deployments
from registry.courses import ENDED, Course
from registry.database import Connection
from registry.words import DeploymentState, ElementKind
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed, leave, move_in
from workflows.deployments.names import runtime_name


async def fail(means: Means, key: str, attempt: int, kind: str, message: str) -> None:
    """Ends a deployment as failed, or holds it up where that is all there is to it; one that has ended stays so.

    Args:
        means: What it is done with.
        key: The deployment's key.
        attempt: Its attempt.
        kind: The word for the failure.
        message: The failure, for people.
    """
    async with means.database.reading() as connection:
        course = await deployments.course(connection, key)
    if course is None or course.attempt != attempt or course.state in ENDED:
        return
    refused = kind == "REFUSED" and course.state is DeploymentState.VERIFYING
    to = DeploymentState.BLOCKED if refused else DeploymentState.FAILED
    deed = Deed(action=f"deployment.{course.state.value.lower()}", actor=course.started_by)
    await give_up(means, course, to, deed, message)


async def give_up(means: Means, course: Course, to: DeploymentState, deed: Deed, reason: str) -> bool:
    """Brings a deployment into a state in which nobody wants what its attempt may have begun in AWS: it is put away.

    False, and nothing done, where the deployment is elsewhere by now.
    """
    async with means.database.writing() as connection:
        left = await begun(connection, course)
        moved = await move_in(connection, course, to, deed, reason)
        if moved:
            for element, names in left:
                await leave(connection, course, element, *names)
    return moved


async def begun(connection: Connection, course: Course) -> Sequence[tuple[ElementKind, Sequence[str]]]:
    """What the deployment's attempt may have begun in AWS as it stands: the jobs of a rehearsal, a new endpoint."""
    if course.state is DeploymentState.REHEARSING:
        return [(ElementKind.TRANSFORM_JOB, list((await deployment_steps.rehearsals(connection, course)).values()))]
    if course.state is DeploymentState.LAUNCHING and course.runtime_before is None:
        return [(ElementKind.RUNTIME, [runtime_name(course)])]
    return []
