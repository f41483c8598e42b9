"""The jira library, as it comes: a person files an issue, moves it and comments, and is refused as in Jira."""

from collections.abc import Iterator
from typing import Any

import pytest
from jira import JIRA
from jira.exceptions import JIRAError

from sandbox.jira.accounts import BEN
from sandbox.jira.server import JiraServer


@pytest.fixture(params=[True, False], ids=["cloud", "data-center"])
def served(request: pytest.FixtureRequest) -> Iterator[JiraServer]:
    with JiraServer.start(cloud=request.param) as jira:
        yield jira


def connect(jira: JiraServer, **login: Any) -> JIRA:
    known = {"basic_auth": (BEN.email, BEN.token)} if jira.cloud else {"token_auth": BEN.token}
    return JIRA(jira.url, max_retries=0, **(login or known))


def test_a_person_works_with_an_issue(served: JiraServer) -> None:
    client = connect(served)
    issue = client.create_issue(project="MLOPS", summary="S", description="D", issuetype={"name": "Task"})
    client.transition_issue(issue, "Done", comment="Go ahead.")
    client.add_comment(issue.key, "More.")
    read = client.issue(issue.key, expand="changelog")
    assert (read.fields.status.name, len(read.changelog.histories)) == ("Done", 1)
    assert [comment.body for comment in client.comments(issue.key)] == ["Go ahead.", "More."]
    assert client.myself()["displayName"] == "Ben Jones"
    client.close()  # type: ignore[no-untyped-call]  # The library has not annotated it.


def test_it_is_refused_as_in_jira(served: JiraServer) -> None:
    client, stranger = connect(served), connect(served, basic_auth=("ben", "guessed"), get_server_info=False)
    issue = client.create_issue(project="MLOPS", summary="S", issuetype={"name": "Task"})
    refused = []
    for call in (
        lambda: client.issue("MLOPS-9"),
        lambda: client.transition_issue(issue, "99"),
        lambda: client.project("NONE"),
        stranger.myself,
    ):
        with pytest.raises(JIRAError) as caught:
            call()
        refused.append(caught.value.status_code)
    assert refused == [404, 400, 404, 401]
    assert served.project.issues[issue.key].history == []
    for jira in (client, stranger):
        jira.close()  # type: ignore[no-untyped-call]  # See above.
