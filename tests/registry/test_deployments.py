"""registry.deployments: one at a time for a snapshot, and no change but of what stands as it was seen."""

import asyncio

import pytest

from registry import deployment_lists, deployments
from registry.database import Database
from registry.deployment_records import DeploymentDecision
from registry.deployment_rows import ENDED_STATES, DeploymentRow
from registry.enums import DecisionOutcome, DeploymentState
from registry.errors import RegistryConflictError
from tests.registry.factories import (
    NOON,
    create_registration_key,
    minutes_after_noon,
    new_deployment,
    reload_deployment,
    start_deployment,
    transitioned,
)

APPROVED = DeploymentDecision(DecisionOutcome.APPROVED, "eve", minutes_after_noon(3), "Go")


async def test_what_was_started(database: Database) -> None:
    deployment = await start_deployment(database, runtime_wish="live", rehearse=False)
    assert (deployment.state, deployment.attempt, deployment.since, deployment.decision) == (
        DeploymentState.VERIFYING,
        1,
        NOON,
        None,
    )
    assert (deployment.runtime_wish, deployment.rehearse, deployment.launch) == ("live", False, True)
    async with database.reading() as connection:
        record = await deployment_lists.by_key(connection, deployment.key)
    assert record is not None
    assert (record.requested_runtime_name, record.replaces_name, record.runtime_name) == ("live", None, None)
    assert deployment == await reload_deployment(database, deployment)


async def test_of_ten_who_start_one_at_once_one_does(database: Database) -> None:
    async def start() -> tuple[DeploymentRow, bool]:
        async with database.writing() as connection:
            return await deployments.start(connection, new_deployment())

    result = await asyncio.gather(*(start() for _ in range(10)))
    assert len({deployment.key for deployment, _ in result}) == 1
    assert sum(started for _, started in result) == 1


async def test_another_group_shares_the_snapshot_and_other_places_do_not(database: Database) -> None:
    first = await start_deployment(database)
    async with database.writing() as connection:
        other, started = await deployments.start(connection, new_deployment(group="marketing"))
        assert (other.key, started) == (first.key, False)
        for changed in ({"region": "us-east-2"}, {"account_id": "222222222222"}):
            assert (await deployments.start(connection, new_deployment(**changed)))[1]
        assert (await deployments.start(connection, new_deployment("churn-2")))[1]


async def test_what_another_group_has_that_is_held_up_stands_back(database: Database) -> None:
    """It can begin again once the snapshot is free."""
    blocked = await transitioned(database, await start_deployment(database), DeploymentState.BLOCKED)
    async with database.writing() as connection:
        assert not (await deployments.start(connection, new_deployment()))[1]
        other, started = await deployments.start(connection, new_deployment(group="marketing"))
        assert (other.group, started) == ("marketing", True)
    with pytest.raises(RegistryConflictError):
        async with database.writing() as connection:
            await deployments.begin_next_attempt(connection, blocked, minutes_after_noon(2))
    await transitioned(database, other, DeploymentState.CANCELLED)
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, blocked, minutes_after_noon(3))


@pytest.mark.parametrize("state", DeploymentState)
async def test_an_end_frees_the_snapshot_and_nothing_else_does(database: Database, state: DeploymentState) -> None:
    deployment = await transitioned(database, await start_deployment(database), state)
    async with database.writing() as connection:
        active = await deployments.active(
            connection, deployment.account_id, deployment.region, deployment.snapshot_name
        )
        assert (active is None) == (state in ENDED_STATES)
        assert (await deployments.start(connection, new_deployment()))[1] == (state in ENDED_STATES)


async def test_a_late_worker_changes_nothing(database: Database) -> None:
    """Each change is of a state and an attempt."""
    seen = await start_deployment(database)
    blocked = await transitioned(database, seen, DeploymentState.BLOCKED)
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, blocked, minutes_after_noon(1))
    now = await reload_deployment(database, seen)
    assert (now.state, now.attempt) == (DeploymentState.VERIFYING, 2)
    async with database.writing() as connection:
        assert not await deployments.transition(connection, seen, DeploymentState.REHEARSING, minutes_after_noon(2))
        assert not await deployments.decide(
            connection, seen, APPROVED, DeploymentState.LAUNCHING, minutes_after_noon(2), None
        )
        assert not await deployments.pin_snapshot(connection, seen, minutes_after_noon(2), "other")
        assert not await deployments.record_runtime_snapshot(connection, seen, "churn-0")
        assert not await deployments.record_launch(connection, seen, "live")
        assert not await deployments.set_reason(connection, seen, "No")
        assert not await deployments.begin_next_attempt(connection, blocked, minutes_after_noon(2))
    assert await reload_deployment(database, seen) == now


async def test_of_many_who_decide_at_once_one_does(database: Database) -> None:
    waiting = await transitioned(database, await start_deployment(database), DeploymentState.AWAITING_APPROVAL)

    async def decide(state: DeploymentState) -> bool:
        async with database.writing() as connection:
            return await deployments.decide(connection, waiting, APPROVED, state, minutes_after_noon(4), None)

    states = [DeploymentState.LAUNCHING, DeploymentState.REJECTED] * 5
    assert sum(await asyncio.gather(*(decide(state) for state in states))) == 1
    assert (await reload_deployment(database, waiting)).decision == APPROVED


async def test_another_attempt_forgets_the_one_before(database: Database) -> None:
    waiting = await transitioned(database, await start_deployment(database), DeploymentState.AWAITING_APPROVAL)
    async with database.writing() as connection:
        await deployments.record_runtime_snapshot(connection, waiting, "churn-0")
        await deployments.decide(connection, waiting, APPROVED, DeploymentState.LAUNCHING, minutes_after_noon(4), None)
    launching = await reload_deployment(database, waiting)
    async with database.writing() as connection:
        assert await deployments.set_reason(connection, launching, "It waits.")
        assert await deployments.record_launch(connection, launching, "live")
        assert not await deployments.record_launch(connection, launching, "live")
        named = (await deployments.by_keys(connection, [launching.key]))[launching.key]
        assert (named.runtime_name, named.reason) == ("live", None)
        await deployments.transition(
            connection, launching, DeploymentState.FAILED, minutes_after_noon(5), "No capacity"
        )
    failed = await reload_deployment(database, waiting)
    assert (failed.runtime_before, failed.runtime_name, failed.reason) == ("churn-0", "live", "No capacity")
    async with database.reading() as connection:
        record = await deployment_lists.by_key(connection, failed.key)
    assert record is not None
    assert (record.replaces_name, record.runtime_name) == ("churn-0", "live")
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, failed, minutes_after_noon(6))
    now = await reload_deployment(database, waiting)
    assert (now.runtime_before, now.runtime_name, now.reason, now.decision) == (None, None, None, None)
    assert (now.attempt, now.since) == (2, minutes_after_noon(6))


async def test_none_begins_again_beside_another(database: Database) -> None:
    failed = await transitioned(database, await start_deployment(database), DeploymentState.FAILED)
    await start_deployment(database)
    with pytest.raises(RegistryConflictError):
        async with database.writing() as connection:
            await deployments.begin_next_attempt(connection, failed, minutes_after_noon(1))
    assert await reload_deployment(database, failed) == failed


async def test_those_that_stand_so(database: Database) -> None:
    first, second, third = [await start_deployment(database, f"churn-{number}") for number in range(3)]
    await transitioned(database, second, DeploymentState.AWAITING_APPROVAL)
    async with database.reading() as connection:
        rows = await deployments.in_states(connection, DeploymentState.VERIFYING, DeploymentState.REHEARSING)
        assert [deployment.key for deployment in rows] == [first.key, third.key]


async def test_those_that_are_held_up_for_a_registration(database: Database) -> None:
    """Also where the registration has been removed since, history stays."""
    registration, other = await create_registration_key(database), await create_registration_key(database, "fraud")
    held_up, going_on, row = [await start_deployment(database, f"churn-{number}") for number in range(3)]
    async with database.writing() as connection:
        for deployment in (held_up, going_on):
            await deployments.replace_registrations(
                connection, deployment.key, [(registration, "churn"), (other, "fraud")]
            )
            await deployments.replace_registrations(
                connection, deployment.key, [(registration, "churn"), (other, "fraud")]
            )
        await deployments.replace_registrations(connection, row.key, [(other, "fraud")])
    for deployment in (held_up, row):
        await transitioned(database, deployment, DeploymentState.BLOCKED)
    async with database.reading() as connection:
        rows = await deployments.blocked_for(connection, registration)
        assert [deployment.key for deployment in rows] == [held_up.key]


async def test_the_snapshots_of_an_import(database: Database) -> None:
    run = "0" * 32
    await start_deployment(database, import_run_key=run)
    await start_deployment(database, "churn-2")
    async with database.reading() as connection:
        assert await deployments.snapshots_of_run(connection, run) == {"churn-1"}
