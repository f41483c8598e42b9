"""A lifecycle without a process around it: its means on a gateway's reach, and works that are noted and not done."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from gateway.bootstrap import _scope_deps
from gateway.group_scopes import GroupScopes
from registry.database import Database
from sandbox.server import Sandbox
from tests.deployments import DEPLOYMENT_PERMISSIONS, DEPLOYMENT_SETTINGS
from tests.gateway_client import load_test_settings
from workflows.approvals.backend import ApprovalBackend
from workflows.approvals.builtin import BuiltinApprovals
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.scheduler import WorkScheduler


class NotedWork:
    """An engine that notes what is started."""

    def __init__(self) -> None:
        self.started: list[tuple[str, Sequence[Any]]] = []

    async def start(self, name: str, work_id: str, *arguments: Any) -> None:
        """Notes it."""
        self.started.append((work_id, arguments))


@asynccontextmanager
async def deps_on(
    sandbox: Sandbox, database: Database, backend: ApprovalBackend | None = None, **blocks: Any
) -> AsyncIterator[tuple[DeploymentDeps, NotedWork]]:
    """Means on the sandbox, and what they would have started."""
    made = load_test_settings(
        sandbox.url, **{"permissions": DEPLOYMENT_PERMISSIONS, "deployments": DEPLOYMENT_SETTINGS, **blocks}
    )
    async with AsyncExitStack() as stack:
        scope_deps = await _scope_deps(made, stack)
        scheduler, noted = WorkScheduler(), NotedWork()
        scheduler.serve(noted)
        rules = made.deployments
        yield (
            DeploymentDeps(
                database, scope_deps.policy, GroupScopes(scope_deps), rules, scheduler, backend or BuiltinApprovals()
            ),
            noted,
        )
