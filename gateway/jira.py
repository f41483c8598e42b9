"""Jira, where it approves: opened with the house, polled for decisions, and woken by webhooks."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from gateway.blocks.deployments import JiraSettings
from gateway.settings import Settings
from registry.database import Database
from workflows.deployments.means import DeploymentDeps
from workflows.deployments.ticketing import ApprovalBackend, BuiltinApprovals
from workflows.durable.engine import Engine
from workflows.groups import GroupScopeOpener
from workflows.jira.client import JiraClient
from workflows.jira.desk import JiraConfig
from workflows.jira.polling import DecisionPoller
from workflows.jira.ticketing import JiraApprovals
from workflows.jira.waking import Debouncer


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
