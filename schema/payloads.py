"""Mutation payload base and user errors."""

import strawberry

from resolvers.errors import UserErrorCode
from schema.enums import register_enum
from schema.fields import attribute

register_enum(
    UserErrorCode,
    "UserErrorCode",
    "The category of an input's fault",
    {
        "INVALID": "A value is malformed, or AWS refuses it",
        "NOT_FOUND": "A thing named in the input does not exist",
        "ALREADY_EXISTS": "The name is taken by something that was not made here with this content",
        "CONFLICT": "The input contradicts the present state, or a change under way",
        "UNREADABLE": "The group's role cannot read an address in it",
        "QUOTA_EXCEEDED": "It exceeds a limit of the AWS account, or of the group",
        "DISABLED": "The settings of this gateway have switched the feature off",
    },
)


@strawberry.type(description="A fault of a mutation's input")
class UserError:
    """See resolvers.errors.UserError."""

    message: str = attribute("The fault and its remedy, in a sentence")
    code: UserErrorCode = attribute("The category of the fault")
    field: list[str] | None = attribute("The path of the faulty field; null if no single field is at fault")


@strawberry.type
class MutationPayload:
    """The fields of every payload."""

    user_errors: list[UserError] = attribute("Faults of the input; empty if the change was made")


CREATED_DESCRIPTION = "True if this call made it; false if the same call had made it before, or if nothing was made"
