"""Turns what goes wrong at STS into the gateway's own errors, which name the role and the remedy and hold no secret."""

from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from auth.errors import CredentialsError, CredentialsExpiredError, CredentialsUnavailableError, RoleRefusedError

ACCESS_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException"})

NOT_TAKEN: Final = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "IDPRejectedClaim",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "InvalidIdentityToken",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClient",
        "UnrecognizedClientException",
    }
)
"""Codes that say that the keys or the token are no longer, or never were, good."""

CAN_HEAL: Final = frozenset(
    {
        "IDPCommunicationError",
        "InternalError",
        "InternalFailure",
        "RequestLimitExceeded",
        "RequestTimeout",
        "RequestThrottled",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)
"""Codes that may be gone when one asks again: throttling, and STS in trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was tried.

    Attributes:
        operation: The STS operation, such as `AssumeRole`.
        whose: Whose credentials were asked for or with, as words in a sentence.
        role: The ARN of the role that was asked for, if one was.
    """

    operation: str
    whose: str
    role: str | None = None


def of_answer(error: ClientError, attempt: Attempt) -> CredentialsError:
    """Give the fault that STS's error answer stands for. AWS's own words stay out: some repeat the signed headers."""
    answer: dict[str, Any] = error.response
    metadata = answer.get("ResponseMetadata", {})
    code = str(answer.get("Error", {}).get("Code", "Unknown"))
    kind, message = _told(code, int(metadata.get("HTTPStatusCode", 0)), f"{attempt.operation} for {attempt.whose}")
    return kind(message, role=attempt.role, operation=attempt.operation, request_id=metadata.get("RequestId"))


def _told(code: str, status: int, what: str) -> tuple[type[CredentialsError], str]:
    if code in CAN_HEAL or status >= 500 or status == 429:
        return CredentialsUnavailableError, f"STS could not answer {what} ({code}); try again later."
    if code in NOT_TAKEN:
        return CredentialsExpiredError, (
            f"The keys or the token sent with {what} have expired, were revoked or are wrong ({code}); supply new ones."
        )
    if code in ACCESS_DENIED:
        return RoleRefusedError, (
            f"STS refused {what} ({code}). The role's trust policy, its external id and the rights of the credentials "
            "that ask must all allow it."
        )
    return RoleRefusedError, f"STS refused {what} ({code}); check the entry in the settings."


def of_connection(error: Exception, attempt: Attempt) -> CredentialsUnavailableError:
    """Give the fault for an STS that could not be reached, or whose answer could not be read."""
    why = type(error).__name__
    message = f"STS could not be reached for {attempt.operation} for {attempt.whose} ({why}); try again later."
    return CredentialsUnavailableError(message, role=attempt.role, operation=attempt.operation)


def of_settings(error: Exception, attempt: Attempt) -> RoleRefusedError:
    """Give the fault for a call that botocore would not even send, such as one for a role whose ARN is none."""
    why = type(error).__name__
    message = f"{attempt.operation} for {attempt.whose} could not be sent ({why}); check the entry in the settings."
    return RoleRefusedError(message, role=attempt.role, operation=attempt.operation)
