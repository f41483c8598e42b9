"""registry.leftovers: what is to be put away is kept until it is, once for each thing."""

from registry import leftovers
from registry.database import Database
from registry.words import ElementKind
from tests.registry.deploying import begun
from tests.registry.making import later


async def test_it_is_kept_once_until_it_is_put_away(database: Database) -> None:
    course = await begun(database)
    async with database.writing() as connection:
        await leftovers.put(connection, course.key, ElementKind.RUNTIME, "live", later(1))
        await leftovers.put(connection, course.key, ElementKind.TRANSFORM_JOB, "job", later(2))
        job_first = await leftovers.every(connection)
        assert [(left.kind, left.name, left.group) for left in job_first] == [
            (ElementKind.RUNTIME, "live", "risk"),
            (ElementKind.TRANSFORM_JOB, "job", "risk"),
        ]
        # Left again while it was being put away, it stays.
        await leftovers.put(connection, course.key, ElementKind.RUNTIME, "live", later(3))
        for left in job_first:
            await leftovers.remove(connection, left)
        assert [(left.name, left.left_at) for left in await leftovers.every(connection)] == [("live", later(3))]
