"""Tells what an AWS error answer means: denied, gone, throttled, expired, at fault, or AWS's own trouble."""

from collections.abc import Mapping
from typing import Any

from aws.errors import (
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)

# The real service answers 400 AccessDeniedException as JSON; gateways in front of it, and moto, answer XML with 403.
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}
_REJECTED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "IncompleteSignature",
}
_THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
}
_GONE = {"ResourceNotFound", "ResourceNotFoundException", "NoSuchKey", "NoSuchBucket"}
# DescribeModel, DescribeEndpoint and DescribeEndpointConfig have no error of their own for this.
_GONE_WORDS = ("could not find", "does not exist", "not found", "cannot find")


def read_refusal(response: Mapping[str, Any], operation: str, role: str | None) -> AWSError:
    """The error that an answer of status 300 or above stands for."""
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, words = str(error.get("Code", "")), str(error.get("Message", ""))
    kind = _kind(code, words, int(metadata.get("HTTPStatusCode", 0)))
    message = f"{_SENTENCES[kind].format(operation=operation, role=role or 'the role')}: {words or code}"
    return kind(message, operation=operation, request_id=metadata.get("RequestId"), role=role)


def _kind(code: str, words: str, status: int) -> type[AWSError]:
    if code in _THROTTLED or status == 429:
        return ThrottledError
    if code in _REJECTED:
        return CredentialsRejectedError
    if code in _DENIED:
        return AccessDeniedError
    if code in _GONE or (code == "ValidationException" and any(part in words.lower() for part in _GONE_WORDS)):
        return NotFoundError
    if status >= 500 or code in {"InternalFailure", "ServiceUnavailable", "InternalError"}:
        return UnavailableError
    return AccessDeniedError if status == 403 else InvalidRequestError


_SENTENCES: dict[type[AWSError], str] = {
    AccessDeniedError: "AWS refuses {operation} to {role}",
    CredentialsRejectedError: "AWS no longer takes the credentials of {role} (expired or revoked) for {operation}",
    NotFoundError: "AWS has nothing to answer {operation} with",
    ThrottledError: "AWS is being asked too often; {operation} was turned away",
    UnavailableError: "AWS could not do {operation}",
    InvalidRequestError: "AWS finds fault with {operation}",
}
