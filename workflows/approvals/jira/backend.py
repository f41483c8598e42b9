"""The Jira approval backend, see workflows.approvals.backend.ApprovalBackend."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.kinds.kind import Kind
from aws.kinds.snapshots import Snapshot
from registry import deployments, registrations
from registry.deployment_records import Deployment
from registry.enums import DeploymentState, TicketKind
from registry.ids import key_of
from registry.tickets import FiledTicket
from workflows.approvals.backend import ApprovalRequest, BackendDeps, Decider, usual_reason
from workflows.approvals.jira.client import JIRA_SUBJECT, JiraClient
from workflows.approvals.jira.config import JiraConfig
from workflows.approvals.jira.decision_poller import DecisionPoller
from workflows.approvals.jira.errors import JiraError, JiraGoneError, JiraThrottledError
from workflows.approvals.jira.issue_filer import IssueFiler
from workflows.approvals.jira.markup import TextLine, TextLines
from workflows.approvals.jira.ticket_text import TicketSubject, approval_text, failure_text
from workflows.approvals.jira.webhook import is_signed
from workflows.durable.errors import StepFailedError
from workflows.group_access import describe_one

_log = logging.getLogger("sagegraph.jira")

# Seconds between the tries to comment on an outcome while Jira refuses or is away: a day in all.
_COMMENT_RETRY_PAUSES: Final = (1.0, 5.0, 30.0, *(300.0,) * 288)


class JiraApprovals:
    """Files tickets in a Jira, comments on them, and reads decisions off their statuses.

    Args:
        deps: The registry and the groups' scopes.
        client: The Jira; entered and left with the backend.
        pauses: Seconds between the tries to comment on an outcome.
        clock: Seconds that only go forward.

    Attributes:
        name: See ApprovalBackend.
    """

    name: Final = "jira"

    def __init__(
        self,
        deps: BackendDeps,
        client: JiraClient,
        pauses: tuple[float, ...] = _COMMENT_RETRY_PAUSES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = deps.database
        self._group_scopes = deps.group_scopes
        self._client = client
        self._pauses = pauses
        self._access = deps.access
        self._filer = IssueFiler(deps.database, client)
        self._poller = DecisionPoller(deps.database, client, clock)

    @property
    def poll_seconds(self) -> float:
        """Seconds between two looks at open tickets."""
        return self._client.config.poll_seconds

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def read_decisions(self, decider: Decider) -> None:
        """Look once at every pending ticket of the decider."""
        await self._poller.poll(decider)

    def accepts(self, headers: Sequence[tuple[str, str]], body: bytes) -> bool | None:
        """Tell whether a webhook's body bears the signature of jira.webhookSecret; None if that is not set."""
        secret = self._client.config.webhook_secret
        return None if secret is None else is_signed(headers, body, secret.get_secret_value())

    async def file_request(self, request: ApprovalRequest) -> FiledTicket:
        """File the ticket of a request, which asks for a decision. Raises StepFailedError with Jira's reason."""
        return await self._file(request, lambda subject: approval_text(subject, self._client.config))

    async def file_failure(self, request: ApprovalRequest) -> FiledTicket:
        """File the ticket of a request, which reports a failure. Raises StepFailedError."""
        return await self._file(request, failure_text)

    async def recover(self, request: ApprovalRequest) -> FiledTicket | None:
        """Find the issue of a request whose answer was lost; None if the index must have shown it.

        Raises:
            StepFailedError
        """
        try:
            return await self._filer.recover(request.ticket)
        except JiraError as error:
            raise StepFailedError("JIRA", str(error)) from None

    async def comment(self, request: ApprovalRequest, text: str) -> None:
        """Comment on the ticket of a request with the text, once.

        It is tried again for a day while Jira is away, unless another process may have access.

        Raises:
            StepFailedError: Jira did not take it.
        """
        key = request.ticket.key
        for pause in (*self._pauses, None):
            try:
                if key is not None:
                    await self._client.add_comment_once(key, [TextLine(text, "SageGraph")])
                return
            except JiraGoneError:
                _log.warning("Ticket %s is gone, so the outcome was not written to it.", key)
                return
            except JiraError as error:
                if pause is None or self._access.is_left(JIRA_SUBJECT):
                    raise StepFailedError("JIRA", str(error)) from None
                _log.warning("The outcome could not be written to ticket %s yet: %s", key, error)
                await asyncio.sleep(max(pause, error.seconds if isinstance(error, JiraThrottledError) else 0))

    async def _file(
        self, request: ApprovalRequest, write: Callable[[TicketSubject], tuple[str, TextLines]]
    ) -> FiledTicket:
        summary, text = write(await self._ticket_subject(request.deployment))
        try:
            filed = await self._filer.file(request.ticket.number, summary, text)
        except JiraError as error:
            await self._set_waiting_reason(request, f"Its ticket is not filed yet: {error}")
            raise StepFailedError("JIRA", str(error)) from None
        await self._set_waiting_reason(request, None)
        return filed

    async def _ticket_subject(self, deployment: Deployment) -> TicketSubject:
        keys = [key for id in deployment.registration_ids if (key := key_of(id, "Registration"))]
        async with self._database.reading() as connection:
            rows = await registrations.by_keys(connection, keys, ())
        models = [(rows[key].model_name, rows[key].model_arn) for key in keys if key in rows]
        return TicketSubject(deployment, await self._snapshot(deployment), models, self._client.config.gateway_url)

    async def _snapshot(self, deployment: Deployment) -> Snapshot | None:
        """Describe the snapshot; None if AWS does not answer, as a ticket does not wait for it."""
        try:
            async with self._group_scopes.open(deployment.group, deployment.region, deployment.account_id) as scope:
                return await describe_one(scope.reader.fresh(), Kind.SNAPSHOT, deployment.snapshot_name, Snapshot)
        except (AWSError, AuthError) as error:
            _log.warning("A ticket was filed without the variants of %s: %s", deployment.snapshot_name, error)
            return None

    async def _set_waiting_reason(self, request: ApprovalRequest, fault: str | None) -> None:
        """Show why a decision is not asked for yet, or take that back; the reason of a failure is left alone."""
        reason = fault or usual_reason(request.deployment.snapshot_author)
        if request.ticket.kind is not TicketKind.APPROVAL or request.deployment.reason == reason:
            return
        async with self._database.writing() as connection:
            row = await deployments.by_key(connection, request.ticket.deployment_key)
            if row is not None and row.state is DeploymentState.AWAITING_APPROVAL:
                await deployments.set_reason(connection, row, reason)


def open_jira(config: JiraConfig, deps: BackendDeps) -> JiraApprovals:
    """Make the backend of a configuration; nothing is asked of Jira yet."""
    return JiraApprovals(deps, JiraClient(config, access=deps.access))
