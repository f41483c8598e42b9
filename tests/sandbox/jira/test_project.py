"""sandbox.jira.project: issues on their way through a workflow, and what the index has of them."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.jira.accounts import ANN, BEN, GATEWAY
from sandbox.jira.errors import JiraRefusalError
from sandbox.jira.project import START, Project


@pytest.mark.parametrize("cloud", [True, False])
def test_a_move_is_in_the_changelog(cloud: bool) -> None:
    project = Project(cloud=cloud)
    issue = project.create(GATEWAY, "Approve", None, [])
    project.move(issue.key, "Done", BEN, "Go ahead.")
    (change,) = issue.history
    assert change["author"] == BEN.shown(cloud=cloud)
    assert change["created"] == "2026-03-02T09:00:02.000+0000"
    (item,) = change["items"]
    assert (item["fromString"], item["toString"], item.get("fieldId")) == ("To Do", "Done", "status" if cloud else None)
    assert issue.comments == [(BEN, START + timedelta(seconds=2), project.text("Go ahead."))]


def test_an_old_key_leads_to_the_issue() -> None:
    project = Project(cloud=True)
    issue = project.create(GATEWAY, "Approve", None, [])
    project.rename("MLOPS-1", "OPS-7")
    assert project.issue("MLOPS-1") is project.issue("OPS-7") is issue
    assert issue.key == "OPS-7"


def test_each_status_can_be_reached_from_each_unless_the_workflow_says_otherwise() -> None:
    project = Project(cloud=True)
    issue = project.create(GATEWAY, "Approve", None, [])
    assert list(project.transitions(issue, ANN)) == ["11", "12", "13", "14"]
    project.statuses[2].sources, project.statuses[3].movers = frozenset({"In Review"}), frozenset({"ben"})
    assert list(project.transitions(issue, ANN)) == ["11", "12"]
    project.perform(ANN, issue, "12")
    assert list(project.transitions(issue, ANN)) == ["11", "12", "13"]
    assert list(project.transitions(issue, BEN)) == ["11", "12", "13", "14"]


def test_a_refused_transition_moves_nothing() -> None:
    project = Project(cloud=True)
    issue = project.create(GATEWAY, "Approve", None, [])
    for wrong in ("15", "10", "", "Done"):
        with pytest.raises(JiraRefusalError) as caught:
            project.perform(ANN, issue, wrong)
        assert caught.value.answer.status == 400
    assert (issue.status.name, issue.history) == ("To Do", [])


def test_the_index_keeps_what_it_had_while_it_is_behind() -> None:
    project = Project(cloud=True)
    project.create(GATEWAY, "Approve", None, [])
    project.index_is_behind = True
    project.move("MLOPS-1", "Done", ANN)
    assert project.indexed["MLOPS-1"].status.name == "To Do"
    project.catch_up()
    assert project.indexed["MLOPS-1"].status.name == "Done"


def test_real_time_is_told_where_there_is_a_clock() -> None:
    now = datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert Project(cloud=True, clock=lambda: now).create(GATEWAY, "s", None, []).created == now
