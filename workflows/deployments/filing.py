"""Files tickets, wherever they are kept."""

import logging
from datetime import UTC, datetime

from registry import deployment_lists, deployment_steps, deployments, tickets
from registry.tickets import Filed
from registry.words import DeploymentStepName, StepState, TicketKind
from workflows.deployments.means import Means
from workflows.deployments.ticketing import Matter

_log = logging.getLogger("sagegraph.deployments")


class Filing:
    """Files tickets, and says beneath them what has come of their deployments.

    Args:
        means: What it is done with.
    """

    def __init__(self, means: Means) -> None:
        self._means = means

    async def file(self, number: int, tries: int) -> str | None:
        """Files a ticket that is intended, and gives its deployment's key. Raises whatever keeps it from being filed.

        One that is closed already may have been filed all the same, by whoever has never heard of it.
        """
        async with self._means.database.reading() as connection:
            ticket = await tickets.by_number(connection, number)
        matter = None if ticket is None else await self._matter(ticket)
        if ticket is None or matter is None:
            return None
        if ticket.is_unfiled and ticket.tries == tries:
            await (self._recall if ticket.closed else self._file)(matter)
        return ticket.deployment_key

    async def _file(self, matter: Matter) -> None:
        keeper = self._means.ticketing
        asks = matter.ticket.kind is TicketKind.APPROVAL
        await self._note(matter.ticket, await (keeper.ask(matter) if asks else keeper.notify(matter)))

    async def _recall(self, matter: Matter) -> None:
        ticket = matter.ticket
        filed = await self._means.ticketing.recall(matter)
        if filed is not None:
            await self._note(ticket, filed)
            return
        async with self._means.database.writing() as connection:
            await tickets.give_up(connection, ticket, datetime.now(UTC))

    async def not_filed(self, number: int, tries: int, why: str) -> None:
        """Notes that it could not be filed this time; the next sweep tries it again."""
        _log.warning("Ticket %d could not be filed: %s", number, why)
        async with self._means.database.writing() as connection:
            await tickets.tried(connection, number, tries)

    async def tell(self, key: str, attempt: int) -> None:
        """Says beneath the ticket that asked for a decision what has come of the deployment."""
        async with self._means.database.reading() as connection:
            found = await tickets.of_attempt(connection, key, attempt)
        for ticket in found:
            if ticket.kind is TicketKind.APPROVAL and ticket.key is not None:
                matter = await self._matter(ticket)
                if matter is not None:
                    state, reason = matter.deployment.state, matter.deployment.reason
                    text = f"The deployment is {state.value}." + (f" {reason}" if reason else "")
                    await self._means.ticketing.comment(matter, text)

    async def _matter(self, ticket: tickets.TicketRow) -> Matter | None:
        async with self._means.database.reading() as connection:
            deployment = await deployment_lists.by_key(connection, ticket.deployment_key)
        return None if deployment is None else Matter(ticket, deployment)

    async def _note(self, ticket: tickets.TicketRow, filed: Filed) -> None:
        now = datetime.now(UTC)
        async with self._means.database.writing() as connection:
            await tickets.filed(connection, ticket.number, filed, now)
            course = await deployments.course(connection, ticket.deployment_key)
            if ticket.kind is TicketKind.NOTIFICATION and course is not None and course.attempt == ticket.attempt:
                notify, told = DeploymentStepName.NOTIFY, f"Ticket {filed.key}."
                await deployment_steps.end(connection, course, notify, StepState.DONE, now, told)
