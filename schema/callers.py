"""Who is asking, and what a front end must know of this gateway."""

import strawberry

from aws import access
from resolvers import callers
from schema.enums import AuthenticationType, Permission
from schema.fields import shown, shows


@shows(access.OperationAccess)
@strawberry.type(description="Whether the caller's role may do one thing")
class OperationAccess:
    """See aws.access.OperationAccess."""

    action: str = shown("The IAM action")
    allowed: bool | None = shown("Whether it is allowed; null where that depends on the resource or on circumstances")
    needed_for: list[str] = shown("The parts of the graph that need it")
    detail: str | None = shown("How this was found out, or what it depends on")


@shows(access.AccessCheck)
@strawberry.type(description="What the caller's role may do of what this gateway needs")
class AccessCheck:
    """See aws.access.AccessCheck."""

    allowed: bool = shown("True where every operation that reads is known to be allowed")
    operations: list[OperationAccess] = shown("The operations that this gateway uses")


@shows(callers.CallerRole)
@strawberry.type(description="The AWS role that one of the caller's groups is served with")
class CallerRole:
    """See resolvers.callers.CallerRole."""

    group: str = shown("The group; `*` where the role serves everyone without one of their own")
    role_arn: str | None = shown("The role; null for stored keys")
    account_id: str | None = shown("The role's account; null for stored keys")
    region: str = shown("The region that is asked where a query names none")
    authentication_type: AuthenticationType = shown("How the group comes by its credentials")
    active: bool = shown("True for the group that this request acts for")


@shows(callers.CallerFacts)
@strawberry.type(description="Who is asking")
class Caller:
    """See resolvers.callers.CallerFacts."""

    subject: str = shown("The caller's name")
    groups: list[str] = shown("The groups of the identity")
    group: str | None = shown("The group that this request acts for")
    roles: list[CallerRole] = shown("The role of each group that has one, in the order of the default choice")
    permissions: list[Permission] = shown("What the acting group may do")
