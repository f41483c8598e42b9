"""The caller, their access, and the settings that a front end needs."""

import strawberry

from aws import access
from resolvers import services, viewer
from schema.enums import AuthenticationType, Permission
from schema.fields import attribute, backed_by
from schema.registry_enums import ApprovalKind, AssetRole
from schema.scalars import BigInt


@backed_by(access.OperationAccess)
@strawberry.type(description="Whether the caller's role may do one thing")
class OperationAccess:
    """See aws.access.OperationAccess."""

    action: str = attribute("The IAM action")
    allowed: bool | None = attribute(
        "Whether it is allowed; null where that depends on the resource or on circumstances"
    )
    needed_for: list[str] = attribute("The parts of the graph that need it")
    detail: str | None = attribute("How this was found out, or what it depends on")


@backed_by(access.AccessCheck)
@strawberry.type(description="What the caller's role may do of what this gateway needs")
class AccessCheck:
    """See aws.access.AccessCheck."""

    allowed: bool = attribute("True where every operation that reads is known to be allowed")
    operations: list[OperationAccess] = attribute("The operations that this gateway uses")


@backed_by(viewer.CallerRole)
@strawberry.type(description="The AWS role that one of the caller's groups is served with")
class CallerRole:
    """See resolvers.viewer.CallerRole."""

    group: str = attribute("The group; `*` where the role serves everyone without one of their own")
    role_arn: str | None = attribute("The role; null for stored keys")
    account_id: str | None = attribute("The role's account; null for stored keys")
    region: str = attribute("The region that is asked where a query names none")
    authentication_type: AuthenticationType = attribute("How the group comes by its credentials")
    active: bool = attribute("True for the group that this request acts for")


@backed_by(viewer.CallerProfile)
@strawberry.type(description="Who is asking")
class Caller:
    """See resolvers.viewer.CallerProfile."""

    subject: str = attribute("The caller's name")
    groups: list[str] = attribute("The groups of the identity")
    group: str | None = attribute("The group that this request acts for")
    roles: list[CallerRole] = attribute("The role of each group that has one, in the order of the default choice")
    permissions: list[Permission] = attribute("What the acting group may do")


@backed_by(services.PublicSettings)
@strawberry.type(description="What a front end must know of this gateway's settings to draw itself")
class PublicSettings:
    """See resolvers.services.PublicSettings."""

    enter_credentials: bool = attribute(
        "True where an import may bring credentials for its one request, from callers who may ENTER_CREDENTIALS"
    )
    approval: ApprovalKind = attribute("Who is asked to approve deployments")
    required_assets: list[AssetRole] = attribute("The assets that a deployment asks for")
    create_default_snapshot: bool = attribute(
        "True where an import makes a snapshot for a model that has none, unless it says otherwise"
    )
    max_upload_bytes: BigInt = attribute("The largest upload of an asset, in bytes")
