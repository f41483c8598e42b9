"""workflows.deployments.advance: what a deployment calls for is begun, and nothing that others wait for."""

import logging
from typing import Any

import pytest

from registry import tickets
from registry.database import Database
from registry.enums import DeploymentState
from registry.tickets import FiledTicket
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_PERMISSIONS
from tests.workflows.deployments.deployment_deps import NotedWork, deps_on
from tests.workflows.deployments.deployment_rows import cancel, new_deployment_row, reload, verified_deployment
from workflows.approvals.builtin import BuiltinApprovals
from workflows.deployments.advance import schedule_next, schedule_next_or_log
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.scheduler import WorkScheduler
from workflows.deployments.transitions import AuditEntry, transition
from workflows.durable.errors import DurableError, DurableUnavailableError


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def gone_on(deps: DeploymentDeps, noted: NotedWork, key: str) -> list[str]:
    """The ids of the work that is begun."""
    noted.started.clear()
    await schedule_next(deps, key)
    return [work_id for work_id, _ in noted.started]


async def test_a_ticket_is_filed_until_it_is(sandbox: Sandbox, database: Database) -> None:
    """Once it has a key, or is closed without one, nothing more is to be filed."""
    async with deps_on(sandbox, database) as (deps, noted):
        key = (await verified_deployment(sandbox, database, deps)).key
        assert await gone_on(deps, noted, key) == ["ticket/1/0"]
        async with database.writing() as connection:
            await tickets.mark_filed(
                connection, 1, FiledTicket("SG-1", None, "Open"), (await reload(database, key)).since
            )
        assert await gone_on(deps, noted, key) == []
        other = (await new_deployment_row(database, "churn-2")).key
        deployment = await reload(database, other)
        assert await transition(
            database, deployment, DeploymentState.AWAITING_APPROVAL, AuditEntry(action="test", actor="ann")
        )
        await cancel(database, await reload(database, other))
        assert await gone_on(deps, noted, other) == []


async def test_only_where_a_decision_was_asked_for_is_its_end_told(sandbox: Sandbox, database: Database) -> None:
    """Beneath the ticket of the attempt that has ended; one that was never filed has nothing beneath it."""
    async with deps_on(sandbox, database) as (deps, noted):
        key = (await verified_deployment(sandbox, database, deps)).key
        async with database.writing() as connection:
            await tickets.mark_filed(
                connection, 1, FiledTicket("SG-1", None, "Open"), (await reload(database, key)).since
            )
        await cancel(database, await reload(database, key))
        assert await gone_on(deps, noted, key) == [f"deploy/{key}/1/tell"]
        untold = await new_deployment_row(database, "churn-2")
        await cancel(database, untold)
        assert await gone_on(deps, noted, untold.key) == []


async def test_of_what_is_not_there_nothing_goes_on(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database, permissions=DEPLOYMENT_PERMISSIONS) as (deps, noted):
        assert await gone_on(deps, noted, "0" * 32) == []


class Ending:
    """An engine that begins nothing any more."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def start(self, *_work: Any) -> None:
        raise self._error


@pytest.mark.parametrize("error", [DurableUnavailableError("It is ending."), DurableError("Else.")])
async def test_whoever_changes_one_is_not_told_that_it_goes_on_later(
    sandbox: Sandbox, database: Database, caplog: pytest.LogCaptureFixture, error: DurableError
) -> None:
    """The sweep does it, and the log says so."""
    deployment = await new_deployment_row(database)
    async with deps_on(sandbox, database) as (deps, _):
        scheduler = WorkScheduler()
        scheduler.serve(Ending(error))
        ending = DeploymentDeps(
            deps.database, deps.policy, deps.group_scopes, deps.config, scheduler, BuiltinApprovals()
        )
        with caplog.at_level(logging.WARNING, "sagegraph.deployments"):
            await schedule_next_or_log(ending, deployment.key)
        with pytest.raises(type(error)):
            await schedule_next(ending, deployment.key)
    assert [record.getMessage() for record in caplog.records if record.name == "sagegraph.deployments"] == [
        f"The deployment {deployment.key} continues with the next sweep: {error}"
    ]
