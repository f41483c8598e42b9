"""workflows.approvals.jira.client and session: every documented behaviour that is used, on Cloud and on Data Center."""

import asyncio
import base64
import json
import logging
from datetime import timedelta

import pytest

from sandbox.jira.accounts import ANN, BEN, GATEWAY
from sandbox.jira.faults import JiraFault
from sandbox.jira.project import START
from sandbox.jira.server import JiraServer
from sandbox.jira.texts import paragraph
from tests.workflows.approvals.jira.conftest import QUICK, config_of
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.config import JiraTimeouts
from workflows.approvals.jira.errors import (
    JiraError,
    JiraGoneError,
    JiraMisconfiguredError,
    JiraRefusedError,
    JiraThrottledError,
    JiraUnavailableError,
)
from workflows.approvals.jira.issues import JiraAccount, comment_with_change
from workflows.approvals.jira.markup import TextLine

TEXT = [TextLine("churn-model", "Model"), TextLine("its page", "Console", "https://console.example.com/x")]


async def test_an_issue_is_filed_as_its_jira_takes_it(jira: JiraServer, client: JiraClient) -> None:
    key = await client.create_issue("Approve\n churn-v1", TEXT, ["sagegraph", "sagegraph-7"])

    assert key == "MLOPS-1"
    made = jira.project.issues[key]
    assert (made.summary, made.labels, made.creator) == ("Approve churn-v1", ["sagegraph", "sagegraph-7"], GATEWAY)
    if jira.cloud:
        bold, link = [{"type": "strong"}], [{"type": "link", "attrs": {"href": "https://console.example.com/x"}}]
        parts = [
            [{"type": "text", "text": "Model: ", "marks": bold}, {"type": "text", "text": "churn-model"}],
            [{"type": "text", "text": "Console: ", "marks": bold}, {"type": "text", "text": "its page", "marks": link}],
        ]
        content = [{"type": "paragraph", "content": part} for part in parts]
        assert made.description == {"type": "doc", "version": 1, "content": content}
    else:
        assert made.description == "*Model:* churn-model\n*Console:* [its page|https://console.example.com/x]"
    assert jira.calls == ["GET serverInfo", "POST issue"]
    assert await client.browse_url(key) == f"{jira.url}/browse/MLOPS-1"


async def test_nothing_is_asked_before_it_must_be(jira: JiraServer) -> None:
    async with JiraClient(config_of(jira), QUICK):
        pass
    assert jira.calls == []


async def test_issues_are_found_by_label_in_pages(jira: JiraServer, client: JiraClient) -> None:
    jira.page = 3
    for number in range(60):
        jira.project.create(GATEWAY, "", "", [f"l-{number}"])
    jira.project.create(BEN, "", "", ["l-1"])
    jira.project.create(GATEWAY, "", "", ["other"])

    issues = await client.find_by_labels([f"l-{number}" for number in range(60)])

    assert [issue.key for issue in issues] == [f"MLOPS-{number}" for number in range(1, 61)]
    assert len(jira.asked("GET search")) == 17 + 4
    assert (issues[0].project, issues[0].status, issues[0].closed) == ("MLOPS", "To Do", False)
    assert (issues[0].labels, issues[0].created) == (frozenset({"l-0"}), START + timedelta(seconds=1))


async def test_a_search_is_behind_and_a_reading_is_not(jira: JiraServer, client: JiraClient) -> None:
    jira.project.create(GATEWAY, "", "", ["a"])
    jira.project.index_is_behind = True
    jira.project.move("MLOPS-1", "Done", BEN)

    assert [label.status for label in await client.find_by_labels(["a"])] == ["To Do"]
    assert (await client.read_issue("MLOPS-1"))[0].status == "Done"


async def test_a_reading_tells_who_moved_it_last(jira: JiraServer, client: JiraClient) -> None:
    jira.project.create(GATEWAY, "", "", ["a"])
    assert (await client.read_issue("MLOPS-1"))[1] is None
    jira.project.move("MLOPS-1", "Done", ANN)
    jira.project.move("MLOPS-1", "In Review", ANN)
    jira.project.move("MLOPS-1", "Done", BEN, "Looks right.")
    jira.project.issues["MLOPS-1"].history.append(
        {
            "author": ANN.shown(cloud=jira.cloud),
            "created": "2026-03-03T10:00:00.000+0100",
            "items": [{"field": "labels"}],
        }
    )

    issue, move = await client.read_issue("MLOPS-1")

    assert (issue.status, issue.closed) == ("Done", True)
    assert move is not None
    account_id, name = ("557058:ben", None) if jira.cloud else (None, "ben")
    assert move.by == JiraAccount(account_id, name, "ben@example.com", "Ben Jones")
    assert (move.to_status_id, move.at) == (issue.status_id, START + timedelta(seconds=4))
    assert comment_with_change(move.by, await client.comments("MLOPS-1"), move) == "Looks right."


async def test_the_same_comment_is_made_once(jira: JiraServer, client: JiraClient) -> None:
    jira.project.create(GATEWAY, "", "", ["a"])
    for _ in range(2):
        await client.add_comment_once("MLOPS-1", [TextLine("it {runs} on_*two*", "Outcome"), TextLine("[~ann]")])
        await client.add_comment_once("MLOPS-1", [TextLine("it stopped", "Outcome")])

    assert len(jira.project.issues["MLOPS-1"].comments) == 2
    assert len(jira.asked("POST issue/MLOPS-1/comment")) == 2


async def test_an_issue_is_closed_rather_as_rejected(jira: JiraServer, client: JiraClient) -> None:
    jira.project.create(GATEWAY, "", "", ["a"])
    assert await client.close_issue("MLOPS-1") is True
    assert jira.project.issues["MLOPS-1"].status.name == "Rejected"

    jira.project.permissions.discard("TRANSITION_ISSUES")
    assert await client.close_issue("MLOPS-1") is False


async def test_what_is_known_of_the_project_and_the_account(jira: JiraServer, client: JiraClient) -> None:
    account = await client.account()
    assert account is not None
    assert account.best_name == "sagegraph@example.com"
    assert await client.statuses_by_type() == {"Task": ("10001", ["To Do", "In Review", "Done", "Rejected"])}
    jira.project.permissions.discard("ADD_COMMENTS")
    assert await client.granted_permissions(["CREATE_ISSUES", "ADD_COMMENTS"]) == {"CREATE_ISSUES"}
    fields = await client.required_by_field("10001")
    assert fields == {"summary": True, "issuetype": True, "project": True, "description": False, "labels": False}


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        (JiraFault("issue"), JiraUnavailableError, r"cannot be reached, or is too slow \(ConnectionError\)"),
        (JiraFault("issue", 500), JiraUnavailableError, r"Jira has failed \(500\)"),
        (JiraFault("issue", 503, (("Retry-After", "5"),)), JiraUnavailableError, r"Jira has failed \(503\)"),
        (JiraFault("issue", 401), JiraRefusedError, "make a new token"),
        (JiraFault("issue", 403, body='{"errorMessages": ["No\\n way"]}'), JiraRefusedError, r"\(403\): No way"),
        (JiraFault("issue", 400, body='{"errors": {"x": "y"}}'), JiraMisconfiguredError, r"\(400\): y"),
        (JiraFault("issue", 404), JiraGoneError, "404"),
        (JiraFault("issue", 302, (("Location", "/login"),)), JiraMisconfiguredError, "another address"),
        (JiraFault("issue", 200, body="<html>Log in</html>"), JiraUnavailableError, "are not those of Jira's REST API"),
        (JiraFault("issue", 200, body="[]"), JiraUnavailableError, "undocumented form"),
        (JiraFault("issue", 200, body='{"key": "X-1"}'), JiraUnavailableError, "undocumented form"),
    ],
)
async def test_each_trouble_is_of_its_class_and_met_once(
    jira: JiraServer, client: JiraClient, trouble: JiraFault, kind: type[JiraError], words: str
) -> None:
    jira.trouble.append(trouble)
    with pytest.raises(kind, match=words) as caught:
        await client.read_issue("MLOPS-1")
    assert type(caught.value) is kind
    assert len(jira.asked("issue")) == 1


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("0", 1), ("99999999", 3600), ("soon", 60), (None, 60)])
async def test_jira_is_left_alone_for_as_long_as_it_asks(jira: JiraServer, header: str | None, seconds: float) -> None:
    now = [100.0]
    jira.project.create(GATEWAY, "", "", ["a"])
    headers = () if header is None else (("Retry-After", header),)
    jira.trouble.append(JiraFault("issue", 429, headers))
    async with JiraClient(config_of(jira), QUICK, clock=lambda: now[0]) as client:
        for left in (seconds, seconds, 0.5):
            now[0] = 100 + seconds - left
            with pytest.raises(JiraThrottledError) as caught:
                await client.read_issue("MLOPS-1")
            assert caught.value.seconds == left
        assert len(jira.asked("issue")) == 1
        now[0] += 0.5
        await client.read_issue("MLOPS-1")
    assert len(jira.asked("issue")) == 2


async def test_a_jira_that_does_not_answer_is_given_up_on(jira: JiraServer) -> None:
    jira.hold = "issue"
    async with JiraClient(config_of(jira), JiraTimeouts(connect=1, read=0.1, call=5)) as client:
        with pytest.raises(JiraUnavailableError, match="ReadTimeout"):
            await client.read_issue("MLOPS-1")
    async with JiraClient(config_of(jira), JiraTimeouts(connect=1, read=1, call=0.1)) as client:
        with pytest.raises(JiraUnavailableError, match=r"within 0\.1 seconds"):
            await client.read_issue("MLOPS-1")


async def test_the_time_of_a_call_begins_when_jira_is_asked(jira: JiraServer) -> None:
    """However many wait before it: one that was never asked would pass for one whose answer is lost."""
    jira.seconds = 0.3
    async with JiraClient(config_of(jira), JiraTimeouts(connect=2, read=2, call=1.5)) as client:
        accounts = await asyncio.gather(*(client.account() for _ in range(30)))
    assert len(accounts) == 30


async def test_what_is_written_leaves_room_for_what_is_read(jira: JiraServer, client: JiraClient) -> None:
    """However many tickets are filed at this moment."""
    jira.project.create(GATEWAY, "", "", ["a"])
    await client.account()
    jira.hold = "POST issue"
    filings = [asyncio.create_task(client.create_issue("s", [], ["a"])) for _ in range(10)]
    await asyncio.wait_for(jira.arrived.wait(), 30)
    assert (await client.read_issue("MLOPS-1"))[0].key == "MLOPS-1"
    assert await client.browse_url("MLOPS-1") == f"{jira.url}/browse/MLOPS-1"
    assert len(jira.asked("POST issue")) <= 2
    jira.held.set()
    assert len(set(await asyncio.gather(*filings))) == 10


async def test_the_loop_goes_on_while_jira_thinks(jira: JiraServer, client: JiraClient) -> None:
    jira.project.create(GATEWAY, "", "", ["a"])
    jira.hold = "issue"
    reading = asyncio.create_task(client.read_issue("MLOPS-1"))
    await asyncio.wait_for(jira.arrived.wait(), 30)
    jira.held.set()
    assert (await reading)[0].key == "MLOPS-1"


async def test_nothing_answers() -> None:
    async with JiraClient(config_of(JiraServer(cloud=True), url="http://127.0.0.1:9"), QUICK) as client:
        with pytest.raises(JiraUnavailableError, match="cannot be reached"):
            await client.account()


async def test_an_expired_token_is_refused_where_jira_takes_it_for_nobody(jira: JiraServer, client: JiraClient) -> None:
    jira.project.create(GATEWAY, "", "", ["a"])
    jira.token_is_expired = True
    with pytest.raises(JiraRefusedError, match="make a new token"):
        await client.find_by_labels(["a"])


async def test_the_token_is_in_no_log_error_or_name(
    jira: JiraServer, client: JiraClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    errors = []
    for status in (None, 400, 401, 403, 404, 500):
        jira.trouble.append(JiraFault("issue", status, body=f'{{"errorMessages": ["{status}"]}}'))
        with pytest.raises(JiraError) as caught:
            await client.read_issue("MLOPS-1")
        logging.getLogger("sagegraph.test").error("It failed.", exc_info=caught.value)
        errors += [caught.value, caught.value.__cause__]
    text = caplog.text + repr(errors) + str(errors) + repr(client) + repr(client.config) + str(vars(client))
    assert len(errors) == 12
    assert GATEWAY.token not in text
    assert "Authorization" not in text


async def test_a_token_is_sent_to_no_other_address_and_no_cookie_is_kept(jira: JiraServer, client: JiraClient) -> None:
    jira.trouble.append(
        JiraFault("myself", 200, (("Set-Cookie", "JSESSIONID=1; Path=/"),), body='{"displayName": "x"}')
    )
    await client.account()
    assert client._session is not None
    assert len(client._session._session.cookies) == 0


async def test_scripts_of_a_comment_are_words(jira: JiraServer, client: JiraClient) -> None:
    jira.project.create(GATEWAY, "", "", ["a"])
    words = "one two"
    jira.project.issues["MLOPS-1"].comments.append((BEN, START, jira.project.text(words)))
    if jira.cloud:
        jira.project.issues["MLOPS-1"].comments.append(
            (BEN, START, {"type": "doc", "version": 1, "content": [paragraph("three"), {"type": "rule"}]})
        )
    texts = {comment.text for comment in await client.comments("MLOPS-1")}
    assert texts == ({"one two", "three"} if jira.cloud else {"one two"})


async def test_an_answer_that_shows_what_was_sent_is_told_without_the_token(
    jira: JiraServer, client: JiraClient
) -> None:
    """Something before Jira may repeat the request in the page of an error."""
    sent = base64.b64encode(f"{GATEWAY.email}:{GATEWAY.token}".encode()).decode()
    body = json.dumps({"errorMessages": [f"Not understood: Authorization: Basic {sent}, Bearer {GATEWAY.token}."]})
    jira.trouble.append(JiraFault("GET search", 400, body=body))
    with pytest.raises(JiraMisconfiguredError) as raised:
        await client.find_by_labels(["l"])
    assert str(raised.value).endswith("(400): Not understood: Authorization: Basic …, Bearer ….")
