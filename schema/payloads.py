"""Mutation payload base and user errors."""

import strawberry

from resolvers.errors import UserErrorCode
from schema.enums import register_enum
from schema.fields import attribute

register_enum(
    UserErrorCode,
    "UserErrorCode",
    "The category of a fault in the input",
    {
        "INVALID": "A value is malformed, or AWS refuses it",
        "NOT_FOUND": "Something that the input names does not exist",
        "ALREADY_EXISTS": "The name is taken by a resource that the gateway did not make with this content",
        "CONFLICT": "The input contradicts the present state, or a change that is under way",
        "UNREADABLE": "The group's role cannot read an address in the input",
        "QUOTA_EXCEEDED": "The change exceeds a quota of the AWS account or a limit of the group",
        "DISABLED": "The settings of this gateway switch this off",
    },
)


@strawberry.type(description="A fault of a mutation's input")
class UserError:
    """See resolvers.errors.UserError."""

    message: str = attribute("The fault and the remedy, in a sentence")
    code: UserErrorCode = attribute("The category of the fault")
    field: list[str] | None = attribute(
        "The path of the faulty field in the input; null if no single field is at fault"
    )


@strawberry.type
class MutationPayload:
    """The fields of every payload."""

    user_errors: list[UserError] = attribute("The faults of the input; empty if the change was made")


CREATED_DESCRIPTION = "True if this call made the resource; false if an equal call had made it before, or "
"if nothing was made"
