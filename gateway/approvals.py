"""Set up the approval backend that the settings name: built in, or Jira with its poller and webhook."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from gateway.settings.deployments import JiraSettings
from gateway.settings.settings import Settings
from registry.database import Database
from workflows.approvals.backend import ApprovalBackend
from workflows.approvals.builtin import BuiltinApprovals
from workflows.approvals.debounce import Debouncer
from workflows.approvals.jira.backend import JiraApprovals
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.config import JiraConfig
from workflows.approvals.jira.decision_poller import DecisionPoller
from workflows.deployments.deps import DeploymentDeps
from workflows.durable.engine import Engine
from workflows.group_access import GroupScopeOpener


def jira_config(jira: JiraSettings) -> JiraConfig:
    """The settings' block as the workflows take it."""
    return JiraConfig(
        url=jira.url,
        user=jira.user,
        token=jira.token.get_secret_value(),
        project=jira.project,
        issue_type=jira.issue_type,
        approved=jira.approved,
        rejected=jira.rejected,
    )


class ApprovalSetup:
    """Where tickets are kept, as the settings say: in Jira, or by the gateway itself.

    Args:
        settings: The settings.
        database: The registry.
        groups: Opens the groups' scopes.
    """

    def __init__(self, settings: Settings, database: Database, groups: GroupScopeOpener) -> None:
        jira = settings.jira if settings.deployments.approval == "jira" else None
        self._client = None if jira is None else JiraClient(jira_config(jira))
        self._poll_seconds = 0.0 if jira is None else jira.poll_seconds
        self.backend: ApprovalBackend = BuiltinApprovals()
        if self._client is not None and jira is not None:
            self.backend = JiraApprovals(database, groups, self._client, jira.gateway_url)

    async def open(self, stack: AsyncExitStack) -> None:
        """Makes what has to be closed; nothing is asked of Jira yet."""
        if self._client is not None:
            await stack.enter_async_context(self._client)

    async def start_polling(
        self, engine: Engine, means: DeploymentDeps, stack: AsyncExitStack
    ) -> Callable[[], None] | None:
        """Begins to look for decisions; gives what wakes that look before its time, None where Jira is not asked."""
        if self._client is None:
            return None
        poller = DecisionPoller(means, self._client)
        engine.every("jira", self._poll_seconds, poller.poll)
        waking = await stack.enter_async_context(Debouncer(poller.poll))
        return waking.trigger
