"""workflows.approvals.backend: the contract that every approval backend keeps."""

from collections.abc import AsyncIterator

import pytest

from registry.database import Database
from registry.enums import DeploymentState, TicketKind
from sandbox.jira.server import running
from tests.workflows.approvals.jira.conftest import config_of
from tests.workflows.approvals.jira.pending_deployments import (
    NoGroupScopes,
    approval_request_of,
    deps_of_backend,
    pending_deployment,
    record_filed,
    reload,
)
from workflows.approvals.backend import UNKNOWN_AUTHOR, ApprovalBackend, BackendDeps
from workflows.approvals.service import open_backend
from workflows.deployments.decisions import DeploymentDecider
from workflows.deployments.transitions import AuditEntry, transition


@pytest.fixture
async def registry(sqlite_url: str) -> AsyncIterator[Database]:
    async with Database(sqlite_url) as database:
        yield database


@pytest.fixture(params=["builtin", "jira-cloud", "jira-data-center"])
async def backend(request: pytest.FixtureRequest, registry: Database) -> AsyncIterator[ApprovalBackend]:
    deps = BackendDeps(registry, NoGroupScopes())
    if request.param == "builtin":
        async with open_backend("builtin", None, deps) as opened:
            yield opened
        return
    async with (
        running(cloud=request.param == "jira-cloud") as server,
        open_backend("jira", config_of(server, webhook_secret="geheim"), deps) as opened,
    ):
        yield opened


async def test_a_request_is_filed_and_commented_on(backend: ApprovalBackend, registry: Database) -> None:
    row = await pending_deployment(registry)
    filed = await backend.file_request(await approval_request_of(registry, row))
    await record_filed(registry, row, filed)
    assert filed.key
    assert filed.status
    request = await approval_request_of(registry, row)
    for _ in range(2):
        await backend.comment(request, "The deployment is DEPLOYED.")


async def test_a_failure_is_filed(backend: ApprovalBackend, registry: Database) -> None:
    row = await pending_deployment(registry)
    assert await transition(
        registry, row, DeploymentState.FAILED, AuditEntry(action="deployment.launch", actor="ann"), "No capacity."
    )
    request = await approval_request_of(registry, row, TicketKind.NOTIFICATION)
    assert (await backend.file_failure(request)).key


async def test_nothing_is_recovered_of_what_was_never_sent(backend: ApprovalBackend, registry: Database) -> None:
    row = await pending_deployment(registry)
    assert await backend.recover(await approval_request_of(registry, row)) is None


async def test_an_undecided_ticket_leaves_its_deployment_waiting(backend: ApprovalBackend, registry: Database) -> None:
    row = await pending_deployment(registry)
    await record_filed(registry, row, await backend.file_request(await approval_request_of(registry, row)))
    await backend.read_decisions(DeploymentDecider(deps_of_backend(registry, backend)))
    seen = await reload(registry, row)
    reason = None if backend.name == "builtin" else UNKNOWN_AUTHOR
    assert (seen.state, seen.reason, seen.decision) == (DeploymentState.AWAITING_APPROVAL, reason, None)


async def test_polling_goes_with_decisions_made_elsewhere(backend: ApprovalBackend) -> None:
    assert (backend.poll_seconds is None) == (backend.name == "builtin")


async def test_an_unsigned_webhook_is_never_accepted(backend: ApprovalBackend) -> None:
    expected = None if backend.name == "builtin" else False
    assert backend.accepts([("x-hub-signature", "sha256=")], b"{}") is expected
