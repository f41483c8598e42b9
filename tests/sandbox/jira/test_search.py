"""sandbox.jira.search: the one query, both kinds of page, and an index that may be behind."""

from urllib.parse import quote

import pytest

from sandbox.jira.accounts import BEN, GATEWAY
from sandbox.jira.server import JiraServer
from tests.sandbox.jira.conftest import Ask, errors_of

QUERY = 'project = "MLOPS" AND creator = currentUser() AND labels in ("l-1", "l-2") ORDER BY created ASC'


def path(jira: JiraServer, jql: str, more: str = "") -> str:
    return f"{'search/jql' if jira.cloud else 'search'}?jql={quote(jql)}&fields=status{more}"


async def test_pages_of_the_accounts_own_issues(jira: JiraServer, ask: Ask) -> None:
    for creator, label in ((GATEWAY, "l-2"), (BEN, "l-1"), (GATEWAY, "l-3"), (GATEWAY, "l-1")):
        jira.project.create(creator, "s", None, [label])
    first = (await ask("GET", path(jira, QUERY, "&maxResults=2"))).json()
    assert [item["key"] for item in first["issues"]] == ["MLOPS-1", "MLOPS-2"]
    on = f"&nextPageToken={first['nextPageToken']}" if jira.cloud else "&startAt=2"
    second = (await ask("GET", path(jira, QUERY, f"&maxResults=2{on}"))).json()
    assert [element["key"] for element in second["issues"]] == ["MLOPS-5"]
    assert second["isLast"] if jira.cloud else second["total"] == 3
    assert first["issues"][0]["fields"] == {"status": jira.project.statuses[0].shown()}


async def test_what_is_new_is_found_once_the_index_has_it(jira: JiraServer, ask: Ask) -> None:
    jira.project.index_is_behind = True
    jira.project.create(GATEWAY, "s", None, ["l-1"])
    assert len((await ask("GET", path(jira, QUERY))).json()["issues"]) == 1
    jira.project.catch_up()
    assert len((await ask("GET", path(jira, QUERY))).json()["issues"]) == 2


@pytest.mark.parametrize("jql", ["labels = x", QUERY.replace("MLOPS", "NONE")])
async def test_a_query_that_it_does_not_take(jira: JiraServer, ask: Ask, jql: str) -> None:
    assert errors_of(await ask("GET", path(jira, jql)))[0] == 400


async def test_the_search_of_the_other_kind(jira: JiraServer, ask: Ask) -> None:
    other = "search" if jira.cloud else "search/jql"
    assert (await ask("GET", f"{other}?jql={quote(QUERY)}")).status_code == (410 if jira.cloud else 404)


async def test_a_number_that_is_none(jira: JiraServer, ask: Ask) -> None:
    assert errors_of(await ask("GET", path(jira, QUERY, "&maxResults=many")))[0] == 400
