"""Mutation payload base and user errors."""

import strawberry

from resolvers.mutations import user_errors
from resolvers.mutations.user_errors import UserErrorCode
from schema.enums import register_enum
from schema.fields import attribute, backed_by

register_enum(
    UserErrorCode,
    "UserErrorCode",
    "What sort of fault an input has",
    {
        "INVALID": "It is not of the form that is needed, or AWS finds fault with it",
        "NOT_FOUND": "Something that it names is not there",
        "ALREADY_EXISTS": "The name is taken by something that was not made here with this content",
        "CONFLICT": "It contradicts what is there, or what is under way",
        "UNREADABLE": "An address in it cannot be read with the group's role",
        "QUOTA_EXCEEDED": "It goes beyond a limit of the AWS account, or of the group",
        "DISABLED": "It asks for something that this gateway's settings have switched off",
    },
)


@backed_by(user_errors.UserError)
@strawberry.type(description="A fault of a mutation's input")
class UserError:
    """See resolvers.mutations.user_errors.UserError."""

    message: str = attribute("The fault and its remedy, in a sentence")
    code: UserErrorCode = attribute("What sort of fault it is")
    field: list[str] | None = attribute("The path of the input's field that it is about; null where it is about none")


@strawberry.type
class MutationPayload:
    """What every payload has."""

    user_errors: list[UserError] = attribute("What is wrong with the input; empty where it was done")


CREATED_DESCRIPTION = (
    "True where it was made by this call; false where the same call had made it before, or nothing was made"
)
