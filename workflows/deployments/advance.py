"""Start the next work of a deployment: its phase, its tickets, the announcement of its outcome."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from registry import approval_write_backs, deployments, tickets
from registry.deployment_rows import ENDED_STATES
from registry.enums import DeploymentState, TicketKind
from registry.tickets import TicketRow
from workflows.deployments.deps import DeploymentDeps
from workflows.deployments.scheduler import WORKING_STATES
from workflows.durable.access import EVERYTHING, LoopShare, approvals_subject, group_subject
from workflows.durable.errors import DurableError

# A ticket is tried with every sweep so many times. One that still cannot be filed, because Jira is away for days, is
# tried after such intervals from then on: each try is a work that is kept.
_TRIES_WITHOUT_PAUSE: Final = 10
_RETRY_INTERVAL: Final = timedelta(minutes=5)

# The states that are announced in the ticket on which a deployment was decided.
_ANNOUNCED_STATES: Final = ENDED_STATES | {DeploymentState.BLOCKED}

_log = logging.getLogger("sagegraph.deployments")


async def schedule_next(deps: DeploymentDeps, key: str) -> None:
    """Start the next work of the deployment with this key; work that was started before is not started again.

    Raises:
        RegistryError: The registry does not answer.
        DurableError: Nothing can be started here now; a later sweep does it.
    """
    async with deps.database.reading() as connection:
        row = await deployments.by_key(connection, key)
        rows = () if row is None else await tickets.of_attempt(connection, key, row.attempt)
        write_backs = await approval_write_backs.pending(connection, key)
    if row is None:
        return
    await deps.scheduler.schedule(row)
    for write_back in write_backs:
        await deps.scheduler.schedule_write_back(write_back)
    for ticket in rows:
        if ticket.is_unfiled:
            await deps.scheduler.schedule_ticket(ticket)
    if row.state in _ANNOUNCED_STATES and any(
        ticket_row.kind is TicketKind.APPROVAL and ticket_row.key for ticket_row in rows
    ):
        await deps.scheduler.schedule_announcement(row)


async def schedule_next_or_log(deps: DeploymentDeps, key: str) -> None:
    """Start the next work of the deployment with this key; if it cannot start here, leave it to a later sweep.

    The reason is logged. Raises RegistryError.
    """
    try:
        await schedule_next(deps, key)
    except DurableError as error:
        _log.warning("The deployment %s continues with the next sweep: %s", key, error)


async def schedule_all(deps: DeploymentDeps, share: LoopShare = EVERYTHING) -> None:
    """Start the work that is due of every deployment of the share, and file unfiled tickets. Raises RegistryError."""
    async with deps.database.reading() as connection:
        working = await deployments.in_states(connection, *WORKING_STATES)
        intended = await tickets.unfiled_tickets(connection)
        write_backs = await approval_write_backs.pending(connection)
    for write_back in write_backs:
        row = write_back.deployment
        if share.takes(group_subject(row.group, row.account_id, row.region)):
            await deps.scheduler.schedule_write_back(write_back)
    for row in working:
        if share.takes(group_subject(row.group, row.account_id, row.region)):
            await deps.scheduler.schedule(row)
    if not share.takes(approvals_subject(deps.approvals.name)):
        return
    for ticket in intended:
        if _is_due(ticket, datetime.now(UTC)):
            await deps.scheduler.schedule_ticket(ticket)


def _is_due(ticket: TicketRow, now: datetime) -> bool:
    return now >= ticket.intended_at + _RETRY_INTERVAL * max(0, ticket.tries - _TRIES_WITHOUT_PAUSE)
