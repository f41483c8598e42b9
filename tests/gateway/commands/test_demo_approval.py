"""gateway.commands.demo_approval: what it says to do, and who may do it."""

import json
import shlex

import httpx

from gateway.commands.demo_approval import (
    APPROVER,
    APPROVER_HEADERS,
    STARTER,
    BuiltinApproval,
    JiraApproval,
    start_jira,
)
from gateway.commands.demo_examples import DEMO_HEADERS
from sandbox.jira.accounts import GATEWAY


def test_who_approves_is_not_who_started_it() -> None:
    assert APPROVER_HEADERS["X-Forwarded-User"] == APPROVER.name
    assert DEMO_HEADERS["X-Forwarded-User"] == STARTER.name
    assert APPROVER.name != STARTER.name


def test_a_shell_takes_the_command() -> None:
    text = BuiltinApproval().invitation("http://127.0.0.1:1", "RGVwbG95bWVudDox", "SG-1")
    words = shlex.split(text.splitlines()[-1])
    assert words[:3] == ["curl", "-s", "http://127.0.0.1:1/graphql"]
    assert "X-Forwarded-User: lead" in words
    query = json.loads(words[-1])["query"]
    assert query.startswith('mutation { approveDeployment(input: {id: "RGVwbG95bWVudDox"}) {')


async def test_jira_s_page_lets_people_approve_and_not_the_gateway() -> None:
    with start_jira() as jira:
        issue = jira.project.create(GATEWAY, "Approve", None, [])
        text = JiraApproval(jira).invitation("http://127.0.0.1:1", "RGVwbG95bWVudDox", issue.key)
        page = text.splitlines()[1].strip()
        async with httpx.AsyncClient() as http:
            assert (await http.get(page)).status_code == 200
            ways = jira.project.transitions(issue, GATEWAY)
            assert {status.name for status in ways.values()} == {"To Do", "In Review", "Rejected"}
            (done,) = (id for id, status in jira.project.transitions(issue, APPROVER).items() if status.name == "Done")
            moved = await http.post(page, data={"by": APPROVER.name, "transition": done})
    assert moved.status_code == 303
    assert issue.status.name == "Done"
