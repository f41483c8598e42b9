"""What people do to a deployment under way: they cancel it, or have it begin again; an asset that comes does so too."""

import logging
from datetime import UTC, datetime

from registry import deployments
from registry.courses import ENDED, Course
from registry.errors import ConflictError
from registry.words import DeploymentState
from workflows.deployments.failing import give_up
from workflows.deployments.going_on import nudge
from workflows.deployments.means import Means
from workflows.deployments.moves import Deed

_log = logging.getLogger("sagegraph.deployments")

AGAIN = frozenset({DeploymentState.BLOCKED, DeploymentState.FAILED})
"""The states from which a deployment can begin again."""


async def cancel(means: Means, course: Course, by: str, comment: str | None) -> bool:
    """Stops a deployment; False where it has ended, or is elsewhere by now. What runs in AWS is put away afterwards.

    Raises:
        RegistryError
    """
    if course.state in ENDED:
        return False
    reason = f"{by} cancelled it" + (f": {comment}" if comment else ".")
    deed = Deed(action="deployment.cancel", actor=by)
    moved = await give_up(means, course, DeploymentState.CANCELLED, deed, reason)
    if moved:
        await nudge(means, course.key)
    return moved


async def begin_again(means: Means, course: Course) -> bool:
    """Begins a deployment's next attempt; False where it stands elsewhere by now.

    Raises:
        ConflictError: Another deployment of the snapshot goes on.
        RegistryError
    """
    async with means.database.writing() as connection:
        begun_again = await deployments.begin_again(connection, course, datetime.now(UTC))
    if begun_again:
        await nudge(means, course.key)
    return begun_again


async def asset_arrived(means: Means, registration_key: str) -> None:
    """Lets the deployments go on that are held up, of the model for which an asset was put."""
    async with means.database.reading() as connection:
        held_up = await deployments.blocked_for(connection, registration_key)
    for course in held_up:
        try:
            await begin_again(means, course)
        except ConflictError:
            _log.info("The deployment %s stands back for another one of its snapshot.", course.key)
