"""workflows.jira.desk and marks: what statuses mean, and the labels of tickets."""

import pytest

from registry.tickets import TicketRow
from registry.words import TicketKind
from tests.live.jira_server import JiraServer
from tests.registry.making import NOON
from tests.workflows.jira.conftest import desk_of
from workflows.jira.marks import labels_of


@pytest.mark.parametrize(
    ("status", "approves"),
    [("Done", True), ("DONE", True), ("Rejected", False), ("rejected", False), ("Done ", None), ("In Review", None)],
)
def test_what_a_status_decides(status: str, approves: bool | None) -> None:
    assert desk_of(JiraServer(cloud=True)).approves(status) is approves


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
    assert labels_of(row) == ("sagegraph", f"sagegraph-{'0' * 32}", f"sagegraph-{'0' * 32}-2-notification")
