"""Approval behind two protocols: `ApprovalBackend` keeps tickets and reports decisions, `Decider` takes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import TracebackType
from typing import Final, Protocol, Self

from registry.database import Database
from registry.deployment_records import Deployment
from registry.deployment_rows import DeploymentRow
from registry.enums import DecisionOutcome
from registry.tickets import FiledTicket, TicketRow
from workflows.durable.access import AccessLog
from workflows.group_access import GroupScopeOpener


class ApprovalKind(Enum):
    """The systems that approve deployments; the values are the settings' words."""

    BUILTIN = "builtin"
    JIRA = "jira"


STATUS_OPEN: Final = "Open"
STATUS_APPROVED: Final = "Approved"
STATUS_REJECTED: Final = "Rejected"
STATUS_CLOSED: Final = "Closed"
"""The statuses of tickets that the gateway keeps itself."""


UNKNOWN_AUTHOR: Final = (
    "Nobody made the snapshot through the gateway, so it is not known who did; let somebody decide who did not make it."
)
"""The reason that a deployment waits with if its snapshot's author is unknown."""


def usual_reason(snapshot_author: str | None) -> str | None:
    """The reason that a deployment waits with if nothing is amiss; None if the author of its snapshot is known."""
    return UNKNOWN_AUTHOR if snapshot_author is None else None


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """A ticket to file or comment on.

    Attributes:
        ticket: The ticket.
        deployment: The deployment, with its steps, registrations and result.
    """

    ticket: TicketRow
    deployment: Deployment


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """A filed ticket, and the deployment that waits for its decision in that very attempt.

    Attributes:
        ticket: The ticket, which has a key.
        deployment: The deployment.
    """

    ticket: TicketRow
    deployment: DeploymentRow

    @property
    def key(self) -> str:
        """The ticket's key."""
        return str(self.ticket.key)


@dataclass(frozen=True, slots=True)
class BackendDeps:
    """Dependencies of approval backends.

    Attributes:
        database: The registry.
        group_scopes: Opens the groups' scopes, to describe a snapshot in its ticket.
        access: The record of whether this process has access to the backend, as `approvals_subject` of its name.
    """

    database: Database
    group_scopes: GroupScopeOpener
    access: AccessLog = field(default_factory=AccessLog)


class Decider(Protocol):
    """The deployments that wait for a decision. Every method raises RegistryError while the registry is away."""

    async def originators(self, pending: PendingDecision) -> Sequence[str]:
        """The people who caused the pending deployment, and may not decide; empty if they may."""

    async def pending(self) -> Sequence[PendingDecision]:
        """The filed tickets that wait for a decision, oldest first."""

    async def decide(
        self, pending: PendingDecision, outcome: DecisionOutcome, by: str, at: datetime, comment: str | None
    ) -> None:
        """Take a decision; one about an older attempt, or made twice, changes nothing.

        Args:
            pending: The ticket and its deployment.
            outcome: The decision.
            by: The person who decided, and may.
            at: The moment of the decision.
            comment: The words that were said with it.

        Raises:
            StepFailedError: The group's role may not see the snapshot.
            AWSError, AuthError: AWS or the role cannot be had now; nothing was decided.
        """

    async def waits_because(self, pending: PendingDecision, reason: str | None) -> None:
        """Show the reason why a pending deployment still waits; None takes the reason back."""

    async def status_is(self, pending: PendingDecision, status: str) -> None:
        """Keep the ticket's status, in the backend's own word."""


class ApprovalBackend(Protocol):
    """A system that keeps tickets. A method may be called twice with the same arguments: no ticket is filed twice.

    An error it raises is retried later.

    Attributes:
        name: The backend's name in settings, and the name of its loop and webhook path.
        poll_seconds: Seconds between two looks for decisions; None if decisions are made in the gateway itself.
    """

    @property
    def name(self) -> str:
        """See above."""

    @property
    def poll_seconds(self) -> float | None:
        """See above."""

    async def __aenter__(self) -> Self:
        """Open connections; nothing is asked of the system yet."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close connections."""

    async def file_request(self, request: ApprovalRequest) -> FiledTicket:
        """File the ticket of a request, which asks for a decision."""

    async def file_failure(self, request: ApprovalRequest) -> FiledTicket:
        """File the ticket of a request, which reports a failure."""

    async def recover(self, request: ApprovalRequest) -> FiledTicket | None:
        """Find the ticket of a request that was sent without an answer and is not wanted any more; None without one."""

    async def comment(self, request: ApprovalRequest, text: str) -> None:
        """Comment on the filed ticket of a request; the text tells the deployment's outcome."""

    async def read_decisions(self, decider: Decider) -> None:
        """Look once at every pending ticket, and hand its decision or its fault to the decider."""

    def accepts(self, headers: Sequence[tuple[str, str]], body: bytes) -> bool | None:
        """Tell whether a webhook is genuine; None if the backend takes no webhooks.

        Args:
            headers: The request's headers, names in lower case, as often as they came.
            body: The request's body.
        """
