"""File the tickets of deployments with the approval backend, and comment outcomes on them."""

import logging
from datetime import UTC, datetime

from registry import deployment_lists, deployment_steps, deployments, tickets
from registry.enums import DeploymentStepName, StepState, TicketKind
from registry.tickets import FiledTicket
from workflows.approvals.backend import ApprovalRequest
from workflows.deployments.deps import DeploymentDeps

_log = logging.getLogger("sagegraph.deployments")


class TicketFiler:
    """Files tickets, and comments the outcome of their deployments on them.

    Args:
        deps: Dependencies of deployments.
    """

    def __init__(self, deps: DeploymentDeps) -> None:
        self._deps = deps

    async def file(self, number: int, tries: int) -> str | None:
        """File the recorded ticket with this number, and return the key of its deployment; None if it is not wanted any
        more.

        A closed ticket may have been filed all the same, by a process that never had the answer, so it is recovered.
        """
        async with self._deps.database.reading() as connection:
            ticket = await tickets.by_number(connection, number)
        request = None if ticket is None else await self._approval_request(ticket)
        if ticket is None or request is None:
            return None
        if ticket.is_unfiled and ticket.tries == tries:
            await (self._recover if ticket.closed else self._file)(request)
        return ticket.deployment_key

    async def _file(self, request: ApprovalRequest) -> None:
        backend = self._deps.approvals
        asks = request.ticket.kind is TicketKind.APPROVAL
        await self._record_filed(
            request.ticket, await (backend.file_request(request) if asks else backend.file_failure(request))
        )

    async def _recover(self, request: ApprovalRequest) -> None:
        ticket = request.ticket
        filed = await self._deps.approvals.recover(request)
        if filed is not None:
            await self._record_filed(ticket, filed)
            return
        async with self._deps.database.writing() as connection:
            await tickets.give_up(connection, ticket, datetime.now(UTC))

    async def note_failure(self, number: int, tries: int, why: str) -> None:
        """Note that the ticket with this number could not be filed this time; the next sweep tries it again.

        Args:
            number: The ticket's number.
            tries: The number of tries before this one.
            why: The fault, for the log.
        """
        _log.warning("Ticket %d could not be filed: %s", number, why)
        async with self._deps.database.writing() as connection:
            await tickets.count_attempt(connection, number, tries)

    async def announce_outcome(self, key: str, attempt: int) -> None:
        """Report the outcome of a deployment's attempt in the ticket that asked for its decision."""
        async with self._deps.database.reading() as connection:
            rows = await tickets.of_attempt(connection, key, attempt)
        for ticket in rows:
            if ticket.kind is TicketKind.APPROVAL and ticket.key is not None:
                request = await self._approval_request(ticket)
                if request is not None:
                    state, reason = request.deployment.state, request.deployment.reason
                    text = f"The deployment is {state.value}." + (f" {reason}" if reason else "")
                    await self._deps.approvals.comment(request, text)

    async def _approval_request(self, ticket: tickets.TicketRow) -> ApprovalRequest | None:
        async with self._deps.database.reading() as connection:
            deployment = await deployment_lists.by_key(connection, ticket.deployment_key)
        return None if deployment is None else ApprovalRequest(ticket, deployment)

    async def _record_filed(self, ticket: tickets.TicketRow, filed: FiledTicket) -> None:
        now = datetime.now(UTC)
        async with self._deps.database.writing() as connection:
            await tickets.mark_filed(connection, ticket.number, filed, now)
            row = await deployments.by_key(connection, ticket.deployment_key)
            if ticket.kind is TicketKind.NOTIFICATION and row is not None and row.attempt == ticket.attempt:
                notify, text = DeploymentStepName.NOTIFY, f"Ticket {filed.key}."
                await deployment_steps.end(connection, row, notify, StepState.DONE, now, text)
