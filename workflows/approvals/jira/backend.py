"""The Jira approval backend, see workflows.approvals.backend.ApprovalBackend."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from auth.errors import AuthError
from aws.client.errors import AWSError
from aws.kinds.snapshots import Snapshot
from registry import deployments, registrations
from registry.database import Database
from registry.deployment_records import Deployment
from registry.enums import DeploymentState, TicketKind
from registry.ids import key_of
from registry.tickets import FiledTicket
from workflows.approvals.backend import ApprovalRequest
from workflows.approvals.jira.client import JiraClient
from workflows.approvals.jira.errors import JiraError, JiraGoneError, JiraThrottledError
from workflows.approvals.jira.issue_filer import IssueFiler
from workflows.approvals.jira.markup import TextLine, TextLines
from workflows.approvals.jira.ticket_text import TicketSubject, approval_text, failure_text
from workflows.deployments.snapshot_fingerprint import describe_snapshot
from workflows.durable.errors import StepFailedError
from workflows.group_access import GroupScopeOpener

_log = logging.getLogger("sagegraph.jira")

# How long a word on the outcome is held for a Jira that does not take it, and how often it is tried, in seconds.
_COMMENT_RETRY_PAUSES: Final = (1.0, 5.0, 30.0, *(300.0,) * 288)


class JiraApprovals:
    """Files tickets in a Jira and comments on them.

    Args:
        database: The registry.
        group_scopes: Opens the groups' scopes, to say what a snapshot is made of.
        client: The Jira.
        gateway_url: Where people reach the gateway, for links; None for none.
        pauses: Seconds between the tries to say what has come of a deployment.
    """

    def __init__(
        self,
        database: Database,
        group_scopes: GroupScopeOpener,
        client: JiraClient,
        gateway_url: str | None = None,
        pauses: tuple[float, ...] = _COMMENT_RETRY_PAUSES,
    ) -> None:
        self._database = database
        self._group_scopes = group_scopes
        self._client = client
        self._gateway_url = gateway_url
        self._pauses = pauses
        self._filer = IssueFiler(database, client)

    async def file_request(self, request: ApprovalRequest) -> FiledTicket:
        """Files a ticket that asks for a decision. Raises StepFailedError with Jira's reason, which is shown, too."""
        return await self._file(request, lambda subject: approval_text(subject, self._client.config))

    async def file_failure(self, request: ApprovalRequest) -> FiledTicket:
        """Files a ticket that tells of a failure. Raises StepFailedError."""
        return await self._file(request, failure_text)

    async def recover(self, request: ApprovalRequest) -> FiledTicket | None:
        """The issue whose answer was lost; None once Jira must have shown it. Raises StepFailedError."""
        try:
            return await self._filer.recover(request.ticket)
        except JiraError as error:
            raise StepFailedError("JIRA", str(error)) from None

    async def comment(self, request: ApprovalRequest, text: str) -> None:
        """Says it beneath the ticket, once; a Jira that is away for a day is waited for. Raises StepFailedError."""
        key = request.ticket.key
        for pause in (*self._pauses, None):
            try:
                if key is not None:
                    await self._client.add_comment_once(key, [TextLine(text, "SageGraph")])
                return
            except JiraGoneError:
                _log.warning("Ticket %s is gone, so nothing was said beneath it.", key)
                return
            except JiraError as error:
                if pause is None:
                    raise StepFailedError("JIRA", str(error)) from None
                _log.warning("Nothing could be said beneath ticket %s yet: %s", key, error)
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
        keys = [key for each in deployment.registration_ids if (key := key_of(each, "Registration"))]
        async with self._database.reading() as connection:
            found = await registrations.by_keys(connection, keys, ())
        models = [(found[key].model_name, found[key].model_arn) for key in keys if key in found]
        return TicketSubject(deployment, await self._snapshot(deployment), models, self._gateway_url)

    async def _snapshot(self, deployment: Deployment) -> Snapshot | None:
        """The snapshot as it is described; a ticket does not wait for AWS."""
        try:
            async with self._group_scopes.open(deployment.group, deployment.region, deployment.account_id) as scope:
                return await describe_snapshot(scope.reader, deployment.snapshot_name)
        except (AWSError, AuthError) as error:
            _log.warning("A ticket goes without the variants of %s: %s", deployment.snapshot_name, error)
            return None

    async def _set_waiting_reason(self, request: ApprovalRequest, reason: str | None) -> None:
        """Says, or no longer says, why a decision is not asked for yet; the reason of a failure is left alone."""
        if request.ticket.kind is not TicketKind.APPROVAL or request.deployment.reason == reason:
            return
        async with self._database.writing() as connection:
            course = await deployments.by_key(connection, request.ticket.deployment_key)
            if course is not None and course.state is DeploymentState.AWAITING_APPROVAL:
                await deployments.set_reason(connection, course, reason)
