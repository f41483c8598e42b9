"""workflows.deployments.transitions: with a state come its steps, its tickets and the audit, or none of them."""

import pytest

from registry import audit, deployment_lists, deployment_steps, deployments, tickets
from registry.audit import AuditCriteria
from registry.database import Database
from registry.deployment_records import Deployment
from registry.deployment_rows import DeploymentRow
from registry.enums import AuditOutcome, DeploymentState, DeploymentStepName, StepState, TicketKind
from registry.records import AuditEvent
from tests.registry.factories import NOON, reload_deployment, start_deployment
from workflows.approvals.backend import STATUS_APPROVED, STATUS_CLOSED, STATUS_REJECTED
from workflows.deployments.transitions import AuditEntry, transition

State, Step = DeploymentState, DeploymentStepName
DEED = AuditEntry(
    action="deployment.test", actor="ann", role_arn="arn:role", detail="Said.", aws_request_ids=("request-1",)
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One of the two is enough: how they differ is the registry's affair."""
    return sqlite_url


async def events(database: Database) -> list[AuditEvent]:
    """The audit, the first event first."""
    async with database.reading() as connection:
        return list(reversed((await audit.page(connection, AuditCriteria(groups=None), 50)).records))


async def shown(database: Database, deployment: DeploymentRow) -> Deployment:
    """The deployment, as people see it."""
    async with database.reading() as connection:
        result = await deployment_lists.by_key(connection, deployment.key)
    assert result is not None
    return result


async def brought(database: Database, *states: DeploymentState) -> DeploymentRow:
    """A deployment that has come through these states."""
    deployment = await start_deployment(database)
    for state in states:
        assert await transition(database, deployment, state, DEED)
        deployment = await reload_deployment(database, deployment)
    return deployment


async def begin(database: Database, deployment: DeploymentRow, name: DeploymentStepName) -> None:
    """Begins a step, as the phase does."""
    async with database.writing() as connection:
        await deployment_steps.begin(connection, deployment, name, NOON)


def steps(deployment: Deployment) -> dict[DeploymentStepName, tuple[StepState, str | None]]:
    """How each step stands that was begun, and what is said of it."""
    return {step.name: (step.state, step.detail) for step in deployment.steps if step.started_at is not None}


@pytest.mark.parametrize(
    ("to", "outcome"),
    [
        (State.REHEARSING, AuditOutcome.SUCCEEDED),
        (State.FAILED, AuditOutcome.FAILED),
        (State.BLOCKED, AuditOutcome.REFUSED),
        (State.SKIPPED, AuditOutcome.REFUSED),
        (State.CANCELLED, AuditOutcome.SUCCEEDED),
    ],
)
async def test_a_move_is_audited(database: Database, to: DeploymentState, outcome: AuditOutcome) -> None:
    """Its reason is said, and where there is none, what was done."""
    deployment = await start_deployment(database)
    reason = None if outcome is AuditOutcome.SUCCEEDED else "Why."
    assert await transition(database, deployment, to, DEED, reason)
    (event,) = await events(database)
    assert (event.actor, event.group, event.role_arn, event.action) == ("ann", "risk", "arn:role", "deployment.test")
    assert (event.target, event.outcome, event.detail) == (f"Deployment {deployment.id}", outcome, reason or "Said.")
    assert event.aws_request_ids == ("request-1",)


async def test_of_two_who_move_it_one_does(database: Database) -> None:
    """The other leaves nothing: no step, no ticket, no event."""
    deployment = await start_deployment(database)
    assert await transition(database, deployment, State.AWAITING_APPROVAL, DEED)
    before = await shown(database, deployment)
    assert not await transition(database, deployment, State.FAILED, DEED, "Late.")
    assert await shown(database, deployment) == before
    assert len(await events(database)) == 1


@pytest.mark.parametrize(
    ("to", "state", "text"),
    [
        (State.AWAITING_APPROVAL, StepState.DONE, None),
        (State.FAILED, StepState.FAILED, "Why."),
        (State.BLOCKED, StepState.FAILED, "Why."),
        (State.CANCELLED, StepState.SKIPPED, "Why."),
        (State.SKIPPED, StepState.SKIPPED, "Why."),
    ],
)
async def test_a_step_that_runs_ends_with_the_state(
    database: Database, to: DeploymentState, state: StepState, text: str | None
) -> None:
    """A step that had ended before stays as it was."""
    deployment = await start_deployment(database)
    async with database.writing() as connection:
        await deployment_steps.end(connection, deployment, Step.VERIFY, StepState.DONE, NOON, "Before.")
    await begin(database, deployment, Step.REHEARSE)
    assert await transition(database, deployment, to, DEED, "Why." if text else None)
    result = steps(await shown(database, deployment))
    assert result[Step.VERIFY] == (StepState.DONE, "Before.")
    assert result[Step.REHEARSE] == (state, text)


@pytest.mark.parametrize(
    ("to", "status"),
    [
        (State.LAUNCHING, STATUS_APPROVED),
        (State.REJECTED, STATUS_REJECTED),
        (State.CANCELLED, STATUS_CLOSED),
        (State.FAILED, STATUS_CLOSED),
    ],
)
async def test_the_ticket_that_asks_closes_with_what_was_decided(
    database: Database, to: DeploymentState, status: str
) -> None:
    """One ticket asks, and it is closed once; only a failure is told of by another one."""
    deployment = await brought(database, State.AWAITING_APPROVAL)
    async with database.reading() as connection:
        (asking,) = await tickets.of_attempt(connection, deployment.key, 1)
    assert (asking.kind, asking.closed) == (TicketKind.APPROVAL, False)
    assert steps(await shown(database, deployment))[Step.APPROVE] == (StepState.RUNNING, None)
    assert await transition(database, deployment, to, DEED, "Why.")
    async with database.reading() as connection:
        closed, *more = await tickets.of_attempt(connection, deployment.key, 1)
    assert (closed.number, closed.status, closed.closed) == (asking.number, status, True)
    assert [ticket.kind for ticket in more] == ([TicketKind.NOTIFICATION] if to is State.FAILED else [])
    assert (Step.NOTIFY in steps(await shown(database, deployment))) is (to is State.FAILED)


async def test_what_fails_in_a_later_attempt_is_told_of_again(database: Database) -> None:
    deployment = await brought(database, State.FAILED)
    async with database.writing() as connection:
        assert await deployments.begin_next_attempt(connection, deployment, NOON)
    deployment = await reload_deployment(database, deployment)
    assert await transition(database, deployment, State.FAILED, DEED, "Again.")
    async with database.reading() as connection:
        assert [len(await tickets.of_attempt(connection, deployment.key, attempt)) for attempt in (1, 2)] == [1, 1]
