"""workflows.deployments.waiting_reasons: the reason for waiting is noted once, and taken back."""

from dataclasses import replace

import pytest

from registry import deployments
from registry.database import Database
from registry.enums import DeploymentState
from registry.errors import RegistryUnavailableError
from sandbox.server import Sandbox
from tests.registry.factories import NOON
from tests.registry.test_pages import statements
from tests.workflows.deployments.deployment_deps import deps_on
from tests.workflows.deployments.deployment_rows import DEPLOYMENT_ROW, new_deployment_row, reload
from workflows.deployments.waiting_reasons import note_retry, set_waiting_reason, timeout_reason, unreadable_reason

REASON = "What runs for it cannot be looked at."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def test_it_is_said_and_taken_back(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        first, second = await new_deployment_row(database, "churn-1"), await new_deployment_row(database, "churn-2")
        await set_waiting_reason(deps, [first, second], REASON)
        deployments = [await reload(database, deployment.key) for deployment in (first, second)]
        assert [row.reason for row in deployments] == [REASON, REASON]
        await set_waiting_reason(deps, deployments[:1], None)
        assert [(await reload(database, item.key)).reason for item in deployments] == [None, REASON]


@pytest.mark.parametrize("reason", [REASON, None])
async def test_what_is_said_already_is_not_written(sandbox: Sandbox, database: Database, reason: str | None) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await new_deployment_row(database)
        await set_waiting_reason(deps, [deployment], reason)
        known = await reload(database, deployment.key)
        with statements("") as sent:
            await set_waiting_reason(deps, [known], reason)
            await set_waiting_reason(deps, [], reason)
    assert sent == []


async def test_one_that_has_moved_on_is_left_alone(sandbox: Sandbox, database: Database) -> None:
    async with deps_on(sandbox, database) as (deps, _):
        seen = await new_deployment_row(database)
        async with database.writing() as connection:
            assert await deployments.transition(connection, seen, DeploymentState.FAILED, NOON, "Something else.")
        await set_waiting_reason(deps, [seen], REASON)
        assert (await reload(database, seen.key)).reason == "Something else."


@pytest.mark.parametrize(
    ("attempt", "state", "text"),
    [
        (1, DeploymentState.VERIFYING, "It cannot go on now; it is tried again, at least once a minute. Away."),
        (1, DeploymentState.LAUNCHING, "It cannot go on now; it is tried again, at least once a minute. Away."),
        (2, DeploymentState.VERIFYING, None),
        (1, DeploymentState.AWAITING_APPROVAL, None),
        (1, DeploymentState.CANCELLED, None),
    ],
)
async def test_a_phase_that_is_tried_again_says_why(
    sandbox: Sandbox, database: Database, attempt: int, state: DeploymentState, text: str | None
) -> None:
    """Not of another attempt, nor where nothing is done any more."""
    async with deps_on(sandbox, database) as (deps, _):
        deployment = await new_deployment_row(database)
        async with database.writing() as connection:
            assert await deployments.transition(connection, deployment, state, NOON)
        await note_retry(deps, deployment.key, attempt, RuntimeError("Away."))
        assert (await reload(database, deployment.key)).reason == text


async def test_a_registry_that_is_away_is_logged_alone(
    sandbox: Sandbox, database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise RegistryUnavailableError("It is away.")

    async with deps_on(sandbox, database) as (deps, _):
        deployment = await new_deployment_row(database)
        with monkeypatch.context() as patched:
            patched.setattr(deployments, "by_key", away)
            await note_retry(deps, deployment.key, 1, RuntimeError("No."))
        assert (await reload(database, deployment.key)).reason is None
    (record,) = [record for record in caplog.records if record.name == "sagegraph.deployments"]
    assert record.levelname == "WARNING"
    assert deployment.key in record.getMessage()


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (None, "Its time is up."),
        ("Away.", "Its time is up. Until then it waited: Away."),
        (unreadable_reason(RuntimeError("Away.")), "Its time is up. Until then it waited: Away."),
        (
            "It cannot go on now; it is tried again, at least once a minute. Away.",
            "Its time is up. Until then it waited: Away.",
        ),
    ],
)
def test_what_comes_too_late_is_not_said_to_be_tried_again(reason: str | None, text: str) -> None:
    assert timeout_reason("Its time is up.", replace(DEPLOYMENT_ROW, reason=reason)) == text
