"""A process is killed after Jira has filed a ticket and before the registry knows: there is one ticket all the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from registry.database import Database
from registry.deployment_rows import DeploymentRow
from sandbox.jira.server import JiraServer, running
from tests.processes.starting import PIPE, start
from tests.workflows.approvals.jira.pending_deployments import pending_deployment, ticket_of
from tests.workflows.durable.processes import Worker

pytestmark = pytest.mark.crash

Begin = Callable[..., Awaitable[Worker]]


@pytest.fixture(params=["cloud", "data-center"])
async def jira(request: pytest.FixtureRequest) -> AsyncIterator[JiraServer]:
    async with running(cloud=request.param == "cloud") as server:
        yield server


@pytest.fixture
async def begin(database_url: str, jira: JiraServer) -> AsyncIterator[Begin]:
    """Begins processes that file tickets, with the gateway's token or another one; none is left behind."""
    begun: list[Worker] = []

    async def begin(*token: str) -> Worker:
        process = await start("tests.live.jira_worker", database_url, jira.url, *token, stdin=PIPE, stdout=PIPE)
        begun.append(Worker(process))
        await begun[-1].hears("ready")
        return begun[-1]

    yield begin
    for worker in begun:
        await worker.clear()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Waits for what another process does."""
    async with asyncio.timeout(40):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.05)


async def test_killed_between_filing_and_recording(jira: JiraServer, database: Database, begin: Begin) -> None:
    """Jira has created the issue, and its answer is on the way; the index has nothing of it for a while."""
    deployment = await pending_deployment(database)
    jira.project.index_is_behind = True
    jira.hold = "POST issue$"
    first = await begin()
    await asyncio.wait_for(jira.arrived.wait(), 20)
    await first.kill()
    assert list(jira.project.issues) == ["MLOPS-1"]
    assert await _ticket(database, deployment) == (None, True)

    await begin()
    await until(lambda: _searched(jira, 2))
    assert len(jira.asked("POST issue$")) == 1
    assert await _ticket(database, deployment) == (None, True)
    jira.project.catch_up()
    await until(lambda: _is_filed(database, deployment))

    ticket = await ticket_of(database, deployment)
    assert ticket.key == "MLOPS-1"
    assert list(jira.project.issues) == ["MLOPS-1"]
    assert len(jira.asked("POST issue$")) == 1


@pytest.mark.parametrize("jira", ["cloud"], indirect=True)
async def test_killed_before_jira_had_it(jira: JiraServer, database: Database, begin: Begin) -> None:
    """The request is lost with the process before Jira carries it out; the next process may file at once, or search."""
    deployment = await pending_deployment(database)
    jira.hold = "GET serverInfo$"
    first = await begin()
    await asyncio.wait_for(jira.arrived.wait(), 20)
    await first.kill()
    jira.hold = None
    assert jira.project.issues == {}

    await begin()
    await until(lambda: _searched(jira, 1))
    assert (await ticket_of(database, deployment)).sent_at is not None


@pytest.mark.parametrize("jira", ["cloud"], indirect=True)
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_leader_with_a_wrong_token_leaves_tickets_to_a_process_with_a_right_one(
    jira: JiraServer, database: Database, begin: Begin
) -> None:
    deployment = await pending_deployment(database)
    await begin("a-wrong-token")
    await until(lambda: _asked(jira))
    assert jira.project.issues == {}
    await begin()
    await until(lambda: _is_filed(database, deployment))
    assert list(jira.project.issues) == ["MLOPS-1"]


async def _asked(jira: JiraServer) -> bool:
    return bool(jira.calls)


async def _searched(jira: JiraServer, times: int) -> bool:
    return len(jira.asked("GET search")) >= times


async def _is_filed(database: Database, deployment: DeploymentRow) -> bool:
    return (await ticket_of(database, deployment)).key is not None


async def _ticket(database: Database, deployment: DeploymentRow) -> tuple[str | None, bool]:
    row = await ticket_of(database, deployment)
    return row.key, row.sent_at is not None
