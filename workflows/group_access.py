"""Access of durable work to a group's AWS: its scopes, and the author and limits of resources that it creates."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from auth.errors import AuthError, CredentialsUnavailableError
from auth.policy import Policy, start_limits_of
from aws.client.errors import TRANSIENT_ERRORS, AWSError
from aws.inventory.reader import Reader
from aws.kinds.kind import Kind
from aws.kinds.resource import Resource
from aws.scopes import OpenScope
from aws.write.errors import WriteRejectedError
from aws.write.inputs import InstanceLimits, WriteAuthor
from workflows.durable.errors import StepFailedError

R = TypeVar("R", bound=Resource[Any])


class GroupScopeOpener(Protocol):
    """Opens the scopes of groups; each step opens its own and lets it go, so no step has anyone's credentials."""

    def open(
        self, group: str, region: str, account_id: str, since: datetime | None = None, *, glance: bool = False
    ) -> AbstractAsyncContextManager[OpenScope]:
        """A group's scope in a region, while the block runs; its writes are counted apart from all others.

        Args:
            group: The group.
            region: The region.
            account_id: The account that the group's role must be in.
            since: The moment since when answers must have been read; None for now. Deletions are seen, too.
            glance: True to see deletions later, which costs less.

        Raises:
            auth.errors.AuthError: The group has no role, not in this region or no longer in this account, or its
                credentials cannot be had.
        """


def author_for(policy: Policy, subject: str, group: str) -> WriteAuthor:
    """The author of resources that the gateway creates for a caller of a group.

    Args:
        policy: The permissions and limits of groups.
        subject: The caller.
        group: The group that they are made for.
    """
    allowed = start_limits_of(policy, group)
    return WriteAuthor(subject, group, InstanceLimits(allowed.instance_types, allowed.max_instances))


@asynccontextmanager
async def final_errors_fail_step(opened: AbstractAsyncContextManager[OpenScope]) -> AsyncIterator[OpenScope]:
    """Enter a scope; inside it, errors that no retry can heal become the step's failure.

    Args:
        opened: The scope to enter.

    Raises:
        StepFailedError: REFUSED if the role is refused or gone, NOT_DONE if AWS finds fault with an input.
        AWSError, AuthError: AWS turned calls away or did not answer, or credentials cannot be had now.
    """
    try:
        async with opened as scope:
            yield scope
    except (*TRANSIENT_ERRORS, CredentialsUnavailableError):
        raise
    except (AWSError, AuthError) as error:
        raise StepFailedError("REFUSED", str(error)) from error
    except WriteRejectedError as error:
        raise StepFailedError("NOT_DONE", str(error)) from error


async def describe_one(reader: Reader, kind: Kind, name: str, resource_type: type[R]) -> R | None:
    """Describe one resource; None if it does not exist.

    Args:
        reader: Reads in a group's scope; `reader.fresh()` for one that asks AWS now.
        kind: The resource's kind.
        name: Its name.
        resource_type: The class of that kind.

    Raises:
        AWSError: It could not be read.
    """
    described = (await reader.describe(kind, [name]))[name]
    if isinstance(described, AWSError):
        raise described
    return described if isinstance(described, resource_type) else None
