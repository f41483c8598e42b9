"""workflows.approvals.backend: tickets that the gateway keeps itself have a key, and no page of their own."""

import pytest

from registry.database import Database
from registry.enums import TicketKind
from registry.tickets import FiledTicket
from tests.workflows.approvals.jira.pending_deployments import approval_request_of, pending_deployment, ticket_of
from workflows.approvals.builtin import BuiltinApprovals


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def test_a_ticket_is_filed_under_its_number_however_often(database: Database) -> None:
    """It is open; there is nothing to recall, and nothing to be said beneath it."""
    for snapshot in ("churn-1", "churn-2"):
        deployment = await pending_deployment(database, snapshot)
        matter, before = await approval_request_of(database, deployment), await ticket_of(database, deployment)
        assert before.kind is TicketKind.APPROVAL
        own = BuiltinApprovals()
        filed = FiledTicket(f"SG-{before.number}", None, "Open")
        assert [await own.file_request(matter), await own.file_failure(matter), await own.file_request(matter)] == [
            filed
        ] * 3
        assert await own.recover(matter) is None
        await own.comment(matter, "It is in service.")
        # What is filed is noted by whoever has it filed.
        assert await ticket_of(database, deployment) == before
    assert before.number == 2
