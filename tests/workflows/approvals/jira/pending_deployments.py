"""Makes what tests of tickets begin with: deployments that wait for a decision, and the means to decide."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from auth.credential_entries import CredentialEntries
from auth.errors import ForbiddenError
from auth.policy import Policy
from aws.scopes import OpenScope
from gateway.settings.deployments import DeploymentSettings
from registry import deployment_lists, deployments, tickets
from registry.database import Database
from registry.deployment_rows import DeploymentRow, NewDeployment
from registry.enums import DeploymentState, DeploymentTrigger, TicketKind
from registry.tickets import FiledTicket, TicketRow
from tests.registry.factories import NOON
from workflows.approvals.backend import ApprovalBackend, ApprovalRequest, BackendDeps
from workflows.approvals.jira.backend import JiraApprovals
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.markup import plain_text
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.scheduler import WorkScheduler

NO_ROLE = "The group `risk` has no role in this test."


class NoGroupScopes:
    """Groups without roles: rejecting needs none, and a ticket goes without what only AWS knows."""

    @asynccontextmanager
    async def open(
        self, group: str, region: str, account_id: str, since: datetime | None = None, *, glance: bool = False
    ) -> AsyncIterator[OpenScope]:
        if group or glance:
            raise ForbiddenError(NO_ROLE)
        yield None  # type: ignore[misc]  # Never reached; it makes this a generator.


class RecordingStarter:
    """Keeps what works were started."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def start(self, name: str, work_id: str, *arguments: Any) -> None:
        self.ids.append(work_id)


def deps_of(database: Database, client: JiraClient, **rules: Any) -> tuple[DeploymentDeps, RecordingStarter]:
    """The means to decide, and what they have started."""
    scheduler, started = WorkScheduler(), RecordingStarter()
    scheduler.serve(started)
    approvals = JiraApprovals(BackendDeps(database, NoGroupScopes()), client, pauses=(0.01, 0.01))
    policy = Policy(CredentialEntries(), ())
    return DeploymentDeps(
        database, policy, NoGroupScopes(), DeploymentSettings.model_validate(rules), scheduler, approvals
    ), started


def deps_of_backend(database: Database, backend: ApprovalBackend) -> DeploymentDeps:
    """The means to decide with any backend; what they start is lost."""
    scheduler = WorkScheduler()
    scheduler.serve(RecordingStarter())
    policy = Policy(CredentialEntries(), ())
    return DeploymentDeps(database, policy, NoGroupScopes(), DeploymentSettings(), scheduler, backend)


async def pending_deployment(
    database: Database, snapshot: str = "churn-v1", started_by: str = "ann@example.com"
) -> DeploymentRow:
    """A deployment that waits for a decision, with its ticket intended."""
    new = NewDeployment(
        group="risk",
        account_id="111111111111",
        region="eu-west-1",
        snapshot_name=snapshot,
        snapshot_created_at=NOON,
        snapshot_digest="0" * 64,
        trigger=DeploymentTrigger.REQUEST,
        started_by=started_by,
        started_at=NOON,
    )
    async with database.writing() as connection:
        deployment, _ = await deployments.start(connection, new)
        await deployments.transition(connection, deployment, DeploymentState.AWAITING_APPROVAL, NOON)
        await tickets.create(connection, deployment.key, deployment.attempt, TicketKind.APPROVAL, NOON)
    return replace(deployment, state=DeploymentState.AWAITING_APPROVAL)


async def ticket_of(database: Database, deployment: DeploymentRow, kind: TicketKind = TicketKind.APPROVAL) -> TicketRow:
    """The deployment's ticket as the registry has it."""
    async with database.reading() as connection:
        rows = await tickets.of_attempt(connection, deployment.key, deployment.attempt)
    return next(row for row in rows if row.kind is kind)


async def approval_request_of(
    database: Database, deployment: DeploymentRow, kind: TicketKind = TicketKind.APPROVAL
) -> ApprovalRequest:
    """The ticket with its deployment."""
    async with database.reading() as connection:
        result = await deployment_lists.by_key(connection, deployment.key)
    assert result is not None
    return ApprovalRequest(await ticket_of(database, deployment, kind), result)


async def record_filed(database: Database, deployment: DeploymentRow, filed: FiledTicket) -> None:
    """Notes where the deployment's ticket was filed."""
    ticket = await ticket_of(database, deployment)
    async with database.writing() as connection:
        assert await tickets.mark_filed(connection, ticket.number, filed, NOON)


async def filed_deployment(
    database: Database, deps: DeploymentDeps, snapshot: str = "churn-v1", **more: Any
) -> DeploymentRow:
    """A deployment that waits, with its ticket filed."""
    deployment = await pending_deployment(database, snapshot, **more)
    await record_filed(
        database, deployment, await deps.approvals.file_request(await approval_request_of(database, deployment))
    )
    return deployment


async def reload(database: Database, deployment: DeploymentRow) -> DeploymentRow:
    """The deployment as it is by now."""
    async with database.reading() as connection:
        row = await deployments.by_key(connection, deployment.key)
    assert row is not None
    return row


def comment_texts(remarks: Sequence[tuple[Any, Any, Any]]) -> list[str]:
    """The words of an issue's comments, in their order."""
    return [plain_text(body) for _, _, body in remarks]
