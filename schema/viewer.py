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
    "The way in which a group gets its AWS credentials",
    {
        "BASIC": "Stored keys",
        "ASSUME_ROLE_WITH_WEB_IDENTITY": "A role taken with a web-identity token",
        "ASSUME_ROLE": "A role assumed for the group",
        "ENTERED": "Keys entered for one request",
    },
)
register_enum(
    Permission,
    "Permission",
    "A permission of a group",
    {
        "READ": "See SageMaker's resources and the registry",
        "IMPORT": "Import models, and keep registrations and their assets",
        "CREATE_JOBS": "Create and stop training and transform jobs",
        "DEPLOY": "Create and delete snapshots, and take them through the deploy lifecycle",
        "DEPLOY_WITHOUT_APPROVAL": "Create, update and delete runtimes directly",
        "APPROVE": "Approve and reject deployments",
        "SEE_SECRETS": "See environment values and hyper-parameters",
        "ENTER_CREDENTIALS": "Import with credentials entered for one request",
        "AUDIT": "Read the audit trail",
    },
)
register_enum(
    ApprovalKind,
    "ApprovalKind",
    "The system that approves deployments",
    {
        "BUILTIN": "The gateway's own callers, those who may APPROVE",
        "JIRA": "Jira, by the status of a ticket",
    },
)


@strawberry.type(description="An operation, and whether the caller's role may perform it")
class OperationAccess:
    """See aws.access.OperationAccess."""

    action: str = attribute("The IAM action")
    allowed: bool | None = attribute(
        "True if it is allowed; null if that depends on the resource or on the circumstances of the call"
    )
    needed_for: list[str] = attribute("The parts of the graph that need it")
    detail: str | None = attribute("The evidence, or the condition that it depends on")


@strawberry.type(description="The operations that this gateway needs, and whether the caller's role may perform them")
class AccessCheck:
    """See aws.access.AccessCheck."""

    allowed: bool = attribute("True if every operation that reads is known to be allowed")
    operations: list[OperationAccess] = attribute("The operations that this gateway uses")


@strawberry.type(description="The AWS role that one of the caller's groups is served with")
class CallerRole:
    """See resolvers.viewer.CallerRole."""

    group: str = attribute("The group; `*` if the role serves every caller whose groups have no role of their own")
    role_arn: str | None = attribute("The role; null for stored keys")
    account_id: str | None = attribute("The role's account; null for stored keys")
    region: str = attribute("The region that is asked if a query names none")
    regions: list[str] = attribute("Every region that a query may name for the group")
    authentication_type: AuthenticationType = attribute("The way in which the group gets its credentials")
    active: bool = attribute("True for the group that this request acts for")


@strawberry.type(description="One of the caller's groups")
class Membership:
    """See resolvers.viewer.Membership."""

    group: str = attribute("The group")
    permissions: list[Permission] = attribute("Its permissions")
    over: list[str] = attribute(
        "The other groups whose registrations and deployments it sees and decides about; `*` for every group"
    )
    role: CallerRole | None = attribute("The AWS role that serves it; null if it has none")


@strawberry.type(description="The caller")
class Caller:
    """See resolvers.viewer.CallerProfile."""

    subject: str = attribute("The caller's name")
    groups: list[str] = attribute("The groups of the identity")
    group: str | None = attribute("The group that this request acts for")
    roles: list[CallerRole] = attribute("The role of each group that has one, in the order of the default choice")
    permissions: list[Permission] = attribute("The permissions of the acting group")
    memberships: list[Membership] = attribute("Every group of the caller, also those without a role")


@strawberry.type(description="The caller's budget of query cost for one minute")
class RateLimit:
    """See resolvers.caller_limits.RateLimit."""

    limit: int = attribute("The most that the queries of one minute may cost")
    cost: int = attribute("The cost of this query")
    used: int = attribute("The cost of the minute so far, this query included")
    remaining: int = attribute("The cost that is left")
    reset_at: datetime = attribute("The end of the minute")


def setting(path: str, description: str) -> Any:
    """A field that shows the setting at this path, such as `assets.max_upload_bytes`."""
    read = attrgetter(path)

    def resolve(root: Any) -> Any:
        return read(root)

    return strawberry.field(resolver=resolve, description=description)


@strawberry.type(description="The settings that a front end needs to draw itself")
class PublicSettings:
    """See resolvers.services.SharedSettings."""

    enter_credentials: bool = setting(
        "enter_credentials.enabled",
        "True if callers who may ENTER_CREDENTIALS can import with credentials for one request",
    )
    approval: ApprovalKind = setting("deployments.approval", "The system that approves deployments")
    required_assets: list[AssetRole] = setting("deployments.required_assets", "The assets that a deployment requires")
    create_default_snapshot: bool = setting(
        "imports.create_default_snapshot",
        "True if an import makes a snapshot for a model that has none, by default",
    )
    max_upload_bytes: BigInt = setting("assets.max_upload_bytes", "The largest upload of an asset, in bytes")
    version: str = setting("version", "The gateway's version")
