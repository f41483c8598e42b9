"""Says of deployments why they do not go on, as long as that is so."""

from collections.abc import Iterable

from registry import deployments
from registry.courses import Course
from workflows.deployments.means import Means

_WORDS = "What runs for it cannot be looked at; it is tried again. {}"


async def explain(means: Means, courses: Iterable[Course], trouble: Exception | None) -> None:
    """Says that AWS cannot be asked how far these are; without trouble, takes back what was said. Raises RegistryError.

    Args:
        means: What it is done with.
        courses: The deployments, as they were seen.
        trouble: What stands against it, told as it is: an error of AWS's or of the group's role.
    """
    reason = None if trouble is None else _WORDS.format(trouble)
    changed = [course for course in courses if course.reason != reason]
    if changed:
        async with means.database.writing() as connection:
            for course in changed:
                await deployments.explain(connection, course, reason)
