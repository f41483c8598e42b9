"""The few lines that hand the root's questions about what the gateway remembers to their resolvers."""

from typing import Annotated, Any

import strawberry

from resolvers import audit_events, deployments, registrations
from schema.deployment_inputs import DeploymentFilter
from schema.fields import After, First, Info, page_arguments
from schema.registry_inputs import AuditFilter, RegistrationFilter

RegistrationId = Annotated[strawberry.ID, strawberry.argument(description="The registration's id")]
WhichRegistrations = Annotated[
    RegistrationFilter | None, strawberry.argument(description="Which registrations to list")
]
DeploymentId = Annotated[strawberry.ID, strawberry.argument(description="The deployment's id")]
WhichDeployments = Annotated[DeploymentFilter | None, strawberry.argument(description="Which deployments to list")]
WhichEvents = Annotated[AuditFilter | None, strawberry.argument(description="Which events to list")]


async def registration(info: Info, id: RegistrationId) -> Any:
    """A registration by its id."""
    request = info.context
    return await request.in_time(registrations.by_id(request, id))


async def registration_page(
    info: Info, first: First = 50, after: After = None, filter: WhichRegistrations = None
) -> Any:
    """A page of registrations."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else registrations.WhichRegistrations()
    return await request.in_time(registrations.page(request, page, which))


async def deployment(info: Info, id: DeploymentId) -> Any:
    """A deployment by its id."""
    request = info.context
    return await request.in_time(deployments.by_id(request, id))


async def deployment_page(info: Info, first: First = 50, after: After = None, filter: WhichDeployments = None) -> Any:
    """A page of deployments."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else deployments.WhichDeployments()
    return await request.in_time(deployments.page(request, page, which))


async def audit_event_page(info: Info, first: First = 50, after: After = None, filter: WhichEvents = None) -> Any:
    """A page of the audit trail."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else audit_events.WhichEvents()
    return await request.in_time(audit_events.page(request, page, which))
