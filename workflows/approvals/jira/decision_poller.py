"""Poll open tickets for decisions: one search finds moved issues, then each is read by key."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from auth.errors import AuthError
from aws.client.errors import AWSError
from registry import deployments, tickets
from registry.database import Database
from registry.deployment_rows import DeploymentRow
from registry.enums import DecisionOutcome, DeploymentState
from registry.tickets import TicketRow
from workflows.approvals.jira.account_matching import account_is_starter
from workflows.approvals.jira.checks import status_faults
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.errors import JiraError, JiraGoneError, JiraThrottledError
from workflows.approvals.jira.issue_filer import IssueFiler, ticket_label
from workflows.approvals.jira.issues import JiraAccount, JiraIssue, StatusChange, comment_with_change
from workflows.approvals.jira.late_duplicates import LateDuplicates
from workflows.approvals.jira.ticket_text import starter_may_not_decide
from workflows.deployments.decisions import decide
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.waiting_reasons import set_waiting_reason
from workflows.durable.errors import StepFailedError

_log = logging.getLogger("sagegraph.jira")

# How often the project's statuses are held against the settings, in seconds.
_CHECK_INTERVAL: Final = 600.0
_MOVED: Final = "Its ticket {0} is in the project {1} now, where a status decides nothing; move it back to {2}."
_GONE: Final = "Its ticket {0} is gone from Jira, or hidden from the gateway; restore it, or cancel the deployment."
_NOBODY: Final = "Its ticket {0} is {1}, but Jira does not say who moved it; move it back, and there again."
_STARTER: Final = "Its ticket {0} is {1}, moved by {2}, who started the deployment; somebody else has to decide."
_ITSELF: Final = "Its ticket {0} is {1}, moved by the gateway itself; a person has to decide."
_UNKNOWN: Final = (
    "Its ticket {0} is {1}, moved by {2}; Jira does not show the gateway enough of that account to tell it from {3}, "
    "who started the deployment. Let it show its e-mail address, or let an account that does decide."
)


@dataclass(frozen=True, slots=True)
class _PendingDecision:
    """A ticket, and the deployment that waits for it."""

    ticket: TicketRow
    course: DeploymentRow

    @property
    def key(self) -> str:
        """The ticket's key in Jira."""
        return str(self.ticket.key)


class DecisionPoller:
    """Looks at every open ticket. Two looks at once, in two processes, do no harm: a decision is taken once.

    Args:
        deps: What deployments are decided with.
        client: The Jira.
        clock: Seconds that only go forward.
    """

    def __init__(self, deps: DeploymentDeps, client: JiraClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._deps = deps
        self._client = client
        self._filer = IssueFiler(deps.database, client)
        self._late_duplicates = LateDuplicates(deps.database, self._filer, clock)
        self._lock = asyncio.Lock()
        self._clock = clock
        self._checked_at = float("-inf")
        self._fault: str | None = None

    async def poll(self) -> None:
        """One look at all of them. What Jira does not let it see is said as the reason why a deployment waits.

        Now and then it also looks for tickets that the index has shown too late.
        """
        async with self._lock:
            waiting = await _pending_decisions(self._deps.database)
            if waiting:
                await self._read_decisions(waiting)
            await self._late_duplicates.search()

    async def _read_decisions(self, waiting: Sequence[_PendingDecision]) -> None:
        try:
            await self._check_project()
            found = await self._filer.find_issues([each.ticket for each in waiting])
            await self._inspect_all(waiting, found)
        except JiraError as error:
            _log.warning("The decisions of %d tickets cannot be read: %s", len(waiting), error)
            for each in waiting:
                await self._set_reason(each, f"The decision cannot be read from Jira: {error}")

    async def _check_project(self) -> None:
        """Looks, every ten minutes, whether there is a way to decide at all: whether the project has the statuses."""
        if self._clock() - self._checked_at >= _CHECK_INTERVAL:
            faults = await status_faults(self._client)
            self._fault = f"It cannot be decided as the settings say: {'; '.join(faults)}." if faults else None
            self._checked_at = self._clock()

    async def _inspect_all(
        self, waiting: Sequence[_PendingDecision], issues_by_label: Mapping[str, list[JiraIssue]]
    ) -> None:
        for each in waiting:
            issues = issues_by_label.get(ticket_label(each.ticket), [])
            try:
                await self._filer.close_duplicates(each.key, issues)
                await self._inspect(each, next((issue for issue in issues if issue.key == each.key), None))
            except JiraThrottledError:
                raise
            except (JiraError, StepFailedError, AWSError, AuthError) as error:
                _log.warning("The decision on ticket %s cannot be taken: %s", each.key, error)
                await self._set_reason(each, f"The decision on its ticket {each.key} cannot be taken: {error}")

    async def _inspect(self, pending: _PendingDecision, indexed: JiraIssue | None) -> None:
        """Decides by what Jira says of the issue itself; the index has only said where it is worth asking."""
        if indexed is not None and self._client.config.decision_of(indexed.status) is None:
            await self._update_status(pending, indexed.status)
            await self._set_reason(pending, self._fault)
            return
        try:
            issue, move = await self._client.read_issue(pending.key)
        except JiraGoneError:
            await self._set_reason(pending, _GONE.format(pending.key))
            return
        await self._update_status(pending, issue.status)
        await self._apply_status(pending, issue, move)

    async def _apply_status(self, pending: _PendingDecision, issue: JiraIssue, change: StatusChange | None) -> None:
        desk = self._client.config
        approves = desk.decision_of(issue.status)
        if issue.project.casefold() != desk.project.casefold():
            await self._set_reason(pending, _MOVED.format(pending.key, issue.project, desk.project))
        elif approves is None:
            await self._set_reason(pending, self._fault)
        elif change is None or change.by is None or change.to_status_id != issue.status_id:
            await self._set_reason(pending, _NOBODY.format(pending.key, issue.status))
        elif await self._may_decide(pending, issue, change.by):
            outcome = DecisionOutcome.APPROVED if approves else DecisionOutcome.REJECTED
            comment = comment_with_change(change.by, await self._client.comments(pending.key), change)
            by, attempt = change.by.best_name, pending.course.attempt
            await decide(self._deps, pending.course.key, outcome, by, change.at, comment, attempt)

    async def _may_decide(self, pending: _PendingDecision, issue: JiraIssue, by: JiraAccount) -> bool:
        """Whether this account may decide: neither the gateway's, nor the starter's, nor one that might be theirs."""
        if by.is_same(await self._client.account()):
            await self._set_reason(pending, _ITSELF.format(pending.key, issue.status))
            return False
        same = False if self._deps.config.self_approval else account_is_starter(by, pending.course.started_by)
        if same is False:
            return True
        if same:
            await self._set_reason(pending, _STARTER.format(pending.key, issue.status, by.best_name))
            await self._client.add_comment_once(pending.key, [starter_may_not_decide(by.best_name)])
        else:
            await self._set_reason(
                pending, _UNKNOWN.format(pending.key, issue.status, by.best_name, pending.course.started_by)
            )
        return False

    async def _update_status(self, pending: _PendingDecision, status: str) -> None:
        if status != pending.ticket.status:
            async with self._deps.database.writing() as connection:
                await tickets.set_status(connection, pending.ticket.number, status)

    async def _set_reason(self, pending: _PendingDecision, reason: str | None) -> None:
        await set_waiting_reason(self._deps, [pending.course], reason)


async def _pending_decisions(database: Database) -> Sequence[_PendingDecision]:
    """The open tickets of deployments that wait for them in that very attempt."""
    async with database.reading() as connection:
        rows = await tickets.open_approvals(connection)
        courses = await deployments.by_keys(connection, [row.deployment_key for row in rows])
    both = [(row, courses.get(row.deployment_key)) for row in rows]
    return [
        _PendingDecision(row, course)
        for row, course in both
        if course is not None
        and course.state is DeploymentState.AWAITING_APPROVAL
        and course.attempt == row.attempt
        and row.key is not None
    ]
