"""workflows.deployments.comparing: what becomes of a deployment by the jobs of its rehearsal, however they ended."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aws.errors import UnavailableError
from registry import deployment_lists, deployment_steps, deployment_tables, records, registrations
from registry.courses import Course
from registry.database import Database
from registry.ids import key_of
from registry.records import Deployment
from registry.words import AssetRole, DeploymentState, DeploymentStepName, StepState
from sandbox.server import Sandbox
from tests.registry.making import counts
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import course_of, verified
from workflows.deployments.comparing import Comparing
from workflows.deployments.means import Means
from workflows.deployments.names import job_name
from workflows.deployments.rehearsing import Rehearsing
from workflows.durable.errors import StepFailedError

COMPLETED = records.TestCheck("transform job", passed=True, expected="Completed", actual="Completed")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def rehearsed(sandbox: Sandbox, database: Database, means: Means, *roles: AssetRole) -> Course:
    """A deployment whose transform job has begun."""
    course = await verified(sandbox, database, means, AssetRole.TEST_DATA, *roles)
    await Rehearsing(means).rehearse(course.key, 1)
    return course


async def shown(database: Database, course: Course) -> Deployment:
    """The deployment, as people see it."""
    async with database.reading() as connection:
        found = await deployment_lists.by_key(connection, course.key)
    assert found is not None
    return found


async def kept(database: Database) -> int:
    """How many results are kept."""
    (count,) = await counts(database, [deployment_tables.test_results])
    return count


def rehearsal(deployment: Deployment) -> tuple[StepState, str | None]:
    """How the step of the rehearsal has ended."""
    (step,) = [step for step in deployment.steps if step.name is DeploymentStepName.REHEARSE]
    return step.state, step.detail


async def test_a_job_that_runs_still_is_waited_for(sandbox: Sandbox, database: Database) -> None:
    """The step is tried again; nothing is kept meanwhile."""
    async with means_on(sandbox, database) as (means, _):
        course = await rehearsed(sandbox, database, means)
        with pytest.raises(UnavailableError, match="has not ended"):
            await Comparing(means).compare(course.key, 1)
        assert await course_of(database, course.key) == course
    assert await kept(database) == 0


async def test_a_comparison_that_runs_twice_is_kept_once(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await rehearsed(sandbox, database, means)
        sandbox.advance(600)
        for _ in range(2):
            await Comparing(means).compare(course.key, 1)
    found = await shown(database, course)
    assert found.state is DeploymentState.AWAITING_APPROVAL
    assert found.test_result is not None
    assert (found.test_result.passed, found.test_result.checks) == (True, (COMPLETED,))
    assert rehearsal(found) == (StepState.DONE, "`churn` passed every check (1).")
    assert await kept(database) == 1


async def test_a_job_that_is_gone_has_failed(sandbox: Sandbox, database: Database) -> None:
    """It was noted, and never begun: whoever was to begin it has died, and its time is up."""
    async with means_on(sandbox, database) as (means, _):
        course = await verified(sandbox, database, means, AssetRole.TEST_DATA)
        async with database.writing() as connection:
            await deployment_steps.begin(
                connection,
                course,
                DeploymentStepName.REHEARSE,
                datetime.now(UTC),
                model_name="churn",
                job_name=job_name(course, "churn"),
            )
        await Comparing(means).compare(course.key, 1)
    found = await shown(database, course)
    told = "`churn`: transform job is gone, not Completed."
    assert (found.state, found.reason) == (
        DeploymentState.FAILED,
        f"The rehearsal failed. {told} Mend that, and retryDeployment begins again.",
    )
    assert rehearsal(found) == (StepState.FAILED, told)


async def test_without_any_job_there_was_no_rehearsal(sandbox: Sandbox, database: Database) -> None:
    """Nothing that was never rehearsed goes on as if it had passed."""
    async with means_on(sandbox, database) as (means, _):
        course = await verified(sandbox, database, means, AssetRole.TEST_DATA)
        await Comparing(means).compare(course.key, 1)
        failed = await course_of(database, course.key)
    assert failed.state is DeploymentState.FAILED
    assert "There was nothing to rehearse with any more." in (failed.reason or "")
    assert await kept(database) == 0


async def test_a_job_that_cannot_be_seen_tells_nothing(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await rehearsed(sandbox, database, means)
        sandbox.advance(600)
        sandbox.trouble.refuse("DescribeTransformJob")
        with pytest.raises(StepFailedError) as raised:
            await Comparing(means).compare(course.key, 1)
        assert await course_of(database, course.key) == course
    assert raised.value.kind == "REFUSED"
    assert await kept(database) == 0


@pytest.mark.parametrize("operation", ["GetObject", "ListObjectsV2"])
async def test_an_output_that_cannot_be_read_fails_a_check(
    sandbox: Sandbox, database: Database, operation: str
) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await rehearsed(sandbox, database, means, AssetRole.TEST_RESULT_COMPARATOR)
        sandbox.advance(600)
        sandbox.trouble.refuse(operation, xml=True)
        await Comparing(means).compare(course.key, 1)
    found = await shown(database, course)
    assert found.state is DeploymentState.FAILED
    assert found.test_result is not None
    job, read = found.test_result.checks
    assert (job, read.name, read.passed) == (COMPLETED, "what is compared can be read", False)
    assert operation in (read.actual or "")


async def test_a_job_of_a_model_that_is_not_registered_any_more(sandbox: Sandbox, database: Database) -> None:
    """Nothing is left to hold its output against; a launch finds that its model is not registered."""
    async with means_on(sandbox, database) as (means, _):
        course = await rehearsed(sandbox, database, means)
        sandbox.advance(600)
        (registration,) = (await shown(database, course)).registration_ids
        async with database.writing() as connection:
            await registrations.remove(connection, str(key_of(registration, "Registration")))
        before = calls_to_s3(sandbox)
        await Comparing(means).compare(course.key, 1)
    found: Any = (await shown(database, course)).test_result
    assert (found.passed, found.checks) == (True, (COMPLETED,))
    assert calls_to_s3(sandbox) == before


def calls_to_s3(sandbox: Sandbox) -> int:
    """How often a result was looked for."""
    return sandbox.calls.count("GetObject") + sandbox.calls.count("ListObjectsV2")
