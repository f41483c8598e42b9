"""workflows.deployments.explaining: why deployments wait is said once, and taken back; not of what has moved on."""

from dataclasses import replace

import pytest

from registry import deployments
from registry.database import Database
from registry.errors import RegistryUnavailableError
from registry.words import DeploymentState
from sandbox.server import Sandbox
from tests.registry.making import NOON
from tests.registry.test_first_pages import statements
from tests.workflows.deployments.courses import COURSE
from tests.workflows.deployments.lifecycles import means_on
from tests.workflows.deployments.made import begun, course_of
from workflows.deployments.explaining import explain, explain_wait, too_late, unseen

REASON = "What runs for it cannot be looked at."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def test_it_is_said_and_taken_back(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        first, second = await begun(database, "churn-1"), await begun(database, "churn-2")
        await explain(means, [first, second], REASON)
        told = [await course_of(database, each.key) for each in (first, second)]
        assert [each.reason for each in told] == [REASON, REASON]
        await explain(means, told[:1], None)
        assert [(await course_of(database, each.key)).reason for each in told] == [None, REASON]


@pytest.mark.parametrize("reason", [REASON, None])
async def test_what_is_said_already_is_not_written(sandbox: Sandbox, database: Database, reason: str | None) -> None:
    async with means_on(sandbox, database) as (means, _):
        course = await begun(database)
        await explain(means, [course], reason)
        known = await course_of(database, course.key)
        with statements("") as sent:
            await explain(means, [known], reason)
            await explain(means, [], reason)
    assert sent == []


async def test_one_that_has_moved_on_is_left_alone(sandbox: Sandbox, database: Database) -> None:
    async with means_on(sandbox, database) as (means, _):
        seen = await begun(database)
        async with database.writing() as connection:
            assert await deployments.move(connection, seen, DeploymentState.FAILED, NOON, "Something else.")
        await explain(means, [seen], REASON)
        assert (await course_of(database, seen.key)).reason == "Something else."


@pytest.mark.parametrize(
    ("attempt", "state", "told"),
    [
        (1, DeploymentState.VERIFYING, "It cannot go on now; it is tried again, at least once a minute. Away."),
        (1, DeploymentState.LAUNCHING, "It cannot go on now; it is tried again, at least once a minute. Away."),
        (2, DeploymentState.VERIFYING, None),
        (1, DeploymentState.AWAITING_APPROVAL, None),
        (1, DeploymentState.CANCELLED, None),
    ],
)
async def test_a_phase_that_is_tried_again_says_why(
    sandbox: Sandbox, database: Database, attempt: int, state: DeploymentState, told: str | None
) -> None:
    """Not of another attempt, nor where nothing is done any more."""
    async with means_on(sandbox, database) as (means, _):
        course = await begun(database)
        async with database.writing() as connection:
            assert await deployments.move(connection, course, state, NOON)
        await explain_wait(means, course.key, attempt, RuntimeError("Away."))
        assert (await course_of(database, course.key)).reason == told


async def test_a_registry_that_is_away_is_logged_alone(
    sandbox: Sandbox, database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise RegistryUnavailableError("It is away.")

    async with means_on(sandbox, database) as (means, _):
        course = await begun(database)
        with monkeypatch.context() as patched:
            patched.setattr(deployments, "course", away)
            await explain_wait(means, course.key, 1, RuntimeError("No."))
        assert (await course_of(database, course.key)).reason is None
    assert f"It could not be noted why the deployment {course.key} waits: It is away." in caplog.text


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (None, "Its time is up."),
        ("Away.", "Its time is up. Until then it waited: Away."),
        (unseen(RuntimeError("Away.")), "Its time is up. Until then it waited: Away."),
        (
            "It cannot go on now; it is tried again, at least once a minute. Away.",
            "Its time is up. Until then it waited: Away.",
        ),
    ],
)
def test_what_comes_too_late_is_not_said_to_be_tried_again(reason: str | None, told: str) -> None:
    assert too_late("Its time is up.", replace(COURSE, reason=reason)) == told
