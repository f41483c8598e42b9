"""What becomes of a deployment whose work fails."""

from collections.abc import Sequence

from registry import deployment_steps, deployments
from registry.courses import ENDED_STATES, DeploymentRow
from registry.database import Connection
from registry.words import DeploymentState, ElementKind
from workflows.deployments.means import DeploymentDeps
from workflows.deployments.moves import AuditEntry, queue_cleanup, transition_in
from workflows.deployments.names import runtime_name


async def fail_attempt(deps: DeploymentDeps, key: str, attempt: int, kind: str, message: str) -> None:
    """Ends a deployment as failed, or holds it up where that is all there is to it; one that has ended stays so.

    Args:
        deps: What it is done with.
        key: The deployment's key.
        attempt: Its attempt.
        kind: The word for the failure.
        message: The failure, for people.
    """
    async with deps.database.reading() as connection:
        course = await deployments.by_key(connection, key)
    if course is None or course.attempt != attempt or course.state in ENDED_STATES:
        return
    refused = kind == "REFUSED" and course.state is DeploymentState.VERIFYING
    to = DeploymentState.BLOCKED if refused else DeploymentState.FAILED
    deed = AuditEntry(action=f"deployment.{course.state.value.lower()}", actor=course.started_by)
    await end_and_clean_up(deps, course, to, deed, message)


async def end_and_clean_up(
    deps: DeploymentDeps, course: DeploymentRow, to: DeploymentState, entry: AuditEntry, reason: str
) -> bool:
    """Brings a deployment into a state in which nobody wants what its attempt may have begun in AWS: it is put away.

    False, and nothing done, where the deployment is elsewhere by now.
    """
    async with deps.database.writing() as connection:
        left = await resources_of_attempt(connection, course)
        moved = await transition_in(connection, course, to, entry, reason)
        if moved:
            for element, names in left:
                await queue_cleanup(connection, course, element, *names)
    return moved


async def resources_of_attempt(
    connection: Connection, course: DeploymentRow
) -> Sequence[tuple[ElementKind, Sequence[str]]]:
    """What the deployment's attempt may have begun in AWS as it stands: the jobs of a rehearsal, a new endpoint."""
    if course.state is DeploymentState.REHEARSING:
        return [(ElementKind.TRANSFORM_JOB, list((await deployment_steps.rehearsal_jobs(connection, course)).values()))]
    if course.state is DeploymentState.LAUNCHING and course.runtime_before is None:
        return [(ElementKind.RUNTIME, [runtime_name(course)])]
    return []
