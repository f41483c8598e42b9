"""workflows.deployments.ticket_filer: a ticket is filed once, and only its own attempt is told of it."""

from dataclasses import replace

import pytest

from registry import deployment_lists, deployments, tickets
from registry.database import Database
from registry.enums import DeploymentState, DeploymentStepName, StepState, TicketKind
from registry.tickets import FiledTicket, TicketRow
from sandbox.server import Sandbox
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import cancel, new_deployment_row, reload
from workflows.approvals.backend import ApprovalRequest
from workflows.approvals.builtin import BuiltinApprovals
from workflows.deployments.ticket_filer import TicketFiler
from workflows.deployments.transitions import AuditEntry, transition

DEED = AuditEntry(action="deployment.test", actor="ann")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


class RecordingApprovals(BuiltinApprovals):
    """The gateway's own tickets, which note what is said."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int, str]] = []

    async def file_request(self, request: ApprovalRequest) -> FiledTicket:
        self.said.append(("ask", request.ticket.number, request.deployment.state.value))
        return await super().file_request(request)

    async def file_failure(self, request: ApprovalRequest) -> FiledTicket:
        self.said.append(("notify", request.ticket.number, request.deployment.state.value))
        return replace(await super().file_failure(request), key="OPS-7")

    async def comment(self, request: ApprovalRequest, text: str) -> None:
        self.said.append(("comment", request.ticket.number, text))


async def asked(database: Database, state: DeploymentState, snapshot: str = "churn-1") -> str:
    """The key of a deployment with a ticket that is to be filed."""
    deployment = await new_deployment_row(database, snapshot)
    assert await transition(database, deployment, state, DEED, "Why.")
    return deployment.key


async def ticket(database: Database, number: int = 1) -> TicketRow:
    """A ticket, as it stands."""
    async with database.reading() as connection:
        row = await tickets.by_number(connection, number)
    assert row is not None
    return row


async def notify_step(database: Database, key: str) -> tuple[StepState, str | None]:
    """How the step stands that tells of a failure."""
    async with database.reading() as connection:
        deployment = await deployment_lists.by_key(connection, key)
    assert deployment is not None
    (step,) = [step for step in deployment.steps if step.name is DeploymentStepName.NOTIFY]
    return step.state, step.detail


async def test_each_kind_of_ticket_is_filed_once(sandbox: Sandbox, database: Database) -> None:
    approvals = RecordingApprovals()
    await asked(database, DeploymentState.AWAITING_APPROVAL)
    failed = await asked(database, DeploymentState.FAILED, "churn-2")
    async with deps_on(sandbox, database, approvals) as (deps, _):
        filing = TicketFiler(deps)
        for number in (1, 2, 1, 2, 3):
            await filing.file(number, 0)
    assert approvals.said == [("ask", 1, "AWAITING_APPROVAL"), ("notify", 2, "FAILED")]
    first, second = await ticket(database), await ticket(database, 2)
    assert (first.kind, first.key, first.status) == (TicketKind.APPROVAL, "SG-1", "Open")
    assert (second.kind, second.key) == (TicketKind.NOTIFICATION, "OPS-7")
    assert await notify_step(database, failed) == (StepState.DONE, "Ticket OPS-7.")


async def test_one_that_is_closed_or_tried_by_another_work_is_not_filed(sandbox: Sandbox, database: Database) -> None:
    approvals = RecordingApprovals()
    key = await asked(database, DeploymentState.AWAITING_APPROVAL)
    async with deps_on(sandbox, database, approvals) as (deps, _):
        await TicketFiler(deps).note_failure(1, 0, "Away")
        await TicketFiler(deps).note_failure(1, 0, "Away")
        assert (await ticket(database)).tries == 1
        await TicketFiler(deps).file(1, 0)
        await cancel(database, await reload(database, key))
        await TicketFiler(deps).file(1, 1)
    assert approvals.said == []
    assert (await ticket(database)).key is None


async def test_a_later_attempt_is_not_told_of_an_earlier_ones_ticket(sandbox: Sandbox, database: Database) -> None:
    approvals = RecordingApprovals()
    key = await asked(database, DeploymentState.FAILED)
    failed = await reload(database, key)
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, failed, failed.since)
    assert await transition(database, await reload(database, key), DeploymentState.FAILED, DEED, "Again.")
    async with deps_on(sandbox, database, approvals) as (deps, _):
        await TicketFiler(deps).file(1, 0)
        assert (await notify_step(database, key))[0] is StepState.RUNNING
        await TicketFiler(deps).file(2, 0)
    assert await notify_step(database, key) == (StepState.DONE, "Ticket OPS-7.")


async def test_what_has_come_of_it_is_said_beneath_the_ticket_that_asked(sandbox: Sandbox, database: Database) -> None:
    """Of its attempt; one that was never filed has nothing beneath it."""
    approvals = RecordingApprovals()
    key = await asked(database, DeploymentState.AWAITING_APPROVAL)
    async with deps_on(sandbox, database, approvals) as (deps, _):
        filing = TicketFiler(deps)
        await filing.announce_outcome(key, 1)
        assert approvals.said == []
        await filing.file(1, 0)
        await cancel(database, await reload(database, key))
        await filing.announce_outcome(key, 2)
        await filing.announce_outcome(key, 1)
    assert approvals.said[1:] == [("comment", 1, "The deployment is CANCELLED. eve cancelled it.")]
