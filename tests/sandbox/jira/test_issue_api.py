"""sandbox.jira.issue_api: issues as either kind of Jira takes and refuses them."""

from typing import Any

import pytest

from sandbox.jira.accounts import ANN, BEN, GATEWAY
from sandbox.jira.server import JiraServer
from sandbox.jira.texts import document
from tests.sandbox.jira.conftest import CLOUD, DATA_CENTER, Ask, errors_of


def fields(jira: JiraServer, **changes: Any) -> dict[str, Any]:
    usual = {
        "project": {"key": "MLOPS"},
        "issuetype": {"name": "Task"},
        "summary": "Approve",
        "description": jira.project.text("Please."),
        "labels": ["l-2"],
    }
    return {"fields": {**usual, **changes}}


async def test_an_issue_is_filed(jira: JiraServer, ask: Ask) -> None:
    answer = await ask("POST", "issue", fields(jira))
    assert (answer.status_code, answer.json()["key"]) == (201, "MLOPS-2")
    made = jira.project.issues["MLOPS-2"]
    assert (made.summary, made.labels, made.creator, made.status.name) == ("Approve", ["l-2"], GATEWAY, "To Do")


@pytest.mark.parametrize(
    "wrong",
    [
        {"project": {"key": "NONE"}},
        {"issuetype": {"name": "Bug"}},
        {"summary": "x" * 256},
        {"summary": "two\nlines"},
        {"summary": None},
        {"labels": ["with space"]},
        {"description": {"type": "doc"}},
    ],
    ids=str,
)
async def test_the_field_that_is_wrong_is_named(jira: JiraServer, ask: Ask, wrong: dict[str, Any]) -> None:
    status, messages, errors = errors_of(await ask("POST", "issue", fields(jira, **wrong)))
    assert (status, messages, list(errors)) == (400, [], list(wrong))
    assert list(jira.project.issues) == ["MLOPS-1"]


async def test_without_the_permission_none_is_filed(jira: JiraServer, ask: Ask) -> None:
    jira.project.permissions.discard("CREATE_ISSUES")
    words = "You do not have permission to create issues in this project."
    assert errors_of(await ask("POST", "issue", fields(jira))) == (400, [words], {})
    assert list(jira.project.issues) == ["MLOPS-1"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "issue/MLOPS-9"),
        ("GET", "issue/MLOPS-9/comment"),
        ("POST", "issue/MLOPS-9/comment"),
        ("GET", "issue/MLOPS-9/transitions"),
        ("POST", "issue/MLOPS-9/transitions"),
    ],
)
async def test_an_issue_that_is_not_there(ask: Ask, method: str, path: str) -> None:
    words = "Issue does not exist or you do not have permission to see it."
    assert errors_of(await ask(method, path, {})) == (404, [words], {})


async def test_a_person_moves_it_with_a_comment(jira: JiraServer, ask: Ask) -> None:
    ways = (await ask("GET", "issue/MLOPS-1/transitions", by=BEN)).json()["transitions"]
    assert [way["to"]["name"] for way in ways] == ["To Do", "In Review", "Done", "Rejected"]
    comment = {"comment": [{"add": {"body": jira.project.text("Go ahead.")}}]}
    moved = await ask(
        "POST", "issue/MLOPS-1/transitions", {"transition": {"id": ways[2]["id"]}, "update": comment}, by=BEN
    )
    assert (moved.status_code, moved.content) == (204, b"")
    issue = jira.project.issues["MLOPS-1"]
    assert (issue.status.name, issue.history[-1]["author"]["displayName"]) == ("Done", "Ben Jones")
    assert [(account, text) for account, _, text in issue.comments] == [(BEN, jira.project.text("Go ahead."))]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Missing 'transition' identifier"),
        ({"transition": {"id": "Done"}}, "'transition' identifier must be an integer"),
        ({"transition": {"id": "999"}}, "Transition id '999' is not valid for this issue."),
    ],
)
async def test_a_transition_that_is_none(jira: JiraServer, ask: Ask, sent: dict[str, Any], words: str) -> None:
    assert errors_of(await ask("POST", "issue/MLOPS-1/transitions", sent)) == (400, [words], {})
    assert jira.project.issues["MLOPS-1"].history == []


async def test_a_way_that_the_workflow_has_not_from_here(jira: JiraServer, ask: Ask) -> None:
    jira.project.statuses[2].sources = frozenset({"In Review"})
    ways = (await ask("GET", "issue/MLOPS-1/transitions")).json()["transitions"]
    assert [way["id"] for way in ways] == ["11", "12", "14"]
    status, (words,), _ = errors_of(await ask("POST", "issue/MLOPS-1/transitions", {"transition": {"id": "13"}}))
    assert status == 400
    if jira.cloud:
        assert words == "Transition id '13' is not valid for this issue."
    else:
        assert "a workflow operation (Done) that is not valid for the current state of this issue (MLOPS-1)" in words
    assert jira.project.issues["MLOPS-1"].history == []


async def test_a_condition_says_who_may_move_it(jira: JiraServer, ask: Ask) -> None:
    jira.project.statuses[2].movers = frozenset({"ben"})
    for account, status in ((GATEWAY, 400), (ANN, 400), (BEN, 204)):
        answer = await ask("POST", "issue/MLOPS-1/transitions", {"transition": {"id": "13"}}, by=account)
        assert answer.status_code == status
    assert [item["author"]["displayName"] for item in jira.project.issues["MLOPS-1"].history] == ["Ben Jones"]


async def test_the_gateway_without_the_permission_has_no_transitions(jira: JiraServer, ask: Ask) -> None:
    jira.project.permissions.discard("TRANSITION_ISSUES")
    assert (await ask("GET", "issue/MLOPS-1/transitions")).json() == {"transitions": []}
    assert len((await ask("GET", "issue/MLOPS-1/transitions", by=BEN)).json()["transitions"]) == 4


@CLOUD
async def test_cloud_takes_documents_alone_in_version_3(jira: JiraServer, ask: Ask) -> None:
    answer = await ask("POST", "issue/MLOPS-1/comment", {"body": "words"})
    assert errors_of(answer) == (400, [], {"comment": "Comment body is not valid!"})
    assert jira.project.issues["MLOPS-1"].comments == []


@DATA_CENTER
async def test_data_center_takes_texts_alone(jira: JiraServer, ask: Ask) -> None:
    status, (words,), _ = errors_of(await ask("POST", "issue/MLOPS-1/comment", {"body": document("words")}))
    assert status == 400
    assert words.startswith("Can not deserialize instance of java.lang.String")
    assert jira.project.issues["MLOPS-1"].comments == []


async def test_who_may_not_comment_is_told_so(jira: JiraServer, ask: Ask) -> None:
    jira.project.permissions.discard("ADD_COMMENTS")
    answer = await ask("POST", "issue/MLOPS-1/comment", {"body": jira.project.text("words")})
    words = "SageGraph, you do not have the permission to comment on this issue."
    assert errors_of(answer) == (400, [words], {})
    assert jira.project.issues["MLOPS-1"].comments == []


async def test_comments_are_read_newest_first(jira: JiraServer, ask: Ask) -> None:
    for words in ("one", "two"):
        made = await ask("POST", "issue/MLOPS-1/comment", {"body": jira.project.text(words)})
        assert (made.status_code, made.json()["author"]["displayName"]) == (201, "SageGraph")
    body = (await ask("GET", "issue/MLOPS-1/comment?orderBy=-created&maxResults=1")).json()
    assert (body["total"], [item["body"] for item in body["comments"]]) == (2, [jira.project.text("two")])
