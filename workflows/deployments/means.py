"""What the works of deployments are done with, and the forms that all of them share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from auth.errors import AuthError, CredentialsUnavailableError
from auth.policy import Policy
from aws.errors import TRANSIENT_ERRORS, AWSError
from aws.scopes import OpenScope
from aws.tally import current_call_stats
from aws.writing.errors import WriteRejectedError
from aws.writing.inputs import WriteAuthor
from registry import deployments
from registry.courses import DeploymentRow
from registry.database import Database
from registry.words import DeploymentState
from workflows.authors import author_for
from workflows.deployments.rules import DeploymentConfig
from workflows.deployments.ticketing import ApprovalBackend
from workflows.deployments.works import WorkScheduler
from workflows.durable.errors import StepFailedError
from workflows.groups import GroupScopeOpener


@dataclass(frozen=True, slots=True)
class DeploymentDeps:
    """What the works of deployments are done with.

    Attributes:
        database: The registry.
        policy: What groups may do.
        group_scopes: Opens the groups' scopes.
        config: What the settings say.
        scheduler: Starts further works.
        approvals: Where tickets are kept.
    """

    database: Database
    policy: Policy
    group_scopes: GroupScopeOpener
    config: DeploymentConfig
    scheduler: WorkScheduler
    approvals: ApprovalBackend

    async def load_in_state(self, key: str, attempt: int, state: DeploymentState) -> DeploymentRow | None:
        """The deployment, where it stands so in this attempt; None where its work is somebody else's by now."""
        async with self.database.reading() as connection:
            course = await deployments.by_key(connection, key)
        return course if course is not None and (course.attempt, course.state) == (attempt, state) else None

    def author(self, course: DeploymentRow, subject: str) -> WriteAuthor:
        """For whom something is made in AWS."""
        return replace(author_for(self.policy, subject, course.group), deployment=course.key)

    @asynccontextmanager
    async def scope(self, course: DeploymentRow) -> AsyncIterator[OpenScope]:
        """The group's scope, while the block runs.

        Raises:
            StepFailedError: REFUSED where the role may not, NOT_DONE where AWS finds fault with what is asked.
            AWSError: AWS turned calls away, or did not answer.
        """
        try:
            async with self.group_scopes.open(course.group, course.region, course.account_id) as scope:
                yield scope
        except (*TRANSIENT_ERRORS, CredentialsUnavailableError):
            raise
        except (AWSError, AuthError) as error:
            raise StepFailedError("REFUSED", str(error)) from error
        except WriteRejectedError as error:
            raise StepFailedError("NOT_DONE", str(error)) from error


def aws_request_ids() -> tuple[str, ...]:
    """AWS's ids of what was changed in the scope that is open."""
    tally = current_call_stats.get()
    return () if tally is None else tuple(tally.write_request_ids)
