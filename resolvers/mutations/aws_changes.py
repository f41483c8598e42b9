"""Changes in AWS: target group and region, idempotent creation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from aws.kinds.catalog import AnyResource
from aws.write.idempotent_create import CreateResult, ResourceT
from aws.write.inputs import CreateInput, WriteAuthor
from aws.write.writer import Writer
from resolvers.mutations.context import GroupWriteAccess, MutationContext
from resolvers.views.resource_view import Viewed, viewed
from workflows.element_tracking import track_created, track_deleted
from workflows.group_access import author_for
from workflows.imports.stored_copies import element_kind_of

ValueT = TypeVar("ValueT")
NamedInput = TypeVar("NamedInput", bound=CreateInput)
# The longest name that SageMaker gives; the audit keeps no more of a name that is at fault.
_MAX_NAME_LENGTH = 63


@dataclass(frozen=True, slots=True)
class Targeted(Generic[ValueT]):
    """A request for a change, with its group and region.

    Attributes:
        value: The content of the change; it may hold secrets.
        group: The group that it is made for; None for the acting one.
        region: The region; None for the first of that group's role.
    """

    value: ValueT = field(repr=False)
    group: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedResource(Generic[ResourceT]):
    """A resource that a mutation was to create.

    Attributes:
        resource: The resource, as the group that it was created for reads it.
        created: True if this call made it; False if an equal request had.
    """

    resource: Viewed[ResourceT]
    created: bool


async def take_write_access(
    context: MutationContext, targeted: Targeted[Any], resource_type: type[ResourceT], name: str | None
) -> GroupWriteAccess:
    """Open the targeted group's scope for a change, and record the change's target for the audit.

    Args:
        context: The mutation's context.
        targeted: The change.
        resource_type: The class of the resource that is changed.
        name: Its name; None if SageMaker or the gateway is to choose one.

    Raises:
        auth.errors.AuthError: The caller may not, or the group has no role; see `MutationContext.write_access`.
    """
    context.target = resource_type.__name__ if name is None else f"{resource_type.__name__} {name[:_MAX_NAME_LENGTH]}"
    return await context.write_access(targeted.group, targeted.region)


async def create(
    context: MutationContext,
    targeted: Targeted[NamedInput],
    resource_type: type[ResourceT],
    method: Callable[[Writer, NamedInput, WriteAuthor], Awaitable[CreateResult[ResourceT]]],
) -> CreatedResource[ResourceT]:
    """Create a resource, or find it as an equal request has created it before.

    Args:
        context: The mutation's context.
        targeted: The resource to create.
        resource_type: Its class.
        method: The writer's method that makes it.

    Raises:
        aws.write.errors.WriteRejectedError: The content is at fault.
        aws.client.errors.AWSError: AWS did not answer, or refuses the role.
        auth.errors.AuthError: See `MutationContext.write_access`.
    """
    access = await take_write_access(context, targeted, resource_type, targeted.value.name)
    result = await method(access.writer, targeted.value, author_of(context, access))
    context.target = f"{resource_type.__name__} {result.resource.name}"
    await track_change(context, access, result.resource)
    return CreatedResource(viewed(access.view, result.resource), result.created)


async def track_change(context: MutationContext, access: GroupWriteAccess, resource: AnyResource) -> None:
    """Add a resource that was created or changed to the group's registrations of its models."""
    await track_created(context.request.services.database, access.view.scope.reader, access.group, resource)


async def track_removal(context: MutationContext, access: GroupWriteAccess, resource: AnyResource) -> None:
    """Note in the group's registrations that a resource was deleted, or is on its way to be."""
    scope = (access.group, access.view.account_id, access.view.scope.region)
    await track_deleted(context.request.services.database, scope, element_kind_of(resource), resource.name)


def author_of(context: MutationContext, access: GroupWriteAccess) -> WriteAuthor:
    """The caller of the context and the group of the access, as the author of a resource."""
    return author_for(context.request.policy, access.subject, access.group)
