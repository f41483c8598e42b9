"""sandbox.jira.control_api: faults and limits over HTTP, and the calls that were made."""

from typing import Any

import httpx
import pytest

from sandbox.jira.server import JiraServer
from tests.sandbox.jira.conftest import Ask


async def test_faults_befall_the_next_requests(jira: JiraServer, http: httpx.AsyncClient, ask: Ask) -> None:
    fault = {"pattern": "GET myself", "status": 503, "headers": {"Retry-After": "5"}, "times": 2}
    assert (await http.post("/sandbox/trouble", json=fault)).status_code == 200
    assert (await ask("GET", "serverInfo")).status_code == 200
    first, second, third = [await ask("GET", "myself") for _ in range(3)]
    assert [first.status_code, second.status_code, third.status_code] == [503, 503, 200]
    assert first.headers["Retry-After"] == "5"


async def test_a_dropped_connection(http: httpx.AsyncClient, ask: Ask) -> None:
    await http.post("/sandbox/trouble", json={"pattern": "myself"})
    with pytest.raises(httpx.RemoteProtocolError):
        await ask("GET", "myself")
    assert (await ask("GET", "myself")).status_code == 200


async def test_trouble_ends_when_it_is_cleared(jira: JiraServer, http: httpx.AsyncClient, ask: Ask) -> None:
    await http.post("/sandbox/trouble", json={"pattern": "myself", "status": 500})
    await http.post("/sandbox/limit", json={"per_second": 0.01})
    assert (await http.delete("/sandbox/trouble")).status_code == 200
    assert [(await ask("GET", "myself")).status_code for _ in range(3)] == [200, 200, 200]


async def test_the_calls_are_kept(jira: JiraServer, http: httpx.AsyncClient, ask: Ask) -> None:
    await ask("GET", "myself")
    assert (await http.get("/sandbox/calls")).json() == {"calls": ["GET myself"]}
    await http.delete("/sandbox/calls")
    assert jira.calls == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sandbox/trouble", {}, 400),
        ("/sandbox/trouble", {"pattern": "x", "status": 700}, 400),
        ("/sandbox/trouble", {"pattern": "x", "more": 1}, 400),
        ("/sandbox/limit", {"per_second": 0}, 400),
        ("/sandbox/limit", [], 400),
        ("/sandbox/other", {}, 404),
    ],
)
async def test_what_it_does_not_take(
    jira: JiraServer, http: httpx.AsyncClient, path: str, body: Any, status: int
) -> None:
    assert (await http.post(path, json=body)).status_code == status
    assert (list(jira.trouble), jira.faults.limit) == ([], None)
