"""registry.deployment_steps: a step has one row for each attempt, and a rehearsal one for each model besides."""

from typing import Any

import pytest

from registry import deployment_steps, deployments
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import DeploymentState, DeploymentStepName, StepState
from tests.registry.factories import minutes_after_noon, reload_deployment, start_deployment, transitioned

VERIFY, REHEARSE = DeploymentStepName.VERIFY, DeploymentStepName.REHEARSE


async def begin(
    database: Database, deployment: DeploymentRow, name: DeploymentStepName, minute: int, **more: Any
) -> None:
    """Notes that a step has begun."""
    async with database.writing() as connection:
        await deployment_steps.begin(connection, deployment, name, minutes_after_noon(minute), **more)


async def rows(database: Database, deployment: DeploymentRow) -> list[tuple[Any, ...]]:
    """What is kept of each step."""
    async with database.reading() as connection:
        result = (await deployment_steps.of_deployments(connection, [deployment.key]))[deployment.key]
    return sorted(
        (row.attempt, row.name, row.model_name, row.state, row.started_at, row.ended_at, row.detail) for row in result
    )


async def test_a_step_that_begins_again_keeps_its_time(database: Database) -> None:
    """What there is to say of it is what was said last."""
    deployment = await start_deployment(database)
    await begin(database, deployment, VERIFY, 1, detail="First.")
    await begin(database, deployment, VERIFY, 2, detail="Second.")
    assert await rows(database, deployment) == [(1, "VERIFY", "", "RUNNING", minutes_after_noon(1), None, "Second.")]


async def test_a_step_that_begins_again_once_it_has_ended_stays_ended(database: Database) -> None:
    deployment = await start_deployment(database)
    await begin(database, deployment, VERIFY, 1)
    async with database.writing() as connection:
        await deployment_steps.end(connection, deployment, VERIFY, StepState.DONE, minutes_after_noon(2), "Done.")
    await begin(database, deployment, VERIFY, 3, detail="Late.")
    assert await rows(database, deployment) == [
        (1, "VERIFY", "", "DONE", minutes_after_noon(1), minutes_after_noon(2), "Late.")
    ]


async def test_a_step_that_never_began_has_begun_and_ended(database: Database) -> None:
    """Words that no database keeps are mended."""
    deployment = await start_deployment(database)
    async with database.writing() as connection:
        await deployment_steps.end(
            connection, deployment, REHEARSE, StepState.SKIPPED, minutes_after_noon(1), "No\x00 data\ud800"
        )
    ((*_, detail),) = stored = await rows(database, deployment)
    assert stored[0][:6] == (1, "REHEARSE", "", "SKIPPED", minutes_after_noon(1), minutes_after_noon(1))
    assert "\x00" not in detail
    assert "\ud800" not in detail
    assert detail.startswith("No")


async def test_only_what_runs_is_ended_with_the_rest(database: Database) -> None:
    """Neither what has ended, nor a step of another attempt, nor one of another deployment."""
    deployment, other = await start_deployment(database), await start_deployment(database, "churn-2")
    for row in (deployment, other):
        await begin(database, row, VERIFY, 1)
    await begin(database, deployment, REHEARSE, 1, model_name="a")
    async with database.writing() as connection:
        await deployment_steps.end(
            connection, deployment, REHEARSE, StepState.DONE, minutes_after_noon(2), "Passed.", "b"
        )
        await deployment_steps.end_running(connection, deployment, StepState.FAILED, minutes_after_noon(3), "Why.")
    assert await rows(database, deployment) == [
        (1, "REHEARSE", "a", "FAILED", minutes_after_noon(1), minutes_after_noon(3), "Why."),
        (1, "REHEARSE", "b", "DONE", minutes_after_noon(2), minutes_after_noon(2), "Passed."),
        (1, "VERIFY", "", "FAILED", minutes_after_noon(1), minutes_after_noon(3), "Why."),
    ]
    assert await rows(database, other) == [(1, "VERIFY", "", "RUNNING", minutes_after_noon(1), None, None)]


async def test_the_jobs_of_one_attempt(database: Database) -> None:
    """By their models; a rehearsal without a job has none."""
    deployment = await start_deployment(database)
    await begin(database, deployment, REHEARSE, 1, model_name="b", job_name="job-b")
    await begin(database, deployment, REHEARSE, 1, model_name="a", job_name="job-a")
    await begin(database, deployment, REHEARSE, 1, model_name="c")
    failed = await transitioned(database, deployment, DeploymentState.FAILED)
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, failed, minutes_after_noon(2))
    second = await reload_deployment(database, deployment)
    await begin(database, second, REHEARSE, 3, model_name="a", job_name="job-a-2")
    async with database.reading() as connection:
        assert await deployment_steps.rehearsal_jobs(connection, deployment) == {"a": "job-a", "b": "job-b"}
        assert await deployment_steps.rehearsal_jobs(connection, second) == {"a": "job-a-2"}


async def test_what_there_is_to_say_of_a_step_is_said_once(database: Database) -> None:
    """While it runs, and of this model's alone."""
    deployment = await start_deployment(database)
    for model in ("a", "b"):
        await begin(database, deployment, REHEARSE, 1, model_name=model)
    async with database.writing() as connection:
        assert await deployment_steps.set_detail_once(connection, deployment, REHEARSE, "First.", "a")
        assert not await deployment_steps.set_detail_once(connection, deployment, REHEARSE, "Second.", "a")
    assert [(row[2], row[6]) for row in await rows(database, deployment)] == [("a", "First."), ("b", None)]
    async with database.writing() as connection:
        await deployment_steps.end(connection, deployment, REHEARSE, StepState.DONE, minutes_after_noon(2), None, "b")
        assert not await deployment_steps.set_detail_once(connection, deployment, REHEARSE, "Late.", "b")
        assert not await deployment_steps.set_detail_once(connection, deployment, VERIFY, "Never begun.")
    assert [(row[2], row[6]) for row in await rows(database, deployment)] == [("a", "First."), ("b", None)]


@pytest.mark.parametrize(("newer", "stored"), [(None, "First."), ("No capacity.", "No capacity.")])
async def test_what_was_said_of_a_step_stays_where_its_end_says_nothing_newer(
    database: Database, newer: str | None, stored: str
) -> None:
    deployment = await start_deployment(database)
    for name in (VERIFY, REHEARSE):
        await begin(database, deployment, name, 1)
    async with database.writing() as connection:
        for name in (VERIFY, REHEARSE):
            assert await deployment_steps.set_detail_once(connection, deployment, name, "First.")
        await deployment_steps.end(connection, deployment, VERIFY, StepState.DONE, minutes_after_noon(2), newer)
        await deployment_steps.end_running(connection, deployment, StepState.DONE, minutes_after_noon(2), newer)
    assert [(row[3], row[6]) for row in await rows(database, deployment)] == [("DONE", stored)] * 2
