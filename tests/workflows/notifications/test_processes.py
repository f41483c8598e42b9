"""A process that is killed while it delivers: the receiver is told again, under the same id."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import pytest

from registry.database import Database
from tests.processes.starting import PIPE, Process, start
from tests.registry.factories import start_deployment
from tests.workflows.deployments.test_processes import until
from tests.workflows.durable.dbos_state import end_leases, workflow_statuses
from tests.workflows.notifications.delivering import webhook
from tests.workflows.notifications.receiver import receiving
from tests.workflows.notifications.test_delivery import all_settled

pytestmark = pytest.mark.crash
Begin = Callable[[str], Awaitable[Process]]


@pytest.fixture
async def begin(database_url: str) -> AsyncIterator[Begin]:
    begun: list[Process] = []

    async def worker(receiver: str) -> Process:
        process = await start("tests.workflows.notifications.worker", database_url, receiver, stdin=PIPE, stdout=PIPE)
        begun.append(process)
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        return process

    yield worker
    for process in begun:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_killed_while_the_receiver_has_it(database_url: str, begin: Begin) -> None:
    async with receiving() as receiver:
        receiver.hold.clear()
        wanted = {webhook(receiver.url).id: webhook(receiver.url).filter}
        async with Database(database_url, webhooks=wanted) as database:
            first = await begin(receiver.url)
            await start_deployment(database)
            await receiver.until(lambda came: len(came) == 1)
            first.kill()
            await first.wait()
            receiver.hold.set()
            await end_leases(database_url)
            await begin(receiver.url)
            await receiver.until(lambda came: len(came) == 2)
            await all_settled(database)
        one, again = receiver.received
        assert one.id == again.id
        assert one.body == again.body
        assert again.verified()["type"] == "deployment.verifying"
        # The row goes with the last step, and the work has ended a moment after that.
        await until(partial(_ended, database_url))


async def _ended(url: str) -> bool:
    statuses = [status for name, status in workflow_statuses(url).items() if name.startswith("webhook/")]
    assert statuses in (["PENDING"], ["SUCCESS"])
    return statuses == ["SUCCESS"]
