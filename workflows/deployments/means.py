"""What the works of deployments are done with, and the forms that all of them share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from auth.errors import AuthError, CredentialsUnavailableError
from auth.policy import Policy
from aws.errors import PASSING, AWSError
from aws.scopes import OpenScope
from aws.tally import current_tally
from aws.writing.errors import NotDoneError
from aws.writing.inputs import Author
from registry import deployments
from registry.courses import Course
from registry.database import Database
from registry.words import DeploymentState
from workflows.authors import author
from workflows.deployments.rules import Rules
from workflows.deployments.ticketing import Ticketing
from workflows.deployments.works import Works
from workflows.durable.errors import StepFailedError
from workflows.groups import Groups


@dataclass(frozen=True, slots=True)
class Means:
    """What the works of deployments are done with.

    Attributes:
        database: The registry.
        policy: What groups may do.
        groups: Opens the groups' scopes.
        rules: What the settings say.
        works: Starts further works.
        ticketing: Where tickets are kept.
    """

    database: Database
    policy: Policy
    groups: Groups
    rules: Rules
    works: Works
    ticketing: Ticketing

    async def seen(self, key: str, attempt: int, state: DeploymentState) -> Course | None:
        """The deployment, where it stands so in this attempt; None where its work is somebody else's by now."""
        async with self.database.reading() as connection:
            course = await deployments.course(connection, key)
        return course if course is not None and (course.attempt, course.state) == (attempt, state) else None

    def author(self, course: Course, subject: str) -> Author:
        """For whom something is made in AWS."""
        return replace(author(self.policy, subject, course.group), deployment=course.key)

    @asynccontextmanager
    async def scope(self, course: Course) -> AsyncIterator[OpenScope]:
        """The group's scope, while the block runs.

        Raises:
            StepFailedError: REFUSED where the role may not, NOT_DONE where AWS finds fault with what is asked.
            AWSError: AWS turned calls away, or did not answer.
        """
        try:
            async with self.groups.open(course.group, course.region, course.account_id) as scope:
                yield scope
        except (*PASSING, CredentialsUnavailableError):
            raise
        except (AWSError, AuthError) as error:
            raise StepFailedError("REFUSED", str(error)) from error
        except NotDoneError as error:
            raise StepFailedError("NOT_DONE", str(error)) from error


def written() -> tuple[str, ...]:
    """AWS's ids of what was changed in the scope that is open."""
    tally = current_tally.get()
    return () if tally is None else tuple(tally.written)
