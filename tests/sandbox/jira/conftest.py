"""A stand-in Jira of each kind, and a client of it that has logged in as somebody."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from sandbox.jira.accounts import GATEWAY, Account
from sandbox.jira.server import JiraServer, running

Ask = Callable[..., Any]
CLOUD = pytest.mark.parametrize("jira", ["cloud"], indirect=True)
DATA_CENTER = pytest.mark.parametrize("jira", ["data-center"], indirect=True)


@pytest.fixture(params=["cloud", "data-center"])
async def jira(request: pytest.FixtureRequest) -> AsyncIterator[JiraServer]:
    async with running(cloud=request.param == "cloud") as server:
        server.project.create(GATEWAY, "Approve churn-1", server.project.text("Please."), ["l-1"])
        yield server


@pytest.fixture
async def http(jira: JiraServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=jira.url) as client:
        yield client


@pytest.fixture
def ask(jira: JiraServer, http: httpx.AsyncClient) -> Ask:
    """Ask the REST API in the version of this kind; gives the answer."""

    async def asked(method: str, path: str, body: Any = None, *, by: Account | None = GATEWAY) -> httpx.Response:
        headers = {} if by is None else {"Authorization": by.authorization(cloud=jira.cloud)}
        version = "3" if jira.cloud else "2"
        return await http.request(method, f"/rest/api/{version}/{path}", json=body, headers=headers)

    return asked


def errors_of(answer: httpx.Response) -> tuple[int, list[str], dict[str, str]]:
    """The status of a refusal, its messages, and those of fields."""
    body = answer.json()
    return answer.status_code, body["errorMessages"], body["errors"]
