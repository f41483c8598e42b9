"""The built-in approval backend: tickets are rows of the registry."""

from registry.tickets import FiledTicket
from workflows.approvals.backend import STATUS_OPEN, ApprovalRequest


class BuiltinApprovals:
    """The gateway keeps tickets itself: they are rows of its registry, and deployments show them."""

    async def file_request(self, request: ApprovalRequest) -> FiledTicket:
        """The ticket's key."""
        return self._own_ticket(request)

    async def file_failure(self, request: ApprovalRequest) -> FiledTicket:
        """The ticket's key."""
        return self._own_ticket(request)

    async def recover(self, request: ApprovalRequest) -> FiledTicket | None:
        """None: no answer is lost."""
        return None

    async def comment(self, request: ApprovalRequest, text: str) -> None:
        """Nothing: the deployment itself tells what has come of it."""

    def _own_ticket(self, request: ApprovalRequest) -> FiledTicket:
        return FiledTicket(f"SG-{request.ticket.number}", None, STATUS_OPEN)
