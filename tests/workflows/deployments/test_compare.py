"""workflows.deployments.compare: what becomes of a deployment by the jobs of its rehearsal, however they ended."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from aws.client.errors import UnavailableError
from registry import (
    deployment_lists,
    deployment_records,
    deployment_steps,
    deployment_tables,
    deployments,
    registrations,
)
from registry.database import Database
from registry.deployment_records import Deployment
from registry.deployment_rows import DeploymentRow
from registry.enums import AssetRole, DeploymentState, DeploymentStepName, StepState
from registry.ids import key_of
from sandbox.server import Sandbox
from tests.gateway_client import MARKETING
from tests.registry.factories import row_counts
from tests.sagemaker_builder import building
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import (
    cancel,
    new_deployment_row,
    register,
    reload,
    verified_deployment,
)
from workflows.deployments.compare import ComparePhase
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.rehearse import RehearsePhase
from workflows.deployments.resource_names import job_name
from workflows.durable.errors import StepFailedError

COMPLETED = deployment_records.TestCheck("transform job", passed=True, expected="Completed", actual="Completed")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def rehearsed(sandbox: Sandbox, database: Database, deps: DeploymentDeps, *roles: AssetRole) -> DeploymentRow:
    """A deployment whose transform job has begun."""
    deployment = await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA, *roles)
    await RehearsePhase(deps).rehearse(deployment.key, 1)
    return deployment


async def rehearsed_elsewhere(sandbox: Sandbox, database: Database) -> DeploymentRow:
    """A deployment of another group whose transform job has ended."""
    with building(sandbox, MARKETING) as made:
        made.model("mail")
        made.transform("mail-job", "mail")
    other = {"group": MARKETING.name, "account_id": MARKETING.account, "region": MARKETING.region}
    registration = await register(database, sandbox, "mail", AssetRole.TEST_DATA, group=MARKETING)
    deployment, now, step = (
        await new_deployment_row(database, "mail-1", **other),
        datetime.now(UTC),
        DeploymentStepName.REHEARSE,
    )
    async with database.writing() as connection:
        await deployments.replace_registrations(connection, deployment.key, [(registration, "mail")])
        await deployments.transition(connection, deployment, DeploymentState.REHEARSING, now)
        await deployment_steps.begin(connection, deployment, step, now, model_name="mail", job_name="mail-job")
    return await reload(database, deployment.key)


async def shown(database: Database, deployment: DeploymentRow) -> Deployment:
    """The deployment, as people see it."""
    async with database.reading() as connection:
        result = await deployment_lists.by_key(connection, deployment.key)
    assert result is not None
    return result


async def kept(database: Database) -> int:
    """How many results are kept."""
    (count,) = await row_counts(database, [deployment_tables.test_results])
    return count


def rehearsal(deployment: Deployment) -> tuple[StepState, str | None]:
    """How the step of the rehearsal has ended."""
    (step,) = [step for step in deployment.steps if step.name is DeploymentStepName.REHEARSE]
    return step.state, step.detail


async def test_a_job_that_runs_still_is_waited_for(sandbox: Sandbox, database: Database) -> None:
    """The step is tried again; nothing is kept meanwhile."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await rehearsed(sandbox, database, deps)
        with pytest.raises(UnavailableError, match="has not ended"):
            await ComparePhase(deps).compare(deployment.key, 1)
        assert await reload(database, deployment.key) == deployment
    assert await kept(database) == 0


async def test_a_comparison_that_runs_twice_is_kept_once(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await rehearsed(sandbox, database, deps)
        sandbox.advance(600)
        for _ in range(2):
            await ComparePhase(deps).compare(deployment.key, 1)
    result = await shown(database, deployment)
    assert result.state is DeploymentState.AWAITING_APPROVAL
    assert result.test_result is not None
    assert (result.test_result.passed, result.test_result.checks) == (True, (COMPLETED,))
    assert rehearsal(result) == (StepState.DONE, "`churn` passed every check (1).")
    assert await kept(database) == 1


async def test_one_that_is_cancelled_while_it_is_compared_keeps_nothing(sandbox: Sandbox, database: Database) -> None:
    """Its step was left out with the cancellation, and stays so."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await rehearsed(sandbox, database, deps)
        sandbox.advance(600)
        hold = sandbox.faults.block("ListObjectsV2")
        comparing = asyncio.create_task(ComparePhase(deps).compare(deployment.key, 1))
        assert await asyncio.to_thread(hold.wait_for_requests, 1, 30)
        await cancel(database, deployment)
        hold.release()
        await comparing
    result = await shown(database, deployment)
    assert (result.state, result.test_result) == (DeploymentState.CANCELLED, None)
    assert rehearsal(result) == (StepState.SKIPPED, "eve cancelled it.")
    assert await kept(database) == 0


async def test_a_group_whose_s3_does_not_answer_keeps_no_other_from_being_compared(
    sandbox: Sandbox, database: Database
) -> None:
    """Of each account one output is held in memory."""
    async with deps_on(sandbox, database) as (deps, _):
        mute = await rehearsed_elsewhere(sandbox, database)
        deployment = await rehearsed(sandbox, database, deps)
        sandbox.advance(600)
        hold = sandbox.faults.block("ListObjectsV2", account=MARKETING.account)
        comparing = ComparePhase(deps)
        waiting = asyncio.create_task(comparing.compare(mute.key, 1))
        assert await asyncio.to_thread(hold.wait_for_requests, 1, 30)
        async with asyncio.timeout(30):
            await comparing.compare(deployment.key, 1)
        hold.release()
        await waiting
        states = [(await reload(database, row.key)).state for row in (deployment, mute)]
    assert states == [DeploymentState.AWAITING_APPROVAL, DeploymentState.AWAITING_APPROVAL]


async def test_a_job_that_is_gone_has_failed(sandbox: Sandbox, database: Database) -> None:
    """It was noted, and never begun: whoever was to begin it has died, and its time is up."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA)
        async with database.writing() as connection:
            await deployment_steps.begin(
                connection,
                deployment,
                DeploymentStepName.REHEARSE,
                datetime.now(UTC),
                model_name="churn",
                job_name=job_name(deployment, "churn"),
            )
        await ComparePhase(deps).compare(deployment.key, 1)
    result = await shown(database, deployment)
    text = "`churn`: transform job is gone, not Completed."
    assert (result.state, result.reason) == (
        DeploymentState.FAILED,
        f"The rehearsal failed. {text} Correct that, then call retryDeployment.",
    )
    assert rehearsal(result) == (StepState.FAILED, text)


async def test_without_any_job_there_was_no_rehearsal(sandbox: Sandbox, database: Database) -> None:
    """Nothing that was never rehearsed goes on as if it had passed."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await verified_deployment(sandbox, database, deps, AssetRole.TEST_DATA)
        await ComparePhase(deps).compare(deployment.key, 1)
        failed = await reload(database, deployment.key)
    assert failed.state is DeploymentState.FAILED
    assert "There was nothing to rehearse with any more." in (failed.reason or "")
    assert await kept(database) == 0


async def test_a_job_that_cannot_be_seen_tells_nothing(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await rehearsed(sandbox, database, deps)
        sandbox.advance(600)
        sandbox.faults.refuse("DescribeTransformJob")
        with pytest.raises(StepFailedError) as raised:
            await ComparePhase(deps).compare(deployment.key, 1)
        assert await reload(database, deployment.key) == deployment
    assert raised.value.kind == "REFUSED"
    assert await kept(database) == 0


@pytest.mark.parametrize("operation", ["GetObject", "ListObjectsV2"])
async def test_an_output_that_cannot_be_read_fails_a_check(
    sandbox: Sandbox, database: Database, operation: str
) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await rehearsed(sandbox, database, deps, AssetRole.TEST_RESULT_COMPARATOR)
        sandbox.advance(600)
        sandbox.faults.refuse(operation, xml=True)
        await ComparePhase(deps).compare(deployment.key, 1)
    result = await shown(database, deployment)
    assert result.state is DeploymentState.FAILED
    assert result.test_result is not None
    job, read = result.test_result.checks
    assert (job, read.name, read.passed) == (COMPLETED, "what is compared can be read", False)
    assert operation in (read.actual or "")


async def test_a_job_of_a_model_that_is_not_registered_any_more(sandbox: Sandbox, database: Database) -> None:
    """Nothing is left to hold its output against; a launch finds that its model is not registered."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await rehearsed(sandbox, database, deps)
        sandbox.advance(600)
        (registration,) = (await shown(database, deployment)).registration_ids
        async with database.writing() as connection:
            await registrations.remove(connection, str(key_of(registration, "Registration")))
        before = calls_to_s3(sandbox)
        await ComparePhase(deps).compare(deployment.key, 1)
    result: Any = (await shown(database, deployment)).test_result
    assert (result.passed, result.checks) == (True, (COMPLETED,))
    assert calls_to_s3(sandbox) == before


def calls_to_s3(sandbox: Sandbox) -> int:
    """How often a result was looked for."""
    return sandbox.calls.count("GetObject") + sandbox.calls.count("ListObjectsV2")
