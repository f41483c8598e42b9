"""workflows.approvals.service: the backend that the settings name, its loop and its trigger."""

from contextlib import AsyncExitStack
from typing import Any

import pytest

from gateway.settings.settings import Settings
from registry.database import Database
from tests.gateway_client import load_test_settings
from tests.workflows.approvals.jira.pending_deployments import NoGroupScopes
from workflows.approvals.backend import ApprovalBackend, ApprovalKind, BackendDeps, Decider, PendingDecision
from workflows.approvals.builtin import BuiltinApprovals
from workflows.approvals.jira.backend import JiraApprovals
from workflows.approvals.service import BACKENDS, Approvals, open_backend

BLOCK = {"url": "https://jira.example.com", "user": "sagegraph", "token": "geheim", "project": "MLOPS"}
JIRA: dict[str, Any] = {"deployments": {"approval": "jira"}, "jira": BLOCK}


class Loops:
    """An engine that notes its loops."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, float]] = []

    def every_share(self, name: str, seconds: float, _function: object) -> None:
        self.begun.append((name, seconds))


class NothingPending:
    """A decider that counts how often it is asked for pending decisions."""

    self_approval = False

    def __init__(self) -> None:
        self.asked = 0

    async def pending(self) -> list[PendingDecision]:
        self.asked += 1
        return []


def settings_with(**blocks: Any) -> Settings:
    return load_test_settings("http://127.0.0.1:9", **blocks)


def opened(settings: Settings, database: Database) -> ApprovalBackend:
    deps = BackendDeps(database, NoGroupScopes())
    return open_backend(settings.deployments.approval.value, settings.approval_config, deps)


async def serve(backend: ApprovalBackend, stack: AsyncExitStack) -> tuple[Approvals, Loops]:
    decider: Decider = NothingPending()  # type: ignore[assignment]  # Nothing is decided here.
    approvals, loops = Approvals(await stack.enter_async_context(backend), decider), Loops()
    await approvals.serve(loops, stack)  # type: ignore[arg-type]  # It begins loops alone.
    return approvals, loops


def test_the_configuration_of_the_backend_in_use() -> None:
    settings = settings_with(**JIRA)
    assert settings.approval_config is settings.jira
    assert settings_with(jira=BLOCK).approval_config is None
    assert "geheim" not in repr(settings.approval_config)


@pytest.mark.parametrize("blocks", [{}, {"jira": BLOCK}])
async def test_the_gateway_keeps_tickets_itself(sqlite_url: str, blocks: dict[str, Any]) -> None:
    async with Database(sqlite_url) as database, AsyncExitStack() as stack:
        backend = opened(settings_with(**blocks), database)
        assert isinstance(backend, BuiltinApprovals)
        approvals, loops = await serve(backend, stack)
        approvals.trigger()
    assert loops.begun == []


async def test_jira_keeps_them(sqlite_url: str) -> None:
    """Nothing is asked of it yet: there is none at that address."""
    async with Database(sqlite_url) as database, AsyncExitStack() as stack:
        backend = opened(settings_with(**JIRA), database)
        assert isinstance(backend, JiraApprovals)
        approvals, loops = await serve(backend, stack)
        approvals.trigger()
    assert loops.begun == [("jira", 30)]


def test_every_approval_of_the_settings_has_a_backend() -> None:
    assert list(BACKENDS) == [kind.value for kind in ApprovalKind] == ["builtin", "jira"]
    for name, backend_type in BACKENDS.items():
        settings = settings_with(deployments={"approval": name}, jira=BLOCK)
        deps = BackendDeps(None, NoGroupScopes())  # type: ignore[arg-type]  # Nothing is asked of the registry.
        assert backend_type.open(settings.approval_config, deps).name == name
