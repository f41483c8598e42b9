"""A Jira of each kind for each test, and a client of it."""

from collections.abc import AsyncIterator

import pytest
from pydantic.alias_generators import to_camel

from gateway.settings.deployments import JiraSettings
from registry.database import Database
from sandbox.jira.accounts import GATEWAY
from sandbox.jira.server import JiraServer, running
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.config import JiraTimeouts

# Short enough that a test of slowness takes no time, long enough for a machine that is busy.
QUICK = JiraTimeouts(connect=2, read=2, call=5, search_lag=60)


def config_of(jira: JiraServer, **changes: object) -> JiraSettings:
    """The settings for that Jira; keywords change them."""
    keys = {
        "url": jira.url or "https://jira.example.com",  # A server that does not run has no address.
        "user": str(GATEWAY.email),
        "token": GATEWAY.token,
        "project": "MLOPS",
        "gateway_url": "https://gateway.example.com",
        **changes,
    }
    return JiraSettings.model_validate({to_camel(name): value for name, value in keys.items()})


@pytest.fixture(params=["cloud", "data-center"])
async def jira(request: pytest.FixtureRequest) -> AsyncIterator[JiraServer]:
    """Each test runs once with Cloud and once with Data Center."""
    async with running(cloud=request.param == "cloud") as server:
        yield server


@pytest.fixture
async def client(jira: JiraServer) -> AsyncIterator[JiraClient]:
    async with JiraClient(config_of(jira), QUICK) as opened:
        yield opened


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """A database of SQLite's alone, for what has nothing to do with databases."""
    async with Database(sqlite_url) as opened:
        yield opened
