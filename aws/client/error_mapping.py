"""Map AWS error responses to the classes of aws.client.errors."""

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
# S3 answers HEAD without a body; botocore takes the status for the code.
_NOT_FOUND_CODES = {"ResourceNotFound", "ResourceNotFoundException", "NoSuchKey", "NoSuchBucket", "404"}
# DescribeModel, DescribeEndpoint, DescribeEndpointConfig and ListTags have no error of their own for this.
_NOT_FOUND_MESSAGE = re.compile(
    r"could not find|requested resource not found|model ?package .*does not exist", re.IGNORECASE
)
# Codes that say that a request's content is at fault begin so. Any other is AWS's trouble or ours, not the caller's.
_INVALID_REQUEST_PREFIXES = (
    *("Validation", "InvalidParameter", "MissingParameter", "Malformed", "Conflict", "ResourceIn", "ResourceLim"),
    # S3's: a bucket's or key's name that cannot be, and a bucket of another region.
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
    """The text with U+FFFD for each half of a surrogate pair, as a text has that was cut in the middle of an emoji."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


def map_error(response: Mapping[str, Any], operation: str, role: str | None) -> AWSError:
    """Map an answer of status 300 or above to the gateway's error for it."""
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, words = str(error.get("Code", "")), mended_text(str(error.get("Message", "")))
    if words.lstrip().startswith("<") and (match := _XML_MESSAGE.search(words)):
        # A gateway in front of a JSON service, or moto, has answered in XML, which botocore takes for the message.
        words = html.unescape(match[1])
    kind = _error_class(code, words, int(metadata.get("HTTPStatusCode", 0)), operation)
    if kind is CredentialsRejectedError:
        # Of a signature that does not match, AWS repeats the whole signed request, session token and all.
        words = ""
    message = f"{_SENTENCES[kind].format(operation=operation, role=role or 'the role')}: {words or code}"
    request_id = metadata.get("RequestId")
    return kind(message, operation=operation, request_id=request_id, role=role, aws_message=words, aws_code=code)


def _error_class(code: str, words: str, status: int, operation: str) -> type[AWSError]:
    if code in _THROTTLED_CODES or status == 429:
        return ThrottledError
    if code in _REJECTED_CODES or (code == "400" and operation.startswith("Head")):
        # An answer to HEAD has no body to say why; keys that have expired are the usual reason.
        return CredentialsRejectedError
    if code in _DENIED_CODES:
        return AccessDeniedError
    if code in _NOT_FOUND_CODES or (code == "ValidationException" and _is_not_found(words, operation)):
        return NotFoundError
    if status == 403:
        return AccessDeniedError
    return InvalidRequestError if code.startswith(_INVALID_REQUEST_PREFIXES) and status < 500 else UnavailableError


def _is_not_found(words: str, operation: str) -> bool:
    """Tell whether a validation error is about the thing that was asked for, and not about a role or a key in it."""
    return operation.startswith(("Describe", "ListTags")) and _NOT_FOUND_MESSAGE.search(words) is not None


_SENTENCES: dict[type[AWSError], str] = {
    AccessDeniedError: "AWS refuses {operation} to {role}",
    CredentialsRejectedError: "AWS no longer takes the credentials of {role} (expired or revoked) for {operation}",
    NotFoundError: "AWS has nothing to answer {operation} with",
    ThrottledError: "AWS is being asked too often; {operation} was turned away",
    UnavailableError: "AWS could not do {operation}",
    InvalidRequestError: "AWS finds fault with {operation}",
}
