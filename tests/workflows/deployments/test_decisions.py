"""workflows.deployments.decisions: a decision counts once, for the attempt and the snapshot that it is about."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from registry import deployments, tickets
from registry.database import Database
from registry.enums import DecisionOutcome, DeploymentState
from sandbox.server import Sandbox
from tests.deployments import deployment_events
from tests.gateway_client import RISK
from tests.sagemaker_builder import variant
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import NOW, reload, verified_deployment
from workflows.deployments.decisions import SNAPSHOT_CHANGED, DecisionResult, decide
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.verify import VerifyPhase
from workflows.durable.errors import StepFailedError

APPROVED, REJECTED = DecisionOutcome.APPROVED, DecisionOutcome.REJECTED


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def said(
    deps: DeploymentDeps, key: str, outcome: DecisionOutcome, comment: str | None = None, **more: Any
) -> DecisionResult:
    """What comes of somebody's word."""
    return await decide(deps, key, outcome, "eve", NOW, comment, **more)


async def test_an_approval_starts_the_launch_alone(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await verified_deployment(sandbox, database, deps)
        assert await said(deps, deployment.key, APPROVED, "Fine.\ud800") is DecisionResult.DONE
        assert noted.started[0] == (f"deploy/{deployment.key}/1/launch", (deployment.key, 1))
        taken = await reload(database, deployment.key)
        assert taken.decision is not None
        # Half of a surrogate pair, which no database keeps, is mended.
        assert (taken.state, taken.decision.by, taken.decision.comment) == (
            DeploymentState.LAUNCHING,
            "eve",
            "Fine.\ufffd",
        )
        assert await said(deps, deployment.key, REJECTED) is DecisionResult.LATE
        assert await reload(database, deployment.key) == taken


async def test_a_rejection_does_not_ask_aws(sandbox: Sandbox, database: Database, database_url: str) -> None:
    """It counts whatever the snapshot has come to."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps)
        sandbox.calls.clear()
        assert await said(deps, deployment.key, REJECTED, "Too dear") is DecisionResult.DONE
        rejected = await reload(database, deployment.key)
    assert (rejected.state, rejected.reason) == (DeploymentState.REJECTED, "eve decided against it: Too dear")
    assert sandbox.calls.by_operation() == {}
    event = (await deployment_events(database_url))[-1]
    assert (event.action, event.actor, event.detail) == ("deployment.approve", "eve", "REJECTED")


async def test_of_two_at_once_one_decides(sandbox: Sandbox, database: Database, database_url: str) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps)
        words = [said(deps, deployment.key, outcome) for outcome in (APPROVED, REJECTED, APPROVED)]
        came = await asyncio.gather(*words)
    assert sorted(decision_result.value for decision_result in came) == ["DONE", "LATE", "LATE"]
    assert [event.action for event in await deployment_events(database_url)].count("deployment.approve") == 1


async def test_a_word_about_another_attempt_does_not_count(sandbox: Sandbox, database: Database) -> None:
    """Nor one about what is not there, or waits for nobody."""
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await verified_deployment(sandbox, database, deps)
        noted.started.clear()
        assert await said(deps, deployment.key, APPROVED, attempt=2) is DecisionResult.LATE
        assert await said(deps, "0" * 32, APPROVED) is DecisionResult.LATE
        assert await reload(database, deployment.key) == deployment
        assert noted.started == []
        assert await said(deps, deployment.key, REJECTED, attempt=1) is DecisionResult.DONE


async def test_an_approval_of_what_was_made_again_is_void(sandbox: Sandbox, database: Database) -> None:
    """The deployment fails of it, once, and no launch begins."""
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await verified_deployment(sandbox, database, deps)
        sandbox.call("DeleteEndpointConfig", RISK.account, RISK.region, EndpointConfigName="churn-1")
        more = {"EndpointConfigName": "churn-1", "ProductionVariants": [variant("churn")]}
        sandbox.call("CreateEndpointConfig", RISK.account, RISK.region, **more)
        noted.started.clear()
        assert await said(deps, deployment.key, APPROVED) is DecisionResult.VOID
        failed = await reload(database, deployment.key)
        assert (failed.state, failed.reason) == (DeploymentState.FAILED, SNAPSHOT_CHANGED.format("churn-1"))
        assert failed.decision is None
        assert all("launch" not in work_id for work_id, _ in noted.started)
        assert await said(deps, deployment.key, APPROVED) is DecisionResult.LATE


async def test_an_approval_of_what_cannot_be_seen_decides_nothing(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps)
        sandbox.faults.refuse("DescribeEndpointConfig")
        with pytest.raises(StepFailedError) as raised:
            await said(deps, deployment.key, APPROVED)
        assert raised.value.kind == "REFUSED"
        assert await reload(database, deployment.key) == deployment
        async with database.reading() as connection:
            (ticket,) = await tickets.of_attempt(connection, deployment.key, 1)
            assert not ticket.closed
            assert await deployments.by_key(connection, deployment.key) == deployment


@pytest.mark.parametrize("outcome", [APPROVED, REJECTED])
async def test_a_decision_about_an_older_attempt_does_not_count(
    sandbox: Sandbox, database: Database, outcome: DecisionOutcome
) -> None:
    """Its ticket is still open in Jira, say, when the next attempt waits already."""
    async with deps_on(sandbox, database) as (deps, noted):
        row = await verified_deployment(sandbox, database, deps)
        async with database.writing() as connection:
            assert await deployments.begin_next_attempt(connection, row, datetime.now(UTC))
        await VerifyPhase(deps).verify(row.key, 2)
        waiting = await reload(database, row.key)
        assert (waiting.state, waiting.attempt) == (DeploymentState.AWAITING_APPROVAL, 2)
        noted.started.clear()
        decided = await decide(deps, row.key, outcome, "eve", datetime.now(UTC), None, 1)
        assert decided is DecisionResult.LATE
        assert await reload(database, row.key) == waiting
        assert noted.started == []
