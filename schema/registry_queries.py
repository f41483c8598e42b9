"""The few lines that hand the root's questions about what the gateway remembers to their resolvers."""

from typing import Annotated, Any

import strawberry

from resolvers import audit_events, deployments, registrations
from schema.deployment_inputs import DeploymentFilter
from schema.fields import After, First, Info, page_arguments
from schema.registry_inputs import AuditFilter, RegistrationFilter

RegistrationIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The registration's id")]
RegistrationFilterArgument = Annotated[
    RegistrationFilter | None, strawberry.argument(description="Which registrations to list")
]
DeploymentIdArgument = Annotated[strawberry.ID, strawberry.argument(description="The deployment's id")]
DeploymentFilterArgument = Annotated[
    DeploymentFilter | None, strawberry.argument(description="Which deployments to list")
]
AuditFilterArgument = Annotated[AuditFilter | None, strawberry.argument(description="Which events to list")]


async def get_registration(info: Info, id: RegistrationIdArgument) -> Any:
    """A registration by its id."""
    request = info.context
    return await request.in_time(registrations.get_registration(request, id))


async def list_registrations(
    info: Info, first: First = 50, after: After = None, filter: RegistrationFilterArgument = None
) -> Any:
    """A page of registrations."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else registrations.RegistrationQuery()
    return await request.in_time(registrations.list_registrations(request, page, which))


async def get_deployment(info: Info, id: DeploymentIdArgument) -> Any:
    """A deployment by its id."""
    request = info.context
    return await request.in_time(deployments.get_deployment(request, id))


async def list_deployments(
    info: Info, first: First = 50, after: After = None, filter: DeploymentFilterArgument = None
) -> Any:
    """A page of deployments."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else deployments.DeploymentQuery()
    return await request.in_time(deployments.list_deployments(request, page, which))


async def list_audit_events(
    info: Info, first: First = 50, after: After = None, filter: AuditFilterArgument = None
) -> Any:
    """A page of the audit trail."""
    request, page = info.context, page_arguments(info.context, first, after, 50)
    which = filter.value() if filter else audit_events.AuditEventQuery()
    return await request.in_time(audit_events.list_audit_events(request, page, which))
