"""sandbox.jira.rest_api: logins, versions, and paths that are not there."""

import httpx
import pytest

from sandbox.jira.accounts import ANN, GATEWAY
from sandbox.jira.server import JiraServer
from tests.sandbox.jira.conftest import CLOUD, DATA_CENTER, Ask, errors_of

UNAUTHENTICATED = {"message": "Client must be authenticated to access this resource.", "status-code": 401}


async def test_each_account_is_who_its_login_says(jira: JiraServer, ask: Ask) -> None:
    for account in (GATEWAY, ANN):
        assert (await ask("GET", "myself", by=account)).json() == account.shown(cloud=jira.cloud)


async def test_nobody_is_told_what_jira_it_is_and_nothing_else(jira: JiraServer, ask: Ask) -> None:
    body = (await ask("GET", "serverInfo", by=None)).json()
    assert body["deploymentType"] == ("Cloud" if jira.cloud else "Server")
    refused = await ask("GET", "issue/MLOPS-1", by=None)
    assert (refused.status_code, refused.json()) == (401, UNAUTHENTICATED)


async def test_a_login_of_the_other_kind_is_none(jira: JiraServer, http: httpx.AsyncClient) -> None:
    headers = {"Authorization": GATEWAY.authorization(cloud=not jira.cloud)}
    assert (await http.get("/rest/api/2/myself", headers=headers)).status_code == 401


async def test_an_expired_token_counts_for_nobody(jira: JiraServer, ask: Ask) -> None:
    jira.token_is_expired = True
    assert (await ask("GET", "myself")).status_code == 401
    result = await ask("GET", "search/jql?jql=any" if jira.cloud else "search?jql=any")
    if jira.cloud:
        assert (result.status_code, result.json()) == (200, {"issues": [], "isLast": True})
        assert result.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    else:
        assert (result.status_code, result.json()) == (401, UNAUTHENTICATED)


@CLOUD
async def test_cloud_has_versions_2_and_3(jira: JiraServer, http: httpx.AsyncClient) -> None:
    headers = {"Authorization": GATEWAY.authorization(cloud=True)}
    result = [(await http.get(f"/rest/api/{version}/myself", headers=headers)).status_code for version in "234"]
    assert result == [200, 200, 404]
    comment = {"body": "words"}
    assert (await http.post("/rest/api/2/issue/MLOPS-1/comment", json=comment, headers=headers)).status_code == 201
    body = (await http.get("/rest/api/latest/issue/MLOPS-1/comment", headers=headers)).json()
    assert body["comments"][0]["body"] == jira.project.text("words")


@DATA_CENTER
async def test_data_center_has_version_2_alone(jira: JiraServer, http: httpx.AsyncClient) -> None:
    headers = {"Authorization": GATEWAY.authorization(cloud=False)}
    result = [(await http.get(f"/rest/api/{version}/serverInfo", headers=headers)).status_code for version in "23"]
    assert result == [200, 404]


@pytest.mark.parametrize(("method", "path"), [("GET", "dashboard"), ("DELETE", "issue/MLOPS-1"), ("GET", "issue")])
async def test_a_path_that_is_not_there(jira: JiraServer, ask: Ask, method: str, path: str) -> None:
    answer = await ask(method, path)
    assert (answer.status_code, answer.json()) == (404, {"message": f"null for uri: {path}", "status-code": 404})
    assert list(jira.project.issues) == ["MLOPS-1"]


async def test_a_body_that_is_no_object(ask: Ask) -> None:
    assert errors_of(await ask("POST", "issue", ["fields"]))[0] == 400
