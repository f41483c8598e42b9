"""registry.cleanup_queue: what is to be put away is kept until it is, once for each thing."""

from registry import cleanup_queue
from registry.database import Database
from registry.enums import ElementKind
from tests.registry.factories import minutes_after_noon, start_deployment


async def test_it_is_kept_once_until_it_is_put_away(database: Database) -> None:
    deployment = await start_deployment(database)
    async with database.writing() as connection:
        await cleanup_queue.enqueue(connection, deployment.key, ElementKind.RUNTIME, "live", minutes_after_noon(1))
        await cleanup_queue.enqueue(connection, deployment.key, ElementKind.TRANSFORM_JOB, "job", minutes_after_noon(2))
        job_first = await cleanup_queue.pending(connection)
        assert [(left.kind, left.name, left.group) for left in job_first] == [
            (ElementKind.RUNTIME, "live", "risk"),
            (ElementKind.TRANSFORM_JOB, "job", "risk"),
        ]
        # Left again while it was being put away, it stays.
        await cleanup_queue.enqueue(connection, deployment.key, ElementKind.RUNTIME, "live", minutes_after_noon(3))
        for left in job_first:
            await cleanup_queue.remove(connection, left)
        assert [(left.name, left.left_at) for left in await cleanup_queue.pending(connection)] == [
            ("live", minutes_after_noon(3))
        ]
