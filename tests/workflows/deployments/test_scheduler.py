"""workflows.deployments.scheduler: each piece of work has the id of its deployment, attempt and phase."""

import asyncio
from dataclasses import replace

import pytest

from registry.enums import DeploymentState, TicketKind
from registry.tickets import TicketRow
from tests.registry.factories import NOON
from tests.workflows.deployments.deployment_deps import NotedWork
from tests.workflows.deployments.deployment_rows import DEPLOYMENT_ROW as ANY
from workflows.deployments.scheduler import WORKING_STATES, WorkScheduler

COURSE = replace(ANY, key="k", attempt=3)
TICKET = TicketRow(
    number=7,
    deployment_key="k",
    attempt=3,
    kind=TicketKind.APPROVAL,
    key=None,
    url=None,
    status="",
    tries=2,
    intended_at=NOON,
    sent_at=None,
    astray_at=None,
    closed=False,
)


def serving() -> tuple[WorkScheduler, NotedWork]:
    """Works, and what they start."""
    scheduler, noted = WorkScheduler(), NotedWork()
    scheduler.serve(noted)
    return scheduler, noted


@pytest.mark.parametrize("state", DeploymentState)
async def test_what_each_state_calls_for(state: DeploymentState) -> None:
    phases = {
        DeploymentState.VERIFYING: "verify",
        DeploymentState.REHEARSING: "rehearse",
        DeploymentState.LAUNCHING: "launch",
    }
    scheduler, noted = serving()
    await scheduler.schedule(replace(COURSE, state=state))
    assert noted.started == ([(f"deploy/k/3/{phases[state]}", ("k", 3))] if state in phases else [])
    assert (state in WORKING_STATES) is (state in phases)


async def test_every_other_work() -> None:
    scheduler, noted = serving()
    await scheduler.schedule_compare(COURSE)
    await scheduler.schedule_finish_launch(COURSE, "InService", "churn-1", None)
    await scheduler.schedule_ticket(TICKET)
    await scheduler.schedule_announcement(COURSE)
    assert noted.started == [
        ("deploy/k/3/compare", ("k", 3)),
        ("deploy/k/3/settle", ("k", 3, "InService", "churn-1", None)),
        ("ticket/7/2", (7, 2)),
        ("deploy/k/3/tell", ("k", 3)),
    ]


async def test_what_was_asked_for_before_there_is_an_engine_begins_with_it() -> None:
    """Whoever stops waiting for it takes nothing from the others."""
    scheduler, noted = WorkScheduler(), NotedWork()
    first, second = (
        asyncio.create_task(scheduler.schedule_compare(COURSE)),
        asyncio.create_task(scheduler.schedule_announcement(COURSE)),
    )
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert noted.started == []
    scheduler.serve(noted)
    async with asyncio.timeout(30):
        await second
    assert noted.started == [("deploy/k/3/tell", ("k", 3))]
