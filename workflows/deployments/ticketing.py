"""Tickets about deployments: they ask for a decision, or tell of a failure, wherever they are kept."""

from dataclasses import dataclass
from typing import Final, Protocol

from registry.records import Deployment
from registry.tickets import Filed, TicketRow

OPEN: Final = "Open"
APPROVED: Final = "Approved"
REJECTED: Final = "Rejected"
CLOSED: Final = "Closed"
"""The statuses of tickets that the gateway keeps itself."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a ticket is about.

    Attributes:
        ticket: The ticket.
        deployment: The deployment, with its steps, registrations and result.
    """

    ticket: TicketRow
    deployment: Deployment


class Ticketing(Protocol):
    """Where tickets are kept. A method may be called twice for the same: it files no ticket twice.

    What it raises is tried again later.
    """

    async def ask(self, matter: Matter) -> Filed:
        """Files a ticket that asks for a decision."""

    async def notify(self, matter: Matter) -> Filed:
        """Files a ticket that tells of a failure."""

    async def recall(self, matter: Matter) -> Filed | None:
        """The ticket that may be there without an answer, and is not wanted any more; None where there is none."""

    async def comment(self, matter: Matter, text: str) -> None:
        """Says beneath a filed ticket what has come of the deployment."""


class OwnTickets:
    """The gateway keeps tickets itself: they are rows of its registry, and deployments show them."""

    async def ask(self, matter: Matter) -> Filed:
        """The ticket's key."""
        return self._filed(matter)

    async def notify(self, matter: Matter) -> Filed:
        """The ticket's key."""
        return self._filed(matter)

    async def recall(self, matter: Matter) -> Filed | None:
        """None: no answer is lost."""
        return None

    async def comment(self, matter: Matter, text: str) -> None:
        """Nothing: the deployment itself tells what has come of it."""

    def _filed(self, matter: Matter) -> Filed:
        return Filed(f"SG-{matter.ticket.number}", None, OPEN)
