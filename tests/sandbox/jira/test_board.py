"""sandbox.jira.board: the pages, and the form by which a person moves an issue."""

import httpx

from sandbox.jira.accounts import BEN, GATEWAY
from sandbox.jira.server import JiraServer
from sandbox.jira.texts import document


async def test_the_issues_are_listed(jira: JiraServer, http: httpx.AsyncClient) -> None:
    jira.project.create(GATEWAY, "<b>second</b>", None, [])
    page = (await http.get("/")).text
    assert page.index("/browse/MLOPS-2") < page.index("/browse/MLOPS-1")
    assert "&lt;b&gt;second&lt;/b&gt;" in page


async def test_an_issue_shows_its_text_and_where_it_can_go(jira: JiraServer, http: httpx.AsyncClient) -> None:
    issue = jira.project.issues["MLOPS-1"]
    if jira.cloud:
        marks = [{"type": "strong"}, {"type": "link", "attrs": {"href": "https://gateway.example.com/?a=1&b=2"}}]
        issue.description = document("")
        issue.description["content"][0]["content"] = [{"type": "text", "text": "Model", "marks": marks}]
    page = (await http.get("/browse/MLOPS-1")).text
    if jira.cloud:
        assert '<a href="https://gateway.example.com/?a=1&amp;b=2" rel="noreferrer"><b>Model</b></a>' in page
    else:
        assert "<p>Please.</p>" in page
    assert '<button name="transition" value="13">Done</button>' in page
    assert 'value="11"' not in page


async def test_a_link_that_is_no_address_of_the_web_is_words(jira: JiraServer, http: httpx.AsyncClient) -> None:
    marks = [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}]
    content = [{"type": "paragraph", "content": [{"type": "text", "text": "click", "marks": marks}]}]
    jira.project.issues["MLOPS-1"].description = {"type": "doc", "version": 1, "content": content}
    assert "<p>click</p>" in (await http.get("/browse/MLOPS-1")).text


async def test_a_person_moves_it(jira: JiraServer, http: httpx.AsyncClient) -> None:
    form = {"by": "ben", "transition": "13", "comment": "Go ahead."}
    moved = await http.post("/browse/MLOPS-1", data=form)
    assert (moved.status_code, moved.headers["Location"]) == (303, "/browse/MLOPS-1")
    issue = jira.project.issues["MLOPS-1"]
    assert (issue.status.name, issue.history[0]["author"]) == ("Done", BEN.shown(cloud=jira.cloud))
    assert [(account, text) for account, _, text in issue.comments] == [(BEN, jira.project.text("Go ahead."))]
    assert jira.project.indexed["MLOPS-1"].status.name == "Done"


async def test_who_may_not_move_it_is_told_on_the_page(jira: JiraServer, http: httpx.AsyncClient) -> None:
    jira.project.statuses[2].movers = frozenset({"ann"})
    for form in ({"by": "ben", "transition": "13"}, {"by": "nobody", "transition": "13"}, {"by": "ben"}):
        refused = await http.post("/browse/MLOPS-1", data=form)
        assert refused.status_code == 400
        assert 'class="fault"' in refused.text
    assert jira.project.issues["MLOPS-1"].history == []


async def test_a_page_that_is_not_there(http: httpx.AsyncClient) -> None:
    for path in ("/browse/MLOPS-9", "/secure"):
        assert (await http.get(path)).status_code == 404
