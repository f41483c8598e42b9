"""What a deployment calls for as it stands: its next work, the filing of its tickets, a word on what has come of it."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from registry import deployments, tickets
from registry.courses import ENDED
from registry.tickets import TicketRow
from registry.words import DeploymentState, TicketKind
from workflows.deployments.means import Means
from workflows.deployments.works import WORKING
from workflows.durable.errors import DurableError

# A ticket is tried so often with every sweep; one that still cannot be filed, because Jira is away for days, is tried
# this often from then on: each try is a work that is kept.
_QUICK_TRIES: Final = 10
_REST: Final = timedelta(minutes=5)

# What is said beneath the ticket on which such a deployment was decided.
_TOLD: Final = ENDED | {DeploymentState.BLOCKED}

_log = logging.getLogger("sagegraph.deployments")


async def go_on(means: Means, key: str) -> None:
    """Starts all of it; what was started before is not started again.

    Raises:
        RegistryError: The registry does not answer.
        DurableError: Nothing can be started here now; a later sweep does it.
    """
    async with means.database.reading() as connection:
        course = await deployments.course(connection, key)
        found = () if course is None else await tickets.of_attempt(connection, key, course.attempt)
    if course is None:
        return
    await means.works.go_on(course)
    for ticket in found:
        if ticket.is_unfiled:
            await means.works.file(ticket)
    if course.state in _TOLD and any(each.kind is TicketKind.APPROVAL and each.key for each in found):
        await means.works.tell(course)


async def nudge(means: Means, key: str) -> None:
    """The same, for whoever has changed a deployment: where it cannot be started here now, a later sweep does it."""
    try:
        await go_on(means, key)
    except DurableError as error:
        _log.warning("The deployment %s goes on with the next sweep: %s", key, error)


async def sweep(means: Means) -> None:
    """Starts what every deployment calls for that does not wait for anybody, and files the tickets that are not yet."""
    async with means.database.reading() as connection:
        working = await deployments.in_states(connection, *WORKING)
        intended = await tickets.intended(connection)
    for course in working:
        await means.works.go_on(course)
    for ticket in intended:
        if _is_due(ticket, datetime.now(UTC)):
            await means.works.file(ticket)


def _is_due(ticket: TicketRow, now: datetime) -> bool:
    return now >= ticket.intended_at + _REST * max(0, ticket.tries - _QUICK_TRIES)
