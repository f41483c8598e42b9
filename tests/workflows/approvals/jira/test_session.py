"""workflows.approvals.jira.session: the kind of Jira, its user, and the address of its issues."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from jira.client import ResultList

from sandbox.jira.accounts import GATEWAY
from sandbox.jira.faults import JiraFault
from sandbox.jira.server import JiraServer
from tests.workflows.approvals.jira.conftest import config_of
from workflows.approvals.jira import session
from workflows.approvals.jira.config import JiraConfig, JiraTimeouts
from workflows.approvals.jira.errors import JiraMisconfiguredError, JiraUnavailableError
from workflows.approvals.jira.session import JiraSession, open_session


def tells(jira: JiraServer, **info: Any) -> None:
    """What the Jira says of itself next."""
    jira.trouble.append(JiraFault("GET serverInfo", 200, body=json.dumps(info)))


@asynccontextmanager
async def seen(config: JiraConfig) -> AsyncIterator[JiraSession]:
    """A session, as threads open it."""
    session = await asyncio.to_thread(open_session, config)
    yield session
    session.close_connections()


async def test_the_token_is_for_the_kind_that_is_there(jira: JiraServer) -> None:
    """It is asked what it is without one, once."""
    async with seen(config_of(jira)) as session:
        assert session.cloud is jira.cloud
        assert jira.calls == ["GET serverInfo"]
        sent: Any = session._session.auth
        if jira.cloud:
            assert (sent, session._options["rest_api_version"]) == ((GATEWAY.email, GATEWAY.token), "3")
        else:
            assert (sent.__class__.__name__, session._options["rest_api_version"]) == ("TokenAuth", "2")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://jira.example.com/base/", "https://jira.example.com/base/browse/MLOPS-1"),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
    ],
)
async def test_issues_are_seen_where_jira_says_if_that_is_an_address(
    jira: JiraServer, text: str | None, shown: str | None
) -> None:
    """Else where the gateway asks."""
    tells(jira, version="9", deploymentType="Server", **({} if text is None else {"baseUrl": text}))
    async with seen(config_of(jira, url=f"{jira.url}/")) as session:
        assert session.browse_url("MLOPS-1") == (shown or f"{jira.url}/browse/MLOPS-1")


@pytest.mark.parametrize(
    "answer",
    [
        JiraFault("GET serverInfo", 404, body="<html>Not found</html>"),
        JiraFault("GET serverInfo", 200, body='["version"]'),
        JiraFault("GET serverInfo", 200, body='{"product": "else"}'),
    ],
    ids=["not there", "a list", "something else"],
)
async def test_what_is_no_jira_is_told_no_token(jira: JiraServer, answer: JiraFault) -> None:
    jira.trouble.append(answer)
    with pytest.raises(JiraMisconfiguredError, match=r"There is no Jira at jira\.url"):
        await asyncio.to_thread(open_session, config_of(jira))
    assert jira.calls == ["GET serverInfo"]


async def test_the_gateway_of_scoped_tokens_is_asked_with_one(
    jira: JiraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers nobody without."""
    asked: list[tuple[bool, bool]] = []

    class Noting(JiraSession):
        def __init__(self, config: JiraConfig, timeouts: JiraTimeouts, *, cloud: bool, signed: bool = True) -> None:
            asked.append((cloud, signed))
            super().__init__(config, timeouts, cloud=cloud, signed=signed)

    monkeypatch.setattr(session, "JiraSession", Noting)
    async with seen(config_of(jira)):
        pass
    monkeypatch.setattr(session, "_SCOPED_TOKEN_HOST", "127.0.0.1")
    tells(jira, version="1001", deploymentType="Cloud")
    async with seen(config_of(jira)):
        pass
    assert asked == [(False, False), (jira.cloud, True), (True, True), (True, True)]


async def test_labels_and_projects_are_quoted(jira: JiraServer) -> None:
    """Nothing in them is part of the query."""
    queries: list[str] = []

    def search(query: str, **_more: Any) -> Any:
        queries.append(query)
        return ResultList([]) if jira.cloud else {"issues": []}

    async with seen(config_of(jira, project='M"OPS')) as session:
        setattr(session, "enhanced_search_issues" if jira.cloud else "search_issues", search)
        assert session.find_by_labels(['a" OR "b', "c\\"]) == []
    assert queries == [
        'project = "M\\"OPS" AND creator = currentUser() AND labels in ("a\\" OR \\"b", "c\\\\") ORDER BY created ASC'
    ]


async def test_a_search_of_cloud_ends_at_a_token_that_comes_twice(jira: JiraServer) -> None:
    """The library's own loop over Cloud's pages would ask for ever."""
    asked: list[str | None] = []

    def search(_query: str, **more: Any) -> ResultList[Any]:
        asked.append(more["nextPageToken"])
        return ResultList([], _nextPageToken="again")

    async with seen(config_of(jira)) as session:
        session.cloud = True
        session.enhanced_search_issues = search  # type: ignore[method-assign]
        with pytest.raises(JiraUnavailableError, match="same page token twice"):
            session.find_by_labels(["a"])
    assert asked == [None, "again"]


@pytest.mark.parametrize("total", [None, 10**9])
async def test_a_search_of_data_center_ends_at_a_page_that_comes_twice(
    jira: JiraServer, monkeypatch: pytest.MonkeyPatch, total: int | None
) -> None:
    """A proxy may answer with one page, whatever it is asked for."""
    asked: list[int] = []

    def search(_query: str, **more: Any) -> Any:
        asked.append(more["startAt"])
        return {"issues": [_issue("1"), _issue("2")], "total": total}

    async with seen(config_of(jira)) as session:
        session.cloud = False
        monkeypatch.setattr(session, "search_issues", search)
        with pytest.raises(JiraUnavailableError, match="same page twice"):
            session.find_by_labels(["a"])
    assert asked == [0, 2]


async def test_a_search_of_data_center_without_a_total_ends_at_an_empty_page(
    jira: JiraServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An issue that moves to the next page is found once."""
    pages = [[_issue("1"), _issue("2")], [_issue("2"), _issue("3")], []]
    async with seen(config_of(jira)) as session:
        session.cloud = False
        monkeypatch.setattr(session, "search_issues", lambda *_query, **_more: {"issues": pages.pop(0)})
        assert [issue.key for issue in session.find_by_labels(["a"])] == ["M-1", "M-2", "M-3"]
    assert pages == []


def _issue(id: str) -> dict[str, Any]:
    """An issue as a search shows it."""
    fields = {
        "status": {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
        "labels": [],
        "project": {"key": "M"},
        "created": "2026-01-01T00:00:00.000+0000",
    }
    return {"id": id, "key": f"M-{id}", "fields": fields}
