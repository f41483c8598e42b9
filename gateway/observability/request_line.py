"""The end of a request: its line in the log, and its place in the metrics."""

import logging
import os
from collections.abc import Mapping
from typing import Any, Final

from starlette.types import Scope

from gateway.observability.correlation import sent_ids
from gateway.observability.documents import NO_DOCUMENT, OTHER, REFUSED, DocumentNames
from gateway.observability.metrics import Metrics
from gateway.observability.request_outcome import CANCELLED, CLIENT_DISCONNECTED, OK, RequestOutcome, outcome_of
from gateway.observability.traces import RequestSpan

_log = logging.getLogger("sagegraph.requests")

_STANDARD_PART: Final[dict[str, Any]] = {
    "name": _log.name,
    "levelno": logging.INFO,
    "levelname": logging.getLevelName(logging.INFO),
    "msg": "request",
}
_NO_STATE: Final[Mapping[str, Any]] = {}
_ID_BYTES: Final = 16
_ROUTES: Final = frozenset(
    {"/", "/graphql", "/graphql/schema.graphql", "/graphql/schema.json", "/livez", "/readyz", "/mcp", "/metrics"}
)


def begin_request(scope: Scope) -> str:
    """Count the request of an ASGI scope as under way, until `end_request`.

    The scope gets `request_id` and `trace_id`.

    Returns:
        The request's id: the one that was sent, or a new one.
    """
    request_id, scope["trace_id"] = sent_ids(scope.get("headers", ()))
    scope["request_id"] = request_id = request_id or os.urandom(_ID_BYTES).hex()
    if (metrics := _metrics(scope)) is not None:
        metrics.requests_in_progress += 1
    return request_id


def end_request(scope: Scope, method: str, status: int, seconds: float) -> None:
    """Log how a request went, and count it.

    Args:
        scope: Its scope, in which the endpoint has left its facts.
        method: Its method.
        status: The status of the response, or the code with which a WebSocket was closed.
        seconds: The time that it took.
    """
    outcome = outcome_of(scope)
    metrics = _metrics(scope)
    document, operation = (None, None) if metrics is None else _document(scope, metrics.documents)
    cost = scope.get("answered", {}).get("extensions", {}).get("cost", {}).get("requested")
    if metrics is not None:
        metrics.requests_in_progress -= 1
        metrics.on_response(_route(scope["path"]), status)
        if _is_operation(scope, method):
            label = _label(scope, metrics.documents, document)
            code = CANCELLED if status == CLIENT_DISCONNECTED and not outcome.codes else outcome.code
            metrics.on_operation(label, code, outcome.group, seconds, cost)
        for code, count in outcome.codes.items():
            metrics.on_errors(code, count)
    details = {"operation": operation, "document": document, "cost": cost}
    if (span := scope.get("span")) is not None:
        scope["trace_id"] = span.trace_id
        _complete_span(span, status, outcome, details)
    _log_request(scope, method, status, seconds, outcome, details)


def _complete_span(span: RequestSpan, status: int, outcome: RequestOutcome, details: Mapping[str, Any]) -> None:
    """Add the facts at the end to a span: those of the line in the log, but for people and roles."""
    span.rename(f"GraphQL {details['operation'] or details['document'] or 'refused'}")
    span.set("http.response.status_code", status)
    facts = {
        "graphql.operation.name": details["operation"],
        "graphql.document": details["document"],
        "sagegraph.cost": details["cost"],
        "sagegraph.group": outcome.group,
        "cloud.region": outcome.region,
    }
    for name, fact in facts.items():
        if fact is not None:
            span.set(name, fact)
    if outcome.code != OK:
        span.fail(outcome.code)


def _metrics(scope: Scope) -> Metrics | None:
    metrics: Metrics | None = scope.get("state", _NO_STATE).get("metrics")
    return metrics


def _label(scope: Scope, names: DocumentNames, document: str | None) -> str:
    """Give the label of a document; refused ones, and those of requests without a caller, have none of their own."""
    if document is None:
        return NO_DOCUMENT
    if scope["gateway_request"].document_id is None:
        if "data" not in scope.get("answered", ()):
            return REFUSED
        if scope.get("caller") is None:
            return OTHER
    return names.label(document)


def _log_request(
    scope: Scope,
    method: str,
    status: int,
    seconds: float,
    outcome: RequestOutcome,
    details: Mapping[str, Any],
) -> None:
    caller, request = scope.get("caller"), scope.get("gateway_request")
    if not _log.isEnabledFor(logging.INFO):
        return
    line = _STANDARD_PART | {
        "request_id": scope["request_id"],
        "method": method,
        "path": scope["path"],
        "status": status,
        "seconds": round(seconds, 4),
        "caller": caller.subject if caller else None,
        **details,
        "group": outcome.group,
        "role": outcome.role,
        "region": outcome.region,
        "aws_calls": sum(request.call_stats.calls.values()) if request else 0,
        "throttled": request.call_stats.throttled if request else 0,
    }
    if scope["trace_id"] is not None:
        line["trace_id"] = scope["trace_id"]
    if outcome.codes:
        line |= {"codes": dict(outcome.codes), "aws_request_ids": outcome.aws_request_ids}
    # A record without the place in the code, which is always this one and takes as long to find as all the rest.
    _log.handle(logging.makeLogRecord(line))


def _document(scope: Scope, names: DocumentNames) -> tuple[str | None, str | None]:
    """The name of the document that was sent, and of the operation; None if none was, or its id is not known."""
    sent, request = scope.get("sent"), scope.get("gateway_request")
    if sent is None or not sent.query:
        return None, None
    document_id = request.document_id if request is not None else None
    if document_id is None and "data" not in scope.get("answered", ()):
        # A name in it is any text that the client has sent: a secret, perhaps.
        return names.digest(sent.query), None
    return names.name(sent.query, document_id), names.operation(sent.query, sent.operation_name)


def _is_operation(scope: Scope, method: str) -> bool:
    """Tell whether a request is one operation with one answer, which an event stream is not."""
    if scope["path"] == "/mcp":
        return "sent" in scope
    if scope["path"] != "/graphql" or "subscription" in scope:
        return False
    return method == "POST" or "sent" in scope


def _route(path: str) -> str:
    if path in _ROUTES:
        return path
    head = "/" + path.split("/", 2)[1]
    return f"{head}/…" if head in {"/graphql", "/webhooks"} else "other"
