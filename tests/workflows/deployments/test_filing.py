"""workflows.deployments.filing: a ticket is filed once, and only its own attempt is told of it."""

from dataclasses import replace

import pytest

from registry import deployment_lists, deployments, tickets
from registry.database import Database
from registry.tickets import Filed, TicketRow
from registry.words import DeploymentState, DeploymentStepName, StepState, TicketKind
from sandbox.server import Sandbox
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import begun, cancelled, course_of
from workflows.deployments.filing import Filing
from workflows.deployments.moves import Deed, move
from workflows.deployments.ticketing import Matter, OwnTickets

DEED = Deed(action="deployment.test", actor="ann")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


class Heard(OwnTickets):
    """The gateway's own tickets, which note what is said."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int, str]] = []

    async def ask(self, matter: Matter) -> Filed:
        self.said.append(("ask", matter.ticket.number, matter.deployment.state.value))
        return await super().ask(matter)

    async def notify(self, matter: Matter) -> Filed:
        self.said.append(("notify", matter.ticket.number, matter.deployment.state.value))
        return replace(await super().notify(matter), key="OPS-7")

    async def comment(self, matter: Matter, text: str) -> None:
        self.said.append(("comment", matter.ticket.number, text))


async def asked(database: Database, state: DeploymentState, snapshot: str = "churn-1") -> str:
    """The key of a deployment with a ticket that is to be filed."""
    course = await begun(database, snapshot)
    assert await move(database, course, state, DEED, "Why.")
    return course.key


async def ticket(database: Database, number: int = 1) -> TicketRow:
    """A ticket, as it stands."""
    async with database.reading() as connection:
        found = await tickets.by_number(connection, number)
    assert found is not None
    return found


async def notify_step(database: Database, key: str) -> tuple[StepState, str | None]:
    """How the step stands that tells of a failure."""
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, key)
    assert deployment is not None
    (step,) = [step for step in deployment.steps if step.name is DeploymentStepName.NOTIFY]
    return step.state, step.detail


async def test_each_kind_of_ticket_is_filed_once(sandbox: Sandbox, database: Database) -> None:
    keeper = Heard()
    await asked(database, DeploymentState.AWAITING_APPROVAL)
    failed = await asked(database, DeploymentState.FAILED, "churn-2")
    async with means_on(sandbox, database, keeper) as (means, _):
        filing = Filing(means)
        for number in (1, 2, 1, 2, 3):
            await filing.file(number, 0)
    assert keeper.said == [("ask", 1, "AWAITING_APPROVAL"), ("notify", 2, "FAILED")]
    first, second = await ticket(database), await ticket(database, 2)
    assert (first.kind, first.key, first.status) == (TicketKind.APPROVAL, "SG-1", "Open")
    assert (second.kind, second.key) == (TicketKind.NOTIFICATION, "OPS-7")
    assert await notify_step(database, failed) == (StepState.DONE, "Ticket OPS-7.")


async def test_one_that_is_closed_or_tried_by_another_work_is_not_filed(sandbox: Sandbox, database: Database) -> None:
    keeper = Heard()
    key = await asked(database, DeploymentState.AWAITING_APPROVAL)
    async with means_on(sandbox, database, keeper) as (means, _):
        await Filing(means).not_filed(1, 0, "Away")
        await Filing(means).not_filed(1, 0, "Away")
        assert (await ticket(database)).tries == 1
        await Filing(means).file(1, 0)
        await cancelled(database, await course_of(database, key))
        await Filing(means).file(1, 1)
    assert keeper.said == []
    assert (await ticket(database)).key is None


async def test_a_later_attempt_is_not_told_of_an_earlier_ones_ticket(sandbox: Sandbox, database: Database) -> None:
    keeper = Heard()
    key = await asked(database, DeploymentState.FAILED)
    failed = await course_of(database, key)
    async with database.writing() as connection:
        assert await deployments.begin_again(connection, failed, failed.since)
    assert await move(database, await course_of(database, key), DeploymentState.FAILED, DEED, "Again.")
    async with means_on(sandbox, database, keeper) as (means, _):
        await Filing(means).file(1, 0)
        assert (await notify_step(database, key))[0] is StepState.RUNNING
        await Filing(means).file(2, 0)
    assert await notify_step(database, key) == (StepState.DONE, "Ticket OPS-7.")


async def test_what_has_come_of_it_is_said_beneath_the_ticket_that_asked(sandbox: Sandbox, database: Database) -> None:
    """Of its attempt; one that was never filed has nothing beneath it."""
    keeper = Heard()
    key = await asked(database, DeploymentState.AWAITING_APPROVAL)
    async with means_on(sandbox, database, keeper) as (means, _):
        filing = Filing(means)
        await filing.tell(key, 1)
        assert keeper.said == []
        await filing.file(1, 0)
        await cancelled(database, await course_of(database, key))
        await filing.tell(key, 2)
        await filing.tell(key, 1)
    assert keeper.said[1:] == [("comment", 1, "The deployment is CANCELLED. eve cancelled it.")]
