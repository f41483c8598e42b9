"""From errors to the form that clients see: a code, a request id, AWS's own references; any unexpected one masked."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from graphql import GraphQLError

from auth import errors as auth
from aws.client import errors as aws
from registry import errors as registry
from resolvers import errors as resolvers
from schema.limits.errors import LimitExceededError
from schema.limits.redaction import without_values
from schema.limits.trusted_documents import UntrustedDocumentError
from workflows.durable import errors as durable

# Exceptions that carry the contract's code.
_CODED = (
    auth.AuthError,
    aws.AWSError,
    registry.RegistryError,
    resolvers.BadInputError,
    resolvers.DeadlineError,
    resolvers.ScanBoundError,
    resolvers.RateLimitedError,
    LimitExceededError,
    UntrustedDocumentError,
    durable.DurableError,
)
ERROR_CODES: Final[Mapping[str, str]] = {
    "UNAUTHENTICATED": "the request names no caller, or its token is not valid",
    "FORBIDDEN": "the caller lacks a permission, or AWS refused a call to the role in `extensions.role`",
    "NOT_FOUND": "AWS has no such resource, or the gateway no such address",
    "BAD_USER_INPUT": "the document, a variable or an argument is not valid; the message has the remedy",
    "THROTTLED": "AWS turned calls away; send the request again later",
    "TIMEOUT": "the time of the request was up before this part was read",
    "UPSTREAM_UNAVAILABLE": "AWS, the database or the identity provider does not answer",
    "LIMIT_EXCEEDED": "a limit of the gateway was exceeded; wait for `extensions.retryAfterSeconds`, if it is there",
    "PERSISTED_QUERY_NOT_SUPPORTED": "no trusted document has this hash; send the text",
    "INTERNAL": "the gateway failed; its log has the details, by the request id",
}
"""The values of `extensions.code`, each with its meaning."""
_log = logging.getLogger("sagegraph.errors")
# graphql-core refuses these for their size, before schema/limits/document_limits.py can look at them.
_TOO_LARGE = (
    "Syntax Error: Document contains more than",
    "Syntax Error: Document is nested too deeply",
    "Variable values are nested too deeply",
    "Maximum introspection depth exceeded",
)


def format_error(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as the response shows it. An unexpected one is logged whole and shown as INTERNAL."""
    cause = _cause(error)
    shown: dict[str, Any] = {"message": error.message}
    if cause is None:
        shown["message"] = without_values(error.message)
        code = "LIMIT_EXCEEDED" if error.message.startswith(_TOO_LARGE) else "BAD_USER_INPUT"
    else:
        code = _code(cause)
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
    """The exception behind an error; None if the document or its variables are at fault."""
    original = error.original_error
    if error.path is None:
        # A fault of the document has nodes; an extension's own failure has none.
        return None if original is None or error.nodes else _innermost(original)
    if isinstance(original, GraphQLError) and original.original_error is None and original.nodes:
        # A variable whose type is allowed in its place, but not its value, which shows only when the field runs.
        return None
    return _innermost(original or error)


def _code(cause: BaseException) -> str:
    """The contract's code of an exception; INTERNAL for one that was not expected."""
    return cause.code if isinstance(cause, _CODED) else "INTERNAL"


def _innermost(error: BaseException) -> BaseException:
    """The exception that GraphQL's own wrap."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _references(cause: BaseException | None, code: str) -> dict[str, Any]:
    """The identifiers that find the failure in AWS's records, or the time after which a request may be repeated."""
    if isinstance(cause, resolvers.RateLimitedError):
        return {"retryAfterSeconds": cause.retry_after}
    if not isinstance(cause, aws.AWSError | auth.CredentialsError):
        return {}
    references = {"awsOperation": cause.operation, "awsRequestId": cause.request_id}
    if code == "FORBIDDEN":
        references["role"] = cause.role
    return {name: value for name, value in references.items() if value is not None}
