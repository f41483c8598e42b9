"""The approval backend: a protocol to file, recover and comment on approval tickets."""

from dataclasses import dataclass
from typing import Final, Protocol

from registry.deployment_records import Deployment
from registry.tickets import FiledTicket, TicketRow

STATUS_OPEN: Final = "Open"
STATUS_APPROVED: Final = "Approved"
STATUS_REJECTED: Final = "Rejected"
STATUS_CLOSED: Final = "Closed"
"""The statuses of tickets that the gateway keeps itself."""


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What a ticket is about.

    Attributes:
        ticket: The ticket.
        deployment: The deployment, with its steps, registrations and result.
    """

    ticket: TicketRow
    deployment: Deployment


class ApprovalBackend(Protocol):
    """Where tickets are kept. A method may be called twice for the same: it files no ticket twice.

    What it raises is tried again later.
    """

    async def file_request(self, request: ApprovalRequest) -> FiledTicket:
        """Files a ticket that asks for a decision."""

    async def file_failure(self, request: ApprovalRequest) -> FiledTicket:
        """Files a ticket that tells of a failure."""

    async def recover(self, request: ApprovalRequest) -> FiledTicket | None:
        """The ticket that may be there without an answer, and is not wanted any more; None where there is none."""

    async def comment(self, request: ApprovalRequest, text: str) -> None:
        """Says beneath a filed ticket what has come of the deployment."""
