"""A Jira of each kind for each test, and a client of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from registry.database import Database
from tests.live.jira_project import GATEWAY
from tests.live.jira_server import TOKEN, JiraServer, running
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.config import JiraConfig, JiraTimeouts

# Short enough that a test of slowness takes no time, long enough for a machine that is busy.
QUICK = JiraTimeouts(connect=2, read=2, call=5, search_lag=60)


def config_of(jira: JiraServer, **changes: object) -> JiraConfig:
    """The configuration for that Jira; keywords change it."""
    config = JiraConfig(
        url=jira.url,
        user=str(GATEWAY.email),
        token=TOKEN,
        project="MLOPS",
        issue_type="Task",
        approved=("Done",),
        rejected=("Rejected",),
        gateway_url="https://gateway.example.com",
        timeouts=QUICK,
    )
    return replace(config, **changes)  # type: ignore[arg-type]  # The keywords are its fields.


@pytest.fixture(params=["cloud", "data-center"])
async def jira(request: pytest.FixtureRequest) -> AsyncIterator[JiraServer]:
    """Each test runs once with Cloud and once with Data Center."""
    async with running(request.param == "cloud") as server:
        yield server


@pytest.fixture
async def client(jira: JiraServer) -> AsyncIterator[JiraClient]:
    async with JiraClient(config_of(jira)) as opened:
        yield opened


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """A database of SQLite's alone, for what has nothing to do with databases."""
    async with Database(sqlite_url) as opened:
        yield opened
