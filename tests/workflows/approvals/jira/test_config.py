"""workflows.approvals.jira.config: the statuses that decide, and the labels of tickets."""

import pytest

from registry.enums import TicketKind
from registry.tickets import TicketRow
from sandbox.jira.server import JiraServer
from tests.registry.factories import NOON
from tests.workflows.approvals.jira.conftest import config_of
from workflows.approvals.jira.config import decision_of
from workflows.approvals.jira.issue_filer import all_labels


@pytest.mark.parametrize(
    ("status", "approves"),
    [("Done", True), ("DONE", True), ("Rejected", False), ("rejected", False), ("Done ", None), ("In Review", None)],
)
def test_what_a_status_decides(status: str, approves: bool | None) -> None:
    assert decision_of(config_of(JiraServer(cloud=True)), status) is approves


def test_labels_have_no_spaces_and_tell_attempts_and_kinds_apart() -> None:
    row = TicketRow(
        number=7,
        deployment_key="0" * 32,
        attempt=2,
        kind=TicketKind.NOTIFICATION,
        key=None,
        url=None,
        status="Intended",
        tries=0,
        intended_at=NOON,
        sent_at=None,
        astray_at=None,
        closed=False,
    )
    assert all_labels(row) == ("sagegraph", f"sagegraph-{'0' * 32}", f"sagegraph-{'0' * 32}-2-notification")
