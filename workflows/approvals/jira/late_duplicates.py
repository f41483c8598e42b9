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

# How often they are looked for, in seconds, and for how long an index may lack what was written before.
_SEARCH_INTERVAL: Final = 600.0
_MAX_INDEX_LAG: Final = timedelta(days=1)


class LateDuplicates:
    """Looks for issues that nobody knows of: of tickets that were sent again, or given up, before the first one showed.

    Tickets that a deployment still waits for are looked at in every turn of the poller's, and not here.

    Args:
        database: The registry, which remembers what was sent again, and what was given up.
        filer: Finds the issues, and closes those that are one too many.
        clock: Seconds that only go forward.
    """

    def __init__(self, database: Database, filer: IssueFiler, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._filer = filer
        self._clock = clock
        self._searched_at = float("-inf")

    async def search(self) -> None:
        """Looks, every ten minutes, with one search for all of them; Jira is not asked where there are none.

        It ends a day after they went astray, but not before Jira has let it look. Raises RegistryError.
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
        """Closes what is one too many; what was given up is sent for again, so that the next sweep finds it."""
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
