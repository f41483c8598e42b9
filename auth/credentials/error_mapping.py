"""Mapping of STS failures to the errors of auth, which name the role and the remedy and hold no secret."""

from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from auth.errors import CredentialsError, CredentialsExpiredError, CredentialsUnavailableError, RoleRefusedError

ACCESS_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException"})

REJECTED_CREDENTIALS: Final = frozenset(
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
"""Codes for keys or a token that are no longer valid, or never were."""

TRANSIENT: Final = frozenset(
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
"""Codes of faults that may have passed at the next try: throttling, and trouble in STS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StsAttempt:
    """An attempt to get credentials from STS.

    Attributes:
        operation: The STS operation, such as `AssumeRole`.
        credentials_name: The credentials that were asked for, or that signed, as words in a sentence.
        role: The ARN of the role that was asked for; None if none was.
    """

    operation: str
    credentials_name: str
    role: str | None = None


def from_client_error(error: ClientError, attempt: StsAttempt) -> CredentialsError:
    """Give the error of auth for STS's error answer. AWS's message stays out: some repeat the signed headers."""
    answer: dict[str, Any] = error.response
    metadata = answer.get("ResponseMetadata", {})
    code = str(answer.get("Error", {}).get("Code", "Unknown"))
    kind, message = _classify(
        code, int(metadata.get("HTTPStatusCode", 0)), f"{attempt.operation} for {attempt.credentials_name}"
    )
    return kind(message, role=attempt.role, operation=attempt.operation, request_id=metadata.get("RequestId"))


def _classify(code: str, status: int, request: str) -> tuple[type[CredentialsError], str]:
    if code in TRANSIENT or status >= 500 or status == 429:
        return CredentialsUnavailableError, f"STS could not answer {request} ({code}); try again later."
    if code in REJECTED_CREDENTIALS:
        return CredentialsExpiredError, (
            f"The keys or the token sent with {request} are expired, revoked or wrong ({code}); supply new ones."
        )
    if code in ACCESS_DENIED:
        return RoleRefusedError, (
            f"STS refused {request} ({code}). The role's trust policy, its external id and the rights of the keys "
            "that ask must all allow it."
        )
    return RoleRefusedError, f"STS refused {request} ({code}); check the entry in the settings."


def from_connection_error(error: Exception, attempt: StsAttempt) -> CredentialsUnavailableError:
    """Give the error of auth for an `attempt` that did not reach STS, or whose answer could not be read."""
    why = type(error).__name__
    message = (
        f"STS could not be reached for {attempt.operation} for {attempt.credentials_name} ({why}); try again later."
    )
    return CredentialsUnavailableError(message, role=attempt.role, operation=attempt.operation)


def from_unsendable_request(error: Exception, attempt: StsAttempt) -> RoleRefusedError:
    """Give the error of auth for an `attempt` that botocore did not send, such as one for a malformed role ARN."""
    why = type(error).__name__
    message = f"{attempt.operation} for {attempt.credentials_name} was not sent ({why}); check its settings."
    return RoleRefusedError(message, role=attempt.role, operation=attempt.operation)
