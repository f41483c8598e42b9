"""Mapping of AWS error responses to the classes of aws.client.errors."""

import html
import re
from collections.abc import Mapping
from typing import Any

from aws.client.errors import (
    AccessDeniedError,
    AWSError,
    CredentialsRejectedError,
    InvalidRequestError,
    NotFoundError,
    ThrottledError,
    UnavailableError,
)

# The real service answers 400 AccessDeniedException as JSON; gateways in front of it, and moto, answer XML with 403.
_DENIED_CODES = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}
_REJECTED_CODES = {
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
_THROTTLED_CODES = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
}
# S3 answers HEAD without a body, so botocore gives the status as the code.
_NOT_FOUND_CODES = {"ResourceNotFound", "ResourceNotFoundException", "NoSuchKey", "NoSuchBucket", "404"}
# DescribeModel, DescribeEndpoint, DescribeEndpointConfig and ListTags declare no error for a missing resource.
_NOT_FOUND_MESSAGE = re.compile(
    r"could not find|requested resource not found|model ?package .*does not exist", re.IGNORECASE
)
# Beginnings of codes for a fault in the content of a request. Other codes are no fault of the caller.
_INVALID_REQUEST_PREFIXES = (
    *("Validation", "InvalidParameter", "MissingParameter", "Malformed", "Conflict", "ResourceIn", "ResourceLim"),
    # S3's codes for an invalid bucket or key, and for a bucket of another region.
    *(
        "InvalidBucketName",
        "KeyTooLong",
        "PermanentRedirect",
        "IllegalLocationConstraint",
        "AuthorizationHeader",
        "301",
    ),
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_XML_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)


def mended_text(text: str) -> str:
    """Give `text` with U+FFFD for each half of a surrogate pair, which a text cut inside an emoji has."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def map_error(response: Mapping[str, Any], operation: str, role: str | None) -> AWSError:
    """Map AWS's error answer, of status 300 or above, to the gateway's error for it.

    Args:
        response: botocore's parsed answer, with `Error` and `ResponseMetadata`.
        operation: The operation that was called, for the message.
        role: The principal that called it, for the message; None if it is not known.
    """
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, words = str(error.get("Code", "")), mended_text(str(error.get("Message", "")))
    if words.lstrip().startswith("<") and (match := _XML_MESSAGE.search(words)):
        # A gateway in front of a JSON service, or moto, answered in XML, which botocore gives as the message.
        words = html.unescape(match[1])
    kind = _error_class(code, words, int(metadata.get("HTTPStatusCode", 0)), operation)
    if kind is CredentialsRejectedError:
        # For a wrong signature, AWS's message repeats the signed request with the session token.
        words = ""
    message = f"{_SENTENCES[kind].format(operation=operation, role=role or 'the role')}: {words or code}"
    request_id = metadata.get("RequestId")
    return kind(message, operation=operation, request_id=request_id, role=role, aws_message=words, aws_code=code)


def _error_class(code: str, words: str, status: int, operation: str) -> type[AWSError]:
    if code in _THROTTLED_CODES or status == 429:
        return ThrottledError
    if code in _REJECTED_CODES or (code == "400" and operation.startswith("Head")):
        # An answer to HEAD has no body with a reason; expired keys are the usual one.
        return CredentialsRejectedError
    if code in _DENIED_CODES:
        return AccessDeniedError
    if code in _NOT_FOUND_CODES or (code == "ValidationException" and _is_not_found(words, operation)):
        return NotFoundError
    if status == 403:
        return AccessDeniedError
    return InvalidRequestError if code.startswith(_INVALID_REQUEST_PREFIXES) and status < 500 else UnavailableError


def _is_not_found(words: str, operation: str) -> bool:
    """Tell whether a validation error means the requested resource, and not a role or a key in it."""
    return operation.startswith(("Describe", "ListTags")) and _NOT_FOUND_MESSAGE.search(words) is not None


_SENTENCES: dict[type[AWSError], str] = {
    AccessDeniedError: "AWS refuses {operation} to {role}",
    CredentialsRejectedError: "AWS no longer takes the credentials of {role} (expired or revoked) for {operation}",
    NotFoundError: "AWS has nothing to answer {operation} with",
    ThrottledError: "AWS is being asked too often; {operation} was turned away",
    UnavailableError: "AWS could not do {operation}",
    InvalidRequestError: "AWS finds fault with {operation}",
}
