"""sandbox.jira.server: on a thread, in real time, with people of its own."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from sandbox.jira.accounts import GATEWAY, Account
from sandbox.jira.server import JiraServer

LEAD = Account("lead", "Lee Lead", "lead@example.com")


@pytest.mark.parametrize("cloud", [True, False])
def test_it_serves_until_it_is_stopped(cloud: bool) -> None:
    with JiraServer.start(cloud=cloud, people=(LEAD,)) as jira:
        headers = {"Authorization": LEAD.authorization(cloud=cloud)}
        body = httpx.get(f"{jira.url}/rest/api/2/myself", headers=headers).json()
        made = jira.project.create(GATEWAY, "s", None, [])
    assert body == LEAD.shown(cloud=cloud)
    assert abs(made.created - datetime.now(UTC)) < timedelta(minutes=1)
    with pytest.raises(httpx.ConnectError):
        httpx.get(jira.url)


def test_a_port_that_is_taken() -> None:
    with JiraServer.start(cloud=True) as jira, pytest.raises(OSError, match="in use"):
        JiraServer.start(cloud=True, port=int(jira.url.rpartition(":")[2]))
