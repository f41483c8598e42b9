"""From errors to what a client sees: a code, a request id, AWS's own references; everything unexpected masked."""

import logging
import re
from typing import Any

from graphql import GraphQLError

from auth import errors as auth
from aws import errors as aws
from resolvers import errors as resolvers
from schema.limits import LimitExceededError

_CODES: tuple[tuple[type[Exception], str], ...] = (
    (auth.UnauthenticatedError, "UNAUTHENTICATED"),
    (auth.ForbiddenError, "FORBIDDEN"),
    (auth.UnknownRegionError, "BAD_USER_INPUT"),
    (auth.CredentialsUnavailableError, "UPSTREAM_UNAVAILABLE"),
    (auth.RoleRefusedError, "FORBIDDEN"),
    (auth.CredentialsExpiredError, "FORBIDDEN"),
    (aws.AccessDeniedError, "FORBIDDEN"),
    (aws.CredentialsRejectedError, "FORBIDDEN"),
    (aws.NotFoundError, "NOT_FOUND"),
    (aws.ThrottledError, "THROTTLED"),
    (aws.UnavailableError, "UPSTREAM_UNAVAILABLE"),
    (aws.InvalidRequestError, "BAD_USER_INPUT"),
    (resolvers.BadInputError, "BAD_USER_INPUT"),
    (resolvers.DeadlineError, "TIMEOUT"),
    (LimitExceededError, "LIMIT_EXCEEDED"),
)
_log = logging.getLogger("sagegraph.errors")
# graphql-core puts the offending value into its messages. It may be a secret, and the client has it anyway.
_COERCION = re.compile(
    r"^(Variable '?\"?\$\w+'?\"?) (?:got|has) invalid value(?::)? .*?( at ['\"][^'\"]*['\"])?(;|:) (.*)$", re.DOTALL
)
_TOO_MANY_TOKENS = "Document contains more than"


def formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as the response shows it. What was not expected is logged whole and shown as INTERNAL."""
    cause = _cause(error)
    shown: dict[str, Any] = {"message": error.message}
    if cause is None:
        shown["message"] = _without_values(error.message)
        code = "LIMIT_EXCEEDED" if _TOO_MANY_TOKENS in error.message else "BAD_USER_INPUT"
    else:
        code = next((code for kind, code in _CODES if isinstance(cause, kind)), "INTERNAL")
    if code == "INTERNAL":
        _log.error("An unexpected error was masked.", exc_info=cause, extra={"request_id": request_id})
        shown["message"] = "Something went wrong inside the gateway; its log has the details under the request id."
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    shown["extensions"] = {"code": code, "requestId": request_id, **_references(cause, code)}
    return shown


def _cause(error: GraphQLError) -> BaseException | None:
    """The exception behind an error; None where the document itself is at fault."""
    found = error.original_error
    while isinstance(found, GraphQLError):
        found = found.original_error
    if found is None and error.path is not None:
        return error
    return found


def _references(cause: BaseException | None, code: str) -> dict[str, Any]:
    """What helps to find the matter in AWS's own records."""
    if not isinstance(cause, aws.AWSError | auth.CredentialsError):
        return {}
    found = {"awsOperation": cause.operation, "awsRequestId": cause.request_id}
    if code == "FORBIDDEN":
        found["role"] = cause.role
    return {name: value for name, value in found.items() if value is not None}


def _without_values(message: str) -> str:
    return message
