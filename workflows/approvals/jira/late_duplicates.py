"""Close duplicate issues that Jira's search index shows late."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from registry import tickets
from registry.database import Database
from registry.tickets import TicketRow
from workflows.approvals.jira.errors import JiraError, JiraThrottledError
from workflows.approvals.jira.issue_filer import IssueFiler, ticket_label
from workflows.approvals.jira.issues import JiraIssue

_log = logging.getLogger("sagegraph.jira")

# Seconds between two searches, and the longest time for which the index may lack an issue that exists.
_SEARCH_INTERVAL: Final = 600.0
_MAX_INDEX_LAG: Final = timedelta(days=1)


class LateDuplicates:
    """Looks for issues that no ticket knows: filed by a first try that the index showed only after a second one was
    sent, or the ticket was given up.

    The poller itself looks, in every turn, at tickets that a deployment still waits for.

    Args:
        database: The registry, which remembers the tickets that were sent again or given up.
        filer: Finds the issues, and closes those that are one too many.
        clock: Seconds that only go forward.
    """

    def __init__(self, database: Database, filer: IssueFiler, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._filer = filer
        self._clock = clock
        self._searched_at = float("-inf")

    async def search(self) -> None:
        """Search every ten minutes, once for all tickets; Jira is not asked if there are none.

        The search for a ticket ends after a day, but not before Jira has answered one. Raises RegistryError.
        """
        if self._clock() - self._searched_at < _SEARCH_INTERVAL:
            return
        self._searched_at = self._clock()
        async with self._database.reading() as connection:
            rows = await tickets.possible_duplicates(connection)
        if not rows:
            return
        now = datetime.now(UTC)
        try:
            issues = await self._filer.find_issues(rows)
            for row in rows:
                await self._close_or_resend(row, issues.get(ticket_label(row), []))
                await self._forget_if_old(row, now)
        except JiraError as error:
            _log.warning("Jira cannot be searched for tickets filed twice: %s", error)

    async def _close_or_resend(self, row: TicketRow, issues: Sequence[JiraIssue]) -> None:
        """Close issues that are one too many; send a ticket again that was given up, so that its issue is adopted."""
        if row.key is None:
            if issues:
                async with self._database.writing() as connection:
                    await tickets.mark_sent(connection, row.number, None, datetime.now(UTC))
            return
        try:
            await self._filer.close_duplicates(row.key, issues)
        except JiraThrottledError:
            raise
        except JiraError as error:
            _log.warning("The duplicates of ticket %s cannot be closed: %s", row.key, error)

    async def _forget_if_old(self, row: TicketRow, now: datetime) -> None:
        if row.astray_at is not None and now - row.astray_at > _MAX_INDEX_LAG:
            async with self._database.writing() as connection:
                await tickets.clear_astray(connection, row)
