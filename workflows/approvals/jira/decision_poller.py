"""Poll open tickets for decisions: one search finds moved issues, then each is read by key."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from auth.errors import AuthError
from aws.client.errors import AWSError
from registry.database import Database
from registry.enums import DecisionOutcome
from workflows.approvals.backend import Decider, PendingDecision
from workflows.approvals.jira.account_matching import account_matches
from workflows.approvals.jira.checks import status_faults
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.config import decision_of
from workflows.approvals.jira.errors import JiraError, JiraGoneError, JiraThrottledError
from workflows.approvals.jira.issue_filer import IssueFiler, ticket_label
from workflows.approvals.jira.issues import JiraAccount, JiraIssue, StatusChange, comment_with_change
from workflows.approvals.jira.late_duplicates import LateDuplicates
from workflows.approvals.jira.ticket_text import originator_may_not_decide
from workflows.durable.errors import StepFailedError

_log = logging.getLogger("sagegraph.jira")

# How often the project's statuses are held against the settings, in seconds.
_CHECK_INTERVAL: Final = 600.0
_MOVED: Final = "Its ticket {0} is in the project {1} now, where a status decides nothing; move it back to {2}."
_GONE: Final = "Its ticket {0} is gone from Jira, or hidden from the gateway; restore it, or cancel the deployment."
_NOBODY: Final = "Its ticket {0} is {1}, but Jira does not say who moved it; move it back, and there again."
_ORIGINATOR: Final = "Its ticket {0} is {1}, moved by {2}, who caused the deployment; somebody else must decide."
_ITSELF: Final = "Its ticket {0} is {1}, moved by the gateway itself; a person must decide."
_UNKNOWN: Final = (
    "Its ticket {0} is {1}, moved by {2}; Jira does not show the gateway enough of that account to tell it from {3}, "
    "who caused the deployment. Let it show its e-mail address, or let an account that does decide."
)


class DecisionPoller:
    """Looks at every open ticket. Two looks at once, in two processes, do no harm: a decision is taken once.

    Args:
        database: The registry.
        client: The Jira.
        clock: Seconds that only go forward.
    """

    def __init__(self, database: Database, client: JiraClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._filer = IssueFiler(database, client)
        self._late_duplicates = LateDuplicates(database, self._filer, clock)
        self._lock = asyncio.Lock()
        self._clock = clock
        self._checked_at = float("-inf")
        self._fault: str | None = None

    async def poll(self, decider: Decider) -> None:
        """Look once at all pending tickets of the decider, and now and then for tickets that the index has shown too
        late.

        If Jira hides something from the gateway, that becomes the reason why a deployment waits.
        """
        async with self._lock:
            waiting = await decider.pending()
            if waiting:
                await self._read_decisions(decider, waiting)
            await self._late_duplicates.search()

    async def _read_decisions(self, decider: Decider, waiting: Sequence[PendingDecision]) -> None:
        try:
            await self._check_project()
            issues_by_label = await self._filer.find_issues([pending.ticket for pending in waiting])
            await self._inspect_all(decider, waiting, issues_by_label)
        except JiraError as error:
            _log.warning("The decisions of %d tickets cannot be read: %s", len(waiting), error)
            for pending in waiting:
                await decider.waits_because(pending, f"The decision cannot be read from Jira: {error}")

    async def _check_project(self) -> None:
        """Check every ten minutes whether a decision is possible at all: whether the project has the statuses."""
        if self._clock() - self._checked_at >= _CHECK_INTERVAL:
            faults = await status_faults(self._client)
            self._fault = f"Jira cannot decide by these settings: {'; '.join(faults)}." if faults else None
            self._checked_at = self._clock()

    async def _inspect_all(
        self,
        decider: Decider,
        waiting: Sequence[PendingDecision],
        issues_by_label: Mapping[str, list[JiraIssue]],
    ) -> None:
        for pending in waiting:
            issues = issues_by_label.get(ticket_label(pending.ticket), [])
            try:
                await self._filer.close_duplicates(pending.key, issues)
                await self._inspect(
                    decider, pending, next((issue for issue in issues if issue.key == pending.key), None)
                )
            except JiraThrottledError:
                raise
            except (JiraError, StepFailedError, AWSError, AuthError) as error:
                _log.warning("The decision of ticket %s cannot be applied: %s", pending.key, error)
                reason = f"The decision on the ticket {pending.key} cannot be applied: {error}"
                await decider.waits_because(pending, reason)

    async def _inspect(self, decider: Decider, pending: PendingDecision, indexed: JiraIssue | None) -> None:
        """Decide by the issue itself; the search index only tells which issues are worth reading."""
        if indexed is not None and decision_of(self._client.config, indexed.status) is None:
            await decider.status_is(pending, indexed.status)
            await decider.waits_because(pending, self._fault)
            return
        try:
            issue, change = await self._client.read_issue(pending.key)
        except JiraGoneError:
            await decider.waits_because(pending, _GONE.format(pending.key))
            return
        await decider.status_is(pending, issue.status)
        await self._apply_status(decider, pending, issue, change)

    async def _apply_status(
        self, decider: Decider, pending: PendingDecision, issue: JiraIssue, change: StatusChange | None
    ) -> None:
        config = self._client.config
        approves = decision_of(config, issue.status)
        if issue.project.casefold() != config.project.casefold():
            await decider.waits_because(pending, _MOVED.format(pending.key, issue.project, config.project))
        elif approves is None:
            await decider.waits_because(pending, self._fault)
        elif change is None or change.by is None or change.to_status_id != issue.status_id:
            await decider.waits_because(pending, _NOBODY.format(pending.key, issue.status))
        elif await self._may_decide(decider, pending, issue, change.by):
            outcome = DecisionOutcome.APPROVED if approves else DecisionOutcome.REJECTED
            comment = comment_with_change(change.by, await self._client.comments(pending.key), change)
            await decider.decide(pending, outcome, change.by.best_name, change.at, comment)

    async def _may_decide(self, decider: Decider, pending: PendingDecision, issue: JiraIssue, by: JiraAccount) -> bool:
        """Tell whether the account may decide: neither the gateway's nor one that is or might be an originator's."""
        if by.is_same(await self._client.account()):
            await decider.waits_because(pending, _ITSELF.format(pending.key, issue.status))
            return False
        matches = {name: account_matches(by, name) for name in await decider.originators(pending)}
        suspects = [name for name, same in matches.items() if same is not False]
        if not suspects:
            return True
        same = any(matches.values())
        text = _ORIGINATOR if same else _UNKNOWN
        reason = text.format(pending.key, issue.status, by.best_name, " or ".join(suspects))
        await decider.waits_because(pending, reason)
        if same:
            await self._client.add_comment_once(pending.key, [originator_may_not_decide(by.best_name)])
        return False
