"""workflows.approvals.jira.issue_filer: by its labels each ticket is found again, and told from every other one."""

from dataclasses import replace

import pytest

from registry.database import Database
from registry.enums import TicketKind
from tests.workflows.approvals.jira.pending_deployments import pending_deployment, ticket_of
from workflows.approvals.jira.issue_filer import all_labels, deployment_label, ticket_label


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def test_a_ticket_bears_what_all_do_what_its_deployments_do_and_what_it_alone_does(database: Database) -> None:
    deployment = await pending_deployment(database)
    ticket = await ticket_of(database, deployment)
    assert all_labels(ticket) == ("sagegraph", f"sagegraph-{deployment.key}", f"sagegraph-{deployment.key}-1-approval")
    assert (deployment_label(deployment.key), ticket_label(ticket)) == all_labels(ticket)[1:]
    rows = [
        replace(ticket, attempt=2),
        replace(ticket, attempt=11),
        replace(ticket, kind=TicketKind.NOTIFICATION),
        replace(ticket, deployment_key="0" * 32),
    ]
    assert len({ticket_label(row) for row in (ticket, *rows)}) == 5
    # Where it was filed, and how it stands there, changes none of them.
    assert all_labels(replace(ticket, key="MLOPS-7", status="Done", tries=3)) == all_labels(ticket)
    # Jira takes no label with a space, and none of more than 255 characters.
    assert all(
        " " not in label and len(label) <= 255 for ticket_row in (ticket, *rows) for label in all_labels(ticket_row)
    )
