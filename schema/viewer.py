"""The caller, their access, and the settings that a front end needs."""

from datetime import datetime
from operator import attrgetter
from typing import Any

import strawberry

from auth.credential_entries import AuthenticationType
from auth.permissions import Permission
from registry.enums import AssetRole
from schema.enums import register_enum
from schema.fields import attribute
from schema.scalars import BigInt
from workflows.approvals.backend import ApprovalKind

register_enum(
    AuthenticationType,
    "AuthenticationType",
    "The source of a group's AWS credentials",
    {
        "BASIC": "Stored keys of the group",
        "ASSUME_ROLE_WITH_WEB_IDENTITY": "A role taken with a web-identity token",
        "ASSUME_ROLE": "A role assumed for the group",
        "ENTERED": "Keys that a caller entered for one request",
    },
)
register_enum(
    Permission,
    "Permission",
    "A permission of a group, from the block `permissions` of the settings",
    {
        "READ": "See SageMaker's resources and the gateway's records",
        "IMPORT": "Import models, and change registrations and their assets",
        "CREATE_JOBS": "Create and stop training and transform jobs",
        "DEPLOY": "Create and delete snapshots, and start deployments of them",
        "DEPLOY_WITHOUT_APPROVAL": "Create, update and delete runtimes directly",
        "APPROVE": "Approve and reject deployments, and versions in the model registry",
        "SEE_SECRETS": "See the values of environment variables and hyper-parameters",
        "ENTER_CREDENTIALS": "Import a model with AWS keys entered for one request",
        "AUDIT": "Read the audit trail",
    },
)
register_enum(
    ApprovalKind,
    "ApprovalKind",
    "The system that approves deployments",
    {
        "BUILTIN": "The gateway itself: callers with the permission APPROVE decide",
        "JIRA": "Jira: the status of a ticket decides",
    },
)


@strawberry.type(description="An operation, and whether the role may perform it")
class OperationAccess:
    """See aws.access.OperationAccess."""

    action: str = attribute("The IAM action, such as sagemaker:ListModels")
    allowed: bool | None = attribute(
        "True if the operation is allowed; null if that depends on the resource or on the circumstances of the call"
    )
    needed_for: list[str] = attribute("The parts of the graph that need the operation")
    detail: str | None = attribute("The evidence for `allowed`, or the condition that it depends on")


@strawberry.type(
    description="The SageMaker operations that this gateway uses, and whether the role of a group may perform them"
)
class AccessCheck:
    """See aws.access.AccessCheck."""

    allowed: bool = attribute("True if every operation that only reads is known to be allowed")
    operations: list[OperationAccess] = attribute("The operations that this gateway uses, each once")


@strawberry.type(description="The AWS role of one of the caller's groups")
class CallerRole:
    """See resolvers.viewer.CallerRole."""

    group: str = attribute("The group; `*` for a role that serves every caller whose groups have no role of their own")
    role_arn: str | None = attribute("The ARN of the role; null for stored keys")
    account_id: str | None = attribute("The AWS account of the role; null for stored keys")
    region: str = attribute("The default region: a query that names no region reads this one")
    regions: list[str] = attribute("All regions that a query of the group may name")
    authentication_type: AuthenticationType = attribute("The source of the group's credentials")
    active: bool = attribute("True for the group that this request acts for")


@strawberry.type(description="One of the caller's groups")
class Membership:
    """See resolvers.viewer.Membership."""

    group: str = attribute("The name of the group")
    permissions: list[Permission] = attribute("The permissions of the group")
    over: list[str] = attribute(
        "The other groups whose registrations and deployments this group sees and decides about; `*` for every group"
    )
    role: CallerRole | None = attribute("The AWS role of the group; null if it has none")


@strawberry.type(description="The caller of this request")
class Caller:
    """See resolvers.viewer.CallerProfile."""

    subject: str = attribute("The caller's name")
    groups: list[str] = attribute("The groups of the caller, as the identity names them")
    group: str | None = attribute("The group that this request acts for; null for none")
    roles: list[CallerRole] = attribute("The AWS role of each group that has one; the first is the default")
    permissions: list[Permission] = attribute("The permissions of the group that this request acts for")
    memberships: list[Membership] = attribute("Every group of the caller, also those without a role")


@strawberry.type(description="The caller's budget of query cost in the present minute, in this process")
class RateLimit:
    """See resolvers.caller_limits.RateLimit."""

    limit: int = attribute("The highest cost of the caller's queries in a minute")
    cost: int = attribute("The cost of this query")
    used: int = attribute("The cost of the caller's queries in this minute so far, this query included")
    remaining: int = attribute("The cost that is left in this minute")
    reset_at: datetime = attribute("The time at which this minute ends")


def setting(path: str, description: str) -> Any:
    """A field that shows the setting at this path, such as `assets.max_upload_bytes`."""
    read = attrgetter(path)

    def resolve(root: Any) -> Any:
        return read(root)

    return strawberry.field(resolver=resolve, description=description)


@strawberry.type(description="The settings that a front end needs")
class PublicSettings:
    """See resolvers.services.SharedSettings."""

    enter_credentials: bool = setting(
        "enter_credentials.enabled",
        "True if callers with ENTER_CREDENTIALS can import a model with AWS keys for one request",
    )
    approval: ApprovalKind = setting("deployments.approval", "The system that approves deployments")
    required_assets: list[AssetRole] = setting(
        "deployments.required_assets", "The asset roles that a deployment requires of each model"
    )
    create_default_snapshot: bool = setting(
        "imports.create_default_snapshot",
        "True if an import makes a snapshot for a model without one, unless the import says otherwise",
    )
    max_upload_bytes: BigInt = setting("assets.max_upload_bytes", "The largest upload of an asset, in bytes")
    version: str = setting("version", "The version of the gateway")
