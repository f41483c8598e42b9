"""Reads the decisions on all open tickets: one search finds those that were moved, and each is then read itself."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from auth.errors import AuthError
from aws.errors import AWSError
from registry import deployments, tickets
from registry.courses import Course
from registry.database import Database
from registry.tickets import TicketRow
from registry.words import DecisionOutcome, DeploymentState
from workflows.deployments.deciding import decide
from workflows.deployments.explaining import explain
from workflows.deployments.means import Means
from workflows.durable.errors import StepFailedError
from workflows.jira.answers import Issue, Move, Person, remark_by
from workflows.jira.checks import status_faults
from workflows.jira.client import JiraClient
from workflows.jira.errors import JiraError, JiraGoneError, JiraThrottledError
from workflows.jira.filing import Filing
from workflows.jira.marks import mark_of
from workflows.jira.people import is_starter
from workflows.jira.strays import Strays
from workflows.jira.wording import not_by_starter

_log = logging.getLogger("sagegraph.jira")

# How often the project's statuses are held against the settings, in seconds.
_CHECK: Final = 600.0
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
class _Waiting:
    """A ticket, and the deployment that waits for it."""

    ticket: TicketRow
    course: Course

    @property
    def key(self) -> str:
        """The ticket's key in Jira."""
        return str(self.ticket.key)


class Poller:
    """Looks at every open ticket. Two looks at once, in two processes, do no harm: a decision is taken once.

    Args:
        means: What deployments are decided with.
        client: The Jira.
        clock: Seconds that only go forward.
    """

    def __init__(self, means: Means, client: JiraClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._means = means
        self._client = client
        self._filing = Filing(means.database, client)
        self._strays = Strays(means.database, self._filing, clock)
        self._one = asyncio.Lock()
        self._clock = clock
        self._checked_at = float("-inf")
        self._fault: str | None = None

    async def poll(self) -> None:
        """One look at all of them. What Jira does not let it see is said as the reason why a deployment waits.

        Now and then it also looks for tickets that the index has shown too late.
        """
        async with self._one:
            waiting = await _waiting(self._means.database)
            if waiting:
                await self._read(waiting)
            await self._strays.look()

    async def _read(self, waiting: Sequence[_Waiting]) -> None:
        try:
            await self._check()
            found = await self._filing.issues_of([each.ticket for each in waiting])
            await self._look_at(waiting, found)
        except JiraError as error:
            _log.warning("The decisions of %d tickets cannot be read: %s", len(waiting), error)
            for each in waiting:
                await self._explain(each, f"The decision cannot be read from Jira: {error}")

    async def _check(self) -> None:
        """Looks, every ten minutes, whether there is a way to decide at all: whether the project has the statuses."""
        if self._clock() - self._checked_at >= _CHECK:
            faults = await status_faults(self._client)
            self._fault = f"It cannot be decided as the settings say: {'; '.join(faults)}." if faults else None
            self._checked_at = self._clock()

    async def _look_at(self, waiting: Sequence[_Waiting], found: Mapping[str, list[Issue]]) -> None:
        for each in waiting:
            issues = found.get(mark_of(each.ticket), [])
            try:
                await self._filing.close_duplicates(each.key, issues)
                await self._look(each, next((issue for issue in issues if issue.key == each.key), None))
            except JiraThrottledError:
                raise
            except (JiraError, StepFailedError, AWSError, AuthError) as error:
                _log.warning("The decision on ticket %s cannot be taken: %s", each.key, error)
                await self._explain(each, f"The decision on its ticket {each.key} cannot be taken: {error}")

    async def _look(self, each: _Waiting, seen: Issue | None) -> None:
        """Decides by what Jira says of the issue itself; the index has only said where it is worth asking."""
        if seen is not None and self._client.desk.approves(seen.status) is None:
            await self._show(each, seen.status)
            await self._explain(each, self._fault)
            return
        try:
            issue, move = await self._client.read(each.key)
        except JiraGoneError:
            await self._explain(each, _GONE.format(each.key))
            return
        await self._show(each, issue.status)
        await self._judge(each, issue, move)

    async def _judge(self, each: _Waiting, issue: Issue, move: Move | None) -> None:
        desk = self._client.desk
        approves = desk.approves(issue.status)
        if issue.project.casefold() != desk.project.casefold():
            await self._explain(each, _MOVED.format(each.key, issue.project, desk.project))
        elif approves is None:
            await self._explain(each, self._fault)
        elif move is None or move.by is None or move.to != issue.status_id:
            await self._explain(each, _NOBODY.format(each.key, issue.status))
        elif await self._may(each, issue, move.by):
            outcome = DecisionOutcome.APPROVED if approves else DecisionOutcome.REJECTED
            comment = remark_by(move.by, await self._client.remarks(each.key), move)
            by, attempt = move.by.shown, each.course.attempt
            await decide(self._means, each.course.key, outcome, by, move.at, comment, attempt)

    async def _may(self, each: _Waiting, issue: Issue, by: Person) -> bool:
        """Whether this account may decide: neither the gateway's, nor the starter's, nor one that might be theirs."""
        if by.is_same(await self._client.account()):
            await self._explain(each, _ITSELF.format(each.key, issue.status))
            return False
        same = False if self._means.rules.self_approval else is_starter(by, each.course.started_by)
        if same is False:
            return True
        if same:
            await self._explain(each, _STARTER.format(each.key, issue.status, by.shown))
            await self._client.remark(each.key, [not_by_starter(by.shown)])
        else:
            await self._explain(each, _UNKNOWN.format(each.key, issue.status, by.shown, each.course.started_by))
        return False

    async def _show(self, each: _Waiting, status: str) -> None:
        if status != each.ticket.status:
            async with self._means.database.writing() as connection:
                await tickets.restate(connection, each.ticket.number, status)

    async def _explain(self, each: _Waiting, reason: str | None) -> None:
        await explain(self._means, [each.course], reason)


async def _waiting(database: Database) -> Sequence[_Waiting]:
    """The open tickets of deployments that wait for them in that very attempt."""
    async with database.reading() as connection:
        rows = await tickets.open_approvals(connection)
        courses = await deployments.courses(connection, [row.deployment_key for row in rows])
    both = [(row, courses.get(row.deployment_key)) for row in rows]
    return [
        _Waiting(row, course)
        for row, course in both
        if course is not None
        and course.state is DeploymentState.AWAITING_APPROVAL
        and course.attempt == row.attempt
        and row.key is not None
    ]
