"""The end of a request: its line in the log, and its place in the metrics."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from starlette.types import Scope

from gateway.observability.documents import NO_DOCUMENT, OTHER, REFUSED, DocumentNames
from gateway.observability.metrics import Metrics
from gateway.observability.request_outcome import RequestOutcome, outcome_of

_log = logging.getLogger("sagegraph.requests")

_NO_STATE: Final[Mapping[str, Any]] = {}
_ROUTES: Final = frozenset(
    {"/", "/graphql", "/graphql/schema.graphql", "/graphql/schema.json", "/livez", "/readyz", "/metrics"}
)


def begin_request(scope: Scope) -> None:
    """Count a request as under way, until `end_request`."""
    if (metrics := _metrics(scope)) is not None:
        metrics.requests_in_progress += 1


def end_request(scope: Scope, method: str, status: int, seconds: float) -> None:
    """Log how a request went, and count it.

    Args:
        scope: Its scope, with what the endpoint has left there.
        method: Its method.
        status: The status of the response, or the code with which a WebSocket was closed.
        seconds: The time that it took.
    """
    outcome = outcome_of(scope)
    metrics = _metrics(scope)
    document, operation = (None, None) if metrics is None else _document(scope, metrics.documents)
    cost = scope.get("answered", {}).get("extensions", {}).get("cost", {}).get("requested")
    if metrics is not None:
        metrics.requests_in_progress -= method != "WEBSOCKET"
        metrics.on_response(_route(scope["path"]), status)
        if _is_operation(scope, method):
            label = _label(scope, metrics.documents, document)
            metrics.on_operation(label, outcome.code, outcome.group, seconds, cost)
        for code, count in outcome.codes.items():
            metrics.on_errors(code, count)
    _log_request(scope, method, status, seconds, outcome, {"operation": operation, "document": document, "cost": cost})


def _metrics(scope: Scope) -> Metrics | None:
    metrics: Metrics | None = scope.get("state", _NO_STATE).get("metrics")
    return metrics


def _label(scope: Scope, names: DocumentNames, document: str | None) -> str:
    """The label of a document: those that are refused, or come from nobody, have none of their own."""
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
    line = {
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
    if outcome.codes:
        line |= {"codes": dict(outcome.codes), "aws_request_ids": outcome.aws_request_ids}
    _log.info("request", extra=line)


def _document(scope: Scope, names: DocumentNames) -> tuple[str | None, str | None]:
    """The name of the document that was sent, and of the operation; None if none was, or its id is not known."""
    sent, request = scope.get("sent"), scope.get("gateway_request")
    if sent is None or not sent.query:
        return None, None
    document_id = request.document_id if request is not None else None
    return names.name(sent.query, document_id), names.operation(sent.query, sent.operation_name)


def _is_operation(scope: Scope, method: str) -> bool:
    """Tell whether a request is one operation with one answer, which an event stream is not."""
    if scope["path"] != "/graphql" or "subscription" in scope:
        return False
    return method == "POST" or "sent" in scope


def _route(path: str) -> str:
    if path in _ROUTES:
        return path
    head = "/" + path.split("/", 2)[1]
    return f"{head}/…" if head in {"/graphql", "/webhooks"} else "other"
