"""Looks once more for tickets that the index had not when they were looked for: it may have them hours later."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from registry import tickets
from registry.database import Database
from registry.tickets import TicketRow
from workflows.jira.answers import Issue
from workflows.jira.errors import JiraError, JiraThrottledError
from workflows.jira.filing import Filing
from workflows.jira.marks import mark_of

_log = logging.getLogger("sagegraph.jira")

# How often they are looked for, in seconds, and for how long an index may lack what was written before.
_PAUSE: Final = 600.0
_LONGEST_LAG: Final = timedelta(days=1)


class Strays:
    """Looks for issues that nobody knows of: of tickets that were sent again, or given up, before the first one showed.

    Tickets that a deployment still waits for are looked at in every turn of the poller's, and not here.

    Args:
        database: The registry, which remembers what was sent again, and what was given up.
        filing: Finds the issues, and closes those that are one too many.
        clock: Seconds that only go forward.
    """

    def __init__(self, database: Database, filing: Filing, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._filing = filing
        self._clock = clock
        self._looked_at = float("-inf")

    async def look(self) -> None:
        """Looks, every ten minutes, with one search for all of them; Jira is not asked where there are none.

        It ends a day after they went astray, but not before Jira has let it look. Raises RegistryError.
        """
        if self._clock() - self._looked_at < _PAUSE:
            return
        self._looked_at = self._clock()
        async with self._database.reading() as connection:
            rows = await tickets.astray(connection)
        if not rows:
            return
        now = datetime.now(UTC)
        try:
            found = await self._filing.issues_of(rows)
            for row in rows:
                await self._take(row, found.get(mark_of(row), []))
                await self._settle(row, now)
        except JiraError as error:
            _log.warning("Tickets that may have been filed twice cannot be looked for: %s", error)

    async def _take(self, row: TicketRow, issues: Sequence[Issue]) -> None:
        """Closes what is one too many; what was given up is sent for again, so that the next sweep finds it."""
        if row.key is None:
            if issues:
                async with self._database.writing() as connection:
                    await tickets.send(connection, row.number, None, datetime.now(UTC))
            return
        try:
            await self._filing.close_duplicates(row.key, issues)
        except JiraThrottledError:
            raise
        except JiraError as error:
            _log.warning("What was filed besides ticket %s cannot be closed: %s", row.key, error)

    async def _settle(self, row: TicketRow, now: datetime) -> None:
        if row.astray_at is not None and now - row.astray_at > _LONGEST_LAG:
            async with self._database.writing() as connection:
                await tickets.settle(connection, row)
