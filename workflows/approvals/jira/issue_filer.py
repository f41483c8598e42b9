"""File each ticket once: record the intent, search by label for an issue already filed, then create one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from registry import tickets
from registry.database import Database
from registry.tickets import FiledTicket, TicketRow
from workflows.approvals.backend import STATUS_OPEN
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.errors import JiraError, JiraUnavailableError, JiraUnreachedError
from workflows.approvals.jira.issues import JiraIssue
from workflows.approvals.jira.markup import TextLines
from workflows.approvals.jira.ticket_text import duplicate_text

GATEWAY_LABEL: Final = "sagegraph"
"""The label of every ticket that the gateway files."""


def deployment_label(deployment_key: str) -> str:
    """The label of all tickets of a deployment."""
    return f"{GATEWAY_LABEL}-{deployment_key}"


def ticket_label(ticket: TicketRow) -> str:
    """The label of one ticket: deployment, attempt and kind. Two issues with it are one ticket, filed twice."""
    return f"{deployment_label(ticket.deployment_key)}-{ticket.attempt}-{ticket.kind.value.lower()}"


def all_labels(ticket: TicketRow) -> tuple[str, ...]:
    """All labels of a ticket."""
    return GATEWAY_LABEL, deployment_label(ticket.deployment_key), ticket_label(ticket)


class IssueFiler:
    """Files tickets as issues, each once.

    Args:
        database: The registry, which remembers the tickets that were sent.
        client: The Jira.
    """

    def __init__(self, database: Database, client: JiraClient) -> None:
        self._database = database
        self._client = client

    async def file(self, number: int, summary: str, text: TextLines) -> FiledTicket:
        """The issue of the ticket with this number: the one that is there, else a new one.

        Args:
            number: The ticket's number in the registry.
            summary: The title of a new issue.
            text: The description of a new issue.

        Raises:
            JiraUnavailableError: Besides the usual: another process files it, or it may have been filed and the index
                may not have it yet. A later try finds it, or files it again once the index must have had it.
            JiraError: Jira does not take it; nothing was filed.
        """
        async with self._database.reading() as connection:
            ticket = await tickets.by_number(connection, number)
        if ticket is None or ticket.key is not None:
            raise JiraUnavailableError("The ticket is filed, or no longer wanted.")
        if ticket.sent_at is not None:
            issues = await self._existing_issues(ticket)
            if issues:
                return await self._adopt_oldest(issues)
            self._wait_for_index(ticket.sent_at)
        return await self._create(ticket, summary, text)

    async def recover(self, ticket: TicketRow) -> FiledTicket | None:
        """The issue of a ticket that was sent and is not wanted any more; None if there is none.

        Raises:
            JiraUnavailableError: Besides the usual: the index may not have it yet.
            JiraError: Jira does not let it be looked for.
        """
        issues = await self._existing_issues(ticket)
        if issues:
            return await self._adopt_oldest(issues)
        if ticket.sent_at is not None:
            self._wait_for_index(ticket.sent_at)
        return None

    async def find_issues(self, rows: Sequence[TicketRow]) -> Mapping[str, list[JiraIssue]]:
        """The issues of the tickets in these rows, by `ticket_label`, as the index has them. Raises JiraError."""
        marks = [ticket_label(row) for row in rows]
        by_mark: dict[str, list[JiraIssue]] = defaultdict(list)
        for issue in await self._client.find_by_labels(marks):
            for mark in issue.labels.intersection(marks):
                by_mark[mark].append(issue)
        return by_mark

    async def close_duplicates(self, key: str, issues: Sequence[JiraIssue]) -> None:
        """Close the open ones of the issues that do not have this key, with a comment on why. Raises JiraError."""
        jira_issues = [issue for issue in issues if issue.key != key and not issue.closed]
        if not jira_issues:
            return
        # A ticket that somebody has moved to another project and back may have another key by now.
        itself, _ = await self._client.read_issue(key)
        for issue in jira_issues:
            if issue.key != itself.key:
                await self._client.add_comment_once(issue.key, [duplicate_text(key)])
                await self._client.close_issue(issue.key)

    async def _existing_issues(self, ticket: TicketRow) -> Sequence[JiraIssue]:
        return await self._client.find_by_labels([ticket_label(ticket)])

    async def _adopt_oldest(self, issues: Sequence[JiraIssue]) -> FiledTicket:
        """The oldest of those that were filed; the others are closed, as are those that show later."""
        oldest = min(issues, key=lambda issue: issue.created)
        await self.close_duplicates(oldest.key, issues)
        return FiledTicket(oldest.key, await self._client.browse_url(oldest.key), oldest.status)

    def _wait_for_index(self, sent_at: datetime) -> None:
        left = sent_at + timedelta(seconds=self._client.timeouts.search_lag) - datetime.now(UTC)
        if left > timedelta(0):
            raise JiraUnavailableError(
                "Jira may have filed the ticket although its answer was lost. The gateway searches for it "
                f"for another {left.total_seconds():.0f} seconds, and then files it again."
            )

    async def _create(self, ticket: TicketRow, summary: str, text: TextLines) -> FiledTicket:
        """File a new issue. If Jira certainly did not, no trace is left, so that the next try need not wait."""
        now = datetime.now(UTC)
        if not await self._record_sent(ticket.number, ticket.sent_at, now):
            raise JiraUnavailableError("Another process is filing the ticket.")
        try:
            key = await self._client.create_issue(summary, text, all_labels(ticket))
        except JiraError as error:
            if not isinstance(error, JiraUnavailableError) or isinstance(error, JiraUnreachedError):
                await self._record_sent(ticket.number, now, ticket.sent_at)
            raise
        return FiledTicket(key, await self._client.browse_url(key), await self._first_status(key))

    async def _first_status(self, key: str) -> str:
        """The status that the project's workflow gives to a new issue; the next poll reads it if Jira does not now."""
        try:
            issue, _ = await self._client.read_issue(key)
        except JiraError:
            return STATUS_OPEN
        return issue.status

    async def _record_sent(self, number: int, seen: datetime | None, at: datetime | None) -> bool:
        async with self._database.writing() as connection:
            return await tickets.mark_sent(connection, number, seen, at)
