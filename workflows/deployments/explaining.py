"""Says of deployments why they do not go on, as long as that is so."""

from collections.abc import Iterable

from registry import deployments
from registry.courses import Course
from workflows.deployments.means import Means


async def explain(means: Means, courses: Iterable[Course], reason: str | None) -> None:
    """Says why these do not go on; None takes back what was said. What is said already is not written again.

    Args:
        means: What it is done with.
        courses: The deployments, as they were seen; one that has moved on is left alone.
        reason: The reason, for people.

    Raises:
        RegistryError
    """
    changed = [course for course in courses if course.reason != reason]
    if changed:
        async with means.database.writing() as connection:
            for course in changed:
                await deployments.explain(connection, course, reason)
