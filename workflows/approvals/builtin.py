"""The built-in approval backend: tickets are rows of the registry, decided by the gateway's own mutations."""

from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from registry.tickets import FiledTicket
from workflows.approvals.backend import STATUS_OPEN, ApprovalRequest, BackendDeps, Decider


class BuiltinApprovals:
    """Tickets kept by the gateway itself; deployments show them. See workflows.approvals.backend.ApprovalBackend.

    Attributes:
        name: See ApprovalBackend.
        poll_seconds: None, because decisions are mutations.
    """

    name: Final = "builtin"
    poll_seconds: Final = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open."""

    async def file_request(self, request: ApprovalRequest) -> FiledTicket:
        """Give the ticket of a request its key."""
        return _own_ticket(request)

    async def file_failure(self, request: ApprovalRequest) -> FiledTicket:
        """Give the ticket of a request its key."""
        return _own_ticket(request)

    async def recover(self, request: ApprovalRequest) -> FiledTicket | None:
        """None for every request: no answer is ever lost."""
        return None

    async def comment(self, request: ApprovalRequest, text: str) -> None:
        """Leave the text aside: the deployment itself shows its outcome."""

    async def read_decisions(self, decider: Decider) -> None:
        """Leave the decider alone: decisions are mutations."""

    def accepts(self, headers: Sequence[tuple[str, str]], body: bytes) -> bool | None:
        """None for any headers and body: there are no webhooks."""
        return None


def open_builtin(_config: object, _deps: BackendDeps) -> BuiltinApprovals:
    """Make the backend; it needs nothing."""
    return BuiltinApprovals()


async def find_no_faults(_config: object) -> tuple[str, ...]:
    """None: there is nothing to set up."""
    return ()


def _own_ticket(request: ApprovalRequest) -> FiledTicket:
    return FiledTicket(f"SG-{request.ticket.number}", None, STATUS_OPEN)
