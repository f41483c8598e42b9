"""sandbox.jira.call: the fields of a query string, and the fields of an issue that are asked for."""

from dataclasses import replace

import pytest

from sandbox.jira.accounts import GATEWAY
from sandbox.jira.call import JiraCall, shown_issue
from sandbox.jira.errors import JiraRefusalError
from sandbox.jira.project import Project

CALL = JiraCall(Project(cloud=True), GATEWAY, "3", "http://jira", 100, arguments={"startAt": "7", "maxResults": "all"})


def test_a_number_is_read_or_refused() -> None:
    assert (CALL.number("startAt", 0), CALL.number("other", 5), CALL.text("other")) == (7, 5, "")
    with pytest.raises(JiraRefusalError) as caught:
        CALL.number("maxResults", 50)
    assert caught.value.answer.status == 400


def test_fields_are_shown_as_asked() -> None:
    issue = CALL.project.create(GATEWAY, "Approve", None, ["a"])
    some = shown_issue(issue, replace(CALL, arguments={"fields": "labels,created"}))
    assert some == {
        "id": "1",
        "key": "MLOPS-1",
        "self": "http://jira/rest/api/2/issue/1",
        "fields": {"labels": ["a"], "created": "2026-03-02T09:00:01.000+0000"},
    }
    assert set(shown_issue(issue, CALL)["fields"]) == {"summary", "project", "status", "labels", "created"}


def test_an_issue_that_the_path_names() -> None:
    made = CALL.project.create(GATEWAY, "Approve", None, [])
    assert replace(CALL, names=(made.key,)).issue() is made
    with pytest.raises(JiraRefusalError) as caught:
        replace(CALL, names=("MLOPS-99",)).issue()
    assert caught.value.answer.status == 404
