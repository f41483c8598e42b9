"""workflows.deployments.poller: one look at a group's AWS for all that it has under way, and what each look begins."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from registry import deployment_steps, deployment_tables, deployments
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, DeploymentState, DeploymentStepName, ElementKind
from sandbox.sagemaker.store import ENDPOINT, TRANSFORM_JOB
from sandbox.sagemaker.timeline import Outcome
from sandbox.server import Sandbox
from tests.deployments import call_counts, create_model
from tests.gateway_client import MARKETING, RISK
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_deps import NotedWork, deps_on
from tests.workflows.deployments.deployment_rows import (
    launching_deployment,
    new_deployment_row,
    queued_cleanups,
    reload,
    verified_deployment,
)
from workflows.deployments.deps import DeploymentDeps, DeploymentIntervals
from workflows.deployments.finish_launch import RUNTIME_GONE
from workflows.deployments.launch import LaunchPhase
from workflows.deployments.poller import DeploymentPoller
from workflows.deployments.rehearse import RehearsePhase
from workflows.deployments.resource_names import job_name
from workflows.deployments.waiting_reasons import note_retry


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def turned(deps: DeploymentDeps, noted: NotedWork) -> list[tuple[str, Any]]:
    """What one look begins."""
    noted.started.clear()
    await DeploymentPoller(deps).turn()
    return noted.started


async def into(
    database: Database, deployment: DeploymentRow, state: DeploymentState, since: datetime | None = None
) -> None:
    """Puts a deployment into a state."""
    async with database.writing() as connection:
        assert await deployments.transition(connection, deployment, state, since or datetime.now(UTC))


async def job(database: Database, deployment: DeploymentRow, of_model: str, name: str) -> None:
    """Notes a job of a rehearsal."""
    async with database.writing() as connection:
        step = DeploymentStepName.REHEARSE
        now = datetime.now(UTC)
        await deployment_steps.begin(connection, deployment, step, now, model_name=of_model, job_name=name)


async def test_where_nothing_runs_aws_is_not_asked(sandbox: Sandbox, database: Database) -> None:
    """What is being verified has its own work, and what waits for somebody is not looked at."""
    async with deps_on(sandbox, database) as (deps, noted):
        await new_deployment_row(database, "churn-1")
        waiting = await new_deployment_row(database, "churn-2")
        await into(database, waiting, DeploymentState.AWAITING_APPROVAL, datetime.now(UTC) - timedelta(days=400))
        assert await turned(deps, noted) == []
        assert (await reload(database, waiting.key)).state is DeploymentState.AWAITING_APPROVAL
    assert sandbox.calls.by_operation() == {}


async def test_a_rehearsal_is_compared_once_each_of_its_jobs_has_ended(sandbox: Sandbox, database: Database) -> None:
    """A job that is not there has not begun yet; one without any job has not been planned yet."""
    with building(sandbox) as made:
        made.model("churn")
        made.transform("done", "churn")
        made.transform("failed", "churn", failure="ClientError: no")
    with building(sandbox) as made:
        made.transform("runs", "churn", at=datetime.now(UTC))
    async with deps_on(sandbox, database) as (deps, noted):
        ended, half, unbegun, unplanned = [await new_deployment_row(database, f"churn-{number}") for number in range(4)]
        for deployment in (ended, half, unbegun, unplanned):
            await into(database, deployment, DeploymentState.REHEARSING)
        for deployment, jobs in ((ended, ("done", "failed")), (half, ("done", "runs")), (unbegun, ("not-there",))):
            for name in jobs:
                await job(database, deployment, name, name)
        sandbox.calls.clear()
        assert await turned(deps, noted) == [(f"deploy/{ended.key}/1/compare", (ended.key, 1))]
    # Four names, each asked for once, by one role.
    assert call_counts(sandbox, "DescribeTransformJob", "AssumeRole") == [4, 1]


async def test_an_endpoint_is_settled_once_it_has_come_to_something(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await launching_deployment(sandbox, database, deps, runtime_wish="live")
        # It is not looked for before its launch has begun it.
        assert await turned(deps, noted) == []
        await LaunchPhase(deps).launch(deployment.key, 1)
        assert await turned(deps, noted) == []
        sandbox.advance(600)
        settled = f"deploy/{deployment.key}/1/settle"
        assert await turned(deps, noted) == [(settled, (deployment.key, 1, "InService", "churn-1", None))]
        sandbox.call("DeleteEndpoint", RISK.account, RISK.region, EndpointName="live")
        assert await turned(deps, noted) == [(settled, (deployment.key, 1, "Deleting", "churn-1", None))]
        sandbox.advance(600)
        assert await turned(deps, noted) == [(settled, (deployment.key, 1, RUNTIME_GONE, None, None))]


async def test_why_an_endpoint_failed_is_told(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await launching_deployment(sandbox, database, deps, runtime_wish="live")
        sandbox.timeline.decide_outcome(ENDPOINT, "live", Outcome(seconds=1, failure="No capacity."))
        await LaunchPhase(deps).launch(deployment.key, 1)
        sandbox.advance(600)
        ((_, arguments),) = await turned(deps, noted)
    assert arguments == (deployment.key, 1, "Failed", "churn-1", "No capacity.")


async def test_one_group_in_trouble_holds_no_other_up(
    sandbox: Sandbox, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor does what AWS does not show keep a rehearsal from being too late; its jobs are put away."""
    create_model(sandbox)
    with building(sandbox, MARKETING) as made:
        made.model("mail")
        made.transform("done", "mail")
    sandbox.faults.refuse("AssumeRole", name=RISK.name)
    rest = {"group": MARKETING.name, "account_id": MARKETING.account, "region": MARKETING.region}
    async with deps_on(sandbox, database, deployments={"requiredAssets": []}) as (deps, noted):
        late, other = await new_deployment_row(database), await new_deployment_row(database, "mail-1", **rest)
        await into(database, late, DeploymentState.REHEARSING, datetime.now(UTC) - timedelta(hours=3))
        await into(database, other, DeploymentState.REHEARSING)
        await job(database, late, "churn", "late")
        await job(database, other, "mail", "done")
        with caplog.at_level(logging.WARNING, "sagegraph.deployments"):
            assert (f"deploy/{other.key}/1/compare", (other.key, 1)) in await turned(deps, noted)
        failed = await reload(database, late.key)
    assert (failed.state, failed.reason) == (
        DeploymentState.FAILED,
        "The rehearsal has not ended in 120 minutes (`deployments.rehearsal.timeoutMinutes`).",
    )
    assert await queued_cleanups(database) == [(ElementKind.TRANSFORM_JOB, "late")]
    (warning,) = [record.getMessage() for record in caplog.records if "could not be read" in record.getMessage()]
    assert warning.startswith(f"The deployments of the group `{RISK.name}` in {RISK.region} could not be read: ")


async def test_one_group_whose_aws_does_not_answer_holds_no_other_up(sandbox: Sandbox, database: Database) -> None:
    """It is asked once for as long as that takes; what comes too late ends meanwhile, its own deployments among it."""
    with building(sandbox) as made:
        made.model("churn")
        made.transform("runs", "churn", at=datetime.now(UTC))
    asked = {"group": MARKETING.name, "account_id": MARKETING.account, "region": MARKETING.region}
    async with deps_on(sandbox, database) as (patient, noted):
        deps = replace(patient, intervals=DeploymentIntervals(poll=0.05))
        mute, late = (
            await new_deployment_row(database, "mail-1", **asked),
            await new_deployment_row(database, "mail-2", **asked),
        )
        row = await new_deployment_row(database)
        for deployment, of_model, name in ((mute, "mail", "mute"), (row, "churn", "runs")):
            await into(database, deployment, DeploymentState.REHEARSING)
            await job(database, deployment, of_model, name)
        hold = sandbox.faults.block("DescribeTransformJob", account=MARKETING.account)
        turn = asyncio.create_task(DeploymentPoller(deps).turn())
        assert await asyncio.to_thread(hold.wait_for_requests, 1, 30)
        sandbox.advance(600)
        await into(database, late, DeploymentState.VERIFYING, datetime.now(UTC) - timedelta(hours=3))
        async with asyncio.timeout(30):
            while (f"deploy/{row.key}/1/compare", (row.key, 1)) not in noted.started:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            while (await reload(database, late.key)).state is not DeploymentState.FAILED:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert sandbox.calls.count("DescribeTransformJob", account=MARKETING.account) == 1
        hold.release()
        await turn


async def test_what_cannot_be_looked_at_is_told_and_taken_back(sandbox: Sandbox, database: Database) -> None:
    """Of a rehearsal and of a launch; too late, they fail with it. Told again, it costs no write."""
    async with deps_on(sandbox, database) as (deps, noted):
        launched = await launching_deployment(sandbox, database, deps, runtime_wish="live")
        await LaunchPhase(deps).launch(launched.key, 1)
        with building(sandbox) as made:
            made.transform("runs", "churn", at=datetime.now(UTC))
        rehearsed = await new_deployment_row(database, "churn-2")
        await into(database, rehearsed, DeploymentState.REHEARSING)
        await job(database, rehearsed, "churn", "runs")
        for operation in ("DescribeTransformJob", "DescribeEndpoint"):
            sandbox.faults.refuse(operation)
        for _ in range(2):
            await turned(deps, noted)
        for deployment, operation in ((rehearsed, "DescribeTransformJob"), (launched, "DescribeEndpoint")):
            reason = (await reload(database, deployment.key)).reason
            assert reason is not None
            assert reason.startswith("What runs for it cannot be looked at; it is tried again. ")
            assert operation in reason
        async with database.writing() as connection:
            hours_ago = datetime.now(UTC) - timedelta(hours=3)
            late = update(deployment_tables.deployments).where(deployment_tables.deployments.c.key == rehearsed.key)
            await connection.execute(late.values(since=hours_ago))
        await turned(deps, noted)
        sandbox.faults.clear()
        await turned(deps, noted)
        assert (await reload(database, launched.key)).reason is None
        failed = await reload(database, rehearsed.key)
        assert (failed.state, str(failed.reason).count("Until then it waited: ")) == (DeploymentState.FAILED, 1)


@pytest.mark.parametrize("status", [None, "Completed", "InProgress"])
async def test_what_a_phase_says_is_taken_back_only_where_its_jobs_run(
    sandbox: Sandbox, database: Database, status: str | None
) -> None:
    """A job that is yet to be begun, or that is to be compared, tells nothing of what that waits for."""
    create_model(sandbox)
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await new_deployment_row(database)
        await into(database, deployment, DeploymentState.REHEARSING)
        await job(database, deployment, "churn", "job")
        if status is not None:
            with building(sandbox) as made:
                made.transform("job", "churn", at=datetime.now(UTC))
            sandbox.advance(600 if status == "Completed" else 0)
        rehearsing = await reload(database, deployment.key)
        async with database.writing() as connection:
            assert await deployments.set_reason(connection, rehearsing, "It waits.")
        await turned(deps, noted)
        assert (await reload(database, deployment.key)).reason == (None if status == "InProgress" else "It waits.")


async def test_one_that_is_not_verified_in_time_says_what_it_waited_for(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await new_deployment_row(database)
        await into(database, deployment, DeploymentState.VERIFYING, datetime.now(UTC) - timedelta(hours=2))
        await note_retry(deps, deployment.key, 1, RuntimeError("Away."))
        await turned(deps, noted)
        failed = await reload(database, deployment.key)
    assert (failed.state, failed.reason) == (
        DeploymentState.FAILED,
        "The deployment could not be verified in time; retryDeployment tries it again. Until then it waited: Away.",
    )


async def test_what_was_left_is_put_away_with_the_next_look(sandbox: Sandbox, database: Database) -> None:
    """Also where nothing else runs."""
    async with deps_on(sandbox, database) as (deps, noted):
        deployment = await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA)
        sandbox.timeline.decide_outcome(TRANSFORM_JOB, job_name(deployment, "churn"), Outcome(seconds=600))
        await RehearsePhase(deps).rehearse(deployment.key, 1)
        await into(database, await reload(database, deployment.key), DeploymentState.FAILED)
        await RehearsePhase(deps).rehearse(deployment.key, 1)
        assert await queued_cleanups(database) == [(ElementKind.TRANSFORM_JOB, job_name(deployment, "churn"))]
        assert await turned(deps, noted) == []
    assert await queued_cleanups(database) == []
    assert call_counts(sandbox, "StopTransformJob") == [1]
