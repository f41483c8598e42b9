"""SageMaker resources that a group's registrations and deployments name."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from registry.database import Connection
from registry.deployment_tables import deployment_steps, deployments
from registry.enums import LATER_ELEMENT_KINDS, ElementKind
from registry.link_tables import job_links
from registry.tables import elements, later_elements, registrations


@dataclass(frozen=True, slots=True)
class ResourceName:
    """A SageMaker resource by its name, in the scope of a group's records.

    Attributes:
        group: The group.
        account_id: The AWS account.
        region: The AWS region.
        kind: The kind of resource.
        name: Its name.
    """

    group: str
    account_id: str
    region: str
    kind: ElementKind
    name: str


async def is_named(connection: Connection, resource: ResourceName) -> bool:
    """Tell whether a registration, one of its elements, or a deployment of the group names the resource."""
    return bool(await connection.scalar(select(or_(*_places(resource)))))


def _places(resource: ResourceName) -> list[ColumnElement[bool]]:
    own, deployed = registrations.c, deployments.c
    imported = and_(
        own.group_name == resource.group, own.account_id == resource.account_id, own.region == resource.region
    )
    kept = (later_elements if resource.kind in LATER_ELEMENT_KINDS else elements).c
    places: list[ColumnElement[bool]] = [
        exists().where(
            imported,
            kept.registration_key == own.key,
            kept.kind == resource.kind.name,
            kept.name == resource.name,
        ),
        exists().where(
            imported,
            job_links.c.registration_key == own.key,
            job_links.c.kind == resource.kind.name,
            job_links.c.name == resource.name,
        ),
    ]
    if resource.kind is ElementKind.MODEL:
        places.append(exists().where(imported, own.model_name == resource.name))
    of_group = and_(
        deployed.group_name == resource.group,
        deployed.account_id == resource.account_id,
        deployed.region == resource.region,
    )
    return [*places, *(exists().where(of_group, named) for named in _deployment_names(resource))]


def _deployment_names(resource: ResourceName) -> list[ColumnElement[bool]]:
    """The conditions by which a deployment names a resource of this kind."""
    deployed, name = deployments.c, resource.name
    match resource.kind:
        case ElementKind.SNAPSHOT:
            return [or_(deployed.snapshot_name == name, deployed.runtime_before == name)]
        case ElementKind.RUNTIME:
            return [or_(deployed.runtime_name == name, deployed.runtime_wish == name)]
        case ElementKind.TRANSFORM_JOB:
            step = deployment_steps.c
            return [and_(step.deployment_key == deployed.key, step.job_name == name)]
    return []
