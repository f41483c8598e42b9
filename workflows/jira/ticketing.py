"""Jira as the place where tickets are kept; see workflows.deployments.ticketing.Ticketing."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from auth.errors import AuthError
from aws.errors import AWSError
from aws.resources import Snapshot
from registry import deployments, registrations
from registry.database import Database
from registry.ids import key_of
from registry.records import Deployment
from registry.tickets import Filed
from registry.words import DeploymentState, TicketKind
from workflows.deployments.identities import snapshot_of
from workflows.deployments.ticketing import Matter
from workflows.durable.errors import StepFailedError
from workflows.groups import Groups
from workflows.jira.client import JiraClient
from workflows.jira.errors import JiraError, JiraGoneError, JiraThrottledError
from workflows.jira.filing import Filing
from workflows.jira.texts import Line, Lines
from workflows.jira.wording import Subject, asking, telling

_log = logging.getLogger("sagegraph.jira")

# How long a word on the outcome is held for a Jira that does not take it, and how often it is tried, in seconds.
_PAUSES: Final = (1.0, 5.0, 30.0, *(300.0,) * 288)


class JiraTickets:
    """Files tickets in a Jira and comments on them.

    Args:
        database: The registry.
        groups: Opens the groups' scopes, to say what a snapshot is made of.
        client: The Jira.
        gateway_url: Where people reach the gateway, for links; None for none.
        pauses: Seconds between the tries to say what has come of a deployment.
    """

    def __init__(
        self,
        database: Database,
        groups: Groups,
        client: JiraClient,
        gateway_url: str | None = None,
        pauses: tuple[float, ...] = _PAUSES,
    ) -> None:
        self._database = database
        self._groups = groups
        self._client = client
        self._gateway_url = gateway_url
        self._pauses = pauses
        self._filing = Filing(database, client)

    async def ask(self, matter: Matter) -> Filed:
        """Files a ticket that asks for a decision. Raises StepFailedError with Jira's reason, which is shown, too."""
        return await self._file(matter, lambda subject: asking(subject, self._client.desk))

    async def notify(self, matter: Matter) -> Filed:
        """Files a ticket that tells of a failure. Raises StepFailedError."""
        return await self._file(matter, telling)

    async def recall(self, matter: Matter) -> Filed | None:
        """The issue whose answer was lost; None once Jira must have shown it. Raises StepFailedError."""
        try:
            return await self._filing.recall(matter.ticket)
        except JiraError as error:
            raise StepFailedError("JIRA", str(error)) from None

    async def comment(self, matter: Matter, text: str) -> None:
        """Says it beneath the ticket, once; a Jira that is away for a day is waited for. Raises StepFailedError."""
        key = matter.ticket.key
        for pause in (*self._pauses, None):
            try:
                if key is not None:
                    await self._client.remark(key, [Line(text, "SageGraph")])
                return
            except JiraGoneError:
                _log.warning("Ticket %s is gone, so nothing was said beneath it.", key)
                return
            except JiraError as error:
                if pause is None:
                    raise StepFailedError("JIRA", str(error)) from None
                _log.warning("Nothing could be said beneath ticket %s yet: %s", key, error)
                await asyncio.sleep(max(pause, error.seconds if isinstance(error, JiraThrottledError) else 0))

    async def _file(self, matter: Matter, say: Callable[[Subject], tuple[str, Lines]]) -> Filed:
        summary, text = say(await self._subject(matter.deployment))
        try:
            filed = await self._filing.file(matter.ticket.number, summary, text)
        except JiraError as error:
            await self._explain(matter, f"Its ticket is not filed yet: {error}")
            raise StepFailedError("JIRA", str(error)) from None
        await self._explain(matter, None)
        return filed

    async def _subject(self, deployment: Deployment) -> Subject:
        keys = [key for each in deployment.registration_ids if (key := key_of(each, "Registration"))]
        async with self._database.reading() as connection:
            found = await registrations.by_keys(connection, keys, ())
        models = [(found[key].model_name, found[key].model_arn) for key in keys if key in found]
        return Subject(deployment, await self._snapshot(deployment), models, self._gateway_url)

    async def _snapshot(self, deployment: Deployment) -> Snapshot | None:
        """The snapshot as it is described; a ticket does not wait for AWS."""
        try:
            async with self._groups.open(deployment.group, deployment.region, deployment.account_id) as scope:
                return await snapshot_of(scope.reader, deployment.snapshot_name)
        except (AWSError, AuthError) as error:
            _log.warning("A ticket goes without the variants of %s: %s", deployment.snapshot_name, error)
            return None

    async def _explain(self, matter: Matter, reason: str | None) -> None:
        """Says, or no longer says, why a decision is not asked for yet; the reason of a failure is left alone."""
        if matter.ticket.kind is not TicketKind.APPROVAL or matter.deployment.reason == reason:
            return
        async with self._database.writing() as connection:
            course = await deployments.course(connection, matter.ticket.deployment_key)
            if course is not None and course.state is DeploymentState.AWAITING_APPROVAL:
                await deployments.explain(connection, course, reason)
