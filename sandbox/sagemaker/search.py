"""Search: models, endpoints and training jobs by any property, with the delay of eventual consistency."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker import endpoint_configs, search_expressions, tags, validation
from sandbox.sagemaker.context import OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.search_expressions import SearchableProperties, values_at_path
from sandbox.sagemaker.search_history import SearchView
from sandbox.sagemaker.store import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    MODEL,
    MONITORING_SCHEDULE,
    TRAINING_JOB,
    TRANSFORM_JOB,
    ResourceKind,
    ResourceRecord,
)

DEFAULT_PAGE = 10
Shape = Callable[[SearchView, list[ResourceRecord]], list[dict[str, Any]]]


@dataclass(frozen=True)
class SearchableResource:
    """The search of one kind of resource.

    Attributes:
        kind: The kind of its records.
        shape: The structure of a result in the service model.
        results: Makes the results of records in a view.
    """

    kind: ResourceKind
    shape: str
    results: Shape


def search(context: OperationContext, request: OperationInput) -> OperationOutput:
    """Answer a Search request: filter, sort (by LastModifiedTime, newest first, by default), and take a page.

    Raises:
        ServiceError: The request breaks a rule, or the sandbox does not model the search of its resource.
    """
    resource = RESOURCES.get(request["Resource"])
    if resource is None:
        raise service_errors.not_in_sandbox(f"Search for {request['Resource']}")
    properties = SearchableProperties(lambda name: _is_known(resource, name))
    expression = request.get("SearchExpression")
    if expression is not None:
        search_expressions.validate_expression(expression, properties)
    properties.require(request.get("SortBy", resource.kind.name_field))
    for condition in request.get("VisibilityConditions", ()):
        if not condition.get("Key", "").startswith("Tags.") or "Value" not in condition:
            raise service_errors.invalid("A visibility condition has a Value, and a Key of the form Tags.<key>.")
    if request.get("CrossAccountFilterOption") == "CrossAccount":
        return {"Results": [], "TotalHits": {"Value": 0, "Relation": "EqualTo"}}
    view = context.account_region.views.view_at(
        context.now - context.timeline.durations.search_delay, context.account_region
    )
    records = [r for r in view.records(resource.kind) if _is_visible(r, request) and _satisfies(r, expression)]
    sort_by = request.get("SortBy", "LastModifiedTime")
    records.sort(key=lambda r: _sort_key(r, sort_by), reverse=request.get("SortOrder", "Descending") == "Descending")
    return _page(view, resource, records, request)


def _page(
    view: SearchView, resource: SearchableResource, matches: list[ResourceRecord], request: OperationInput
) -> OperationOutput:
    start, size = _start(request.get("NextToken")), request.get("MaxResults", DEFAULT_PAGE)
    rows = resource.results(view, matches[start : start + size])
    answer: OperationOutput = {
        "Results": [{request["Resource"]: row} for row in rows],
        "TotalHits": {"Value": len(matches), "Relation": "EqualTo"},
    }
    if start + size < len(matches):
        answer["NextToken"] = base64.urlsafe_b64encode(f"search:{start + size}".encode()).decode()
    return answer


def _start(token: str | None) -> int:
    if not token:
        return 0
    try:
        word, _, start = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if word == "search":
            return int(start)
    except (ValueError, binascii.Error):
        pass
    raise service_errors.invalid("Invalid pagination token.")


def _is_known(resource: SearchableResource, name: str) -> bool:
    first, _, rest = name.partition(".")
    if first in ("Tags", "Metrics", "HyperParameters") and rest:
        return first == "Tags" or resource.kind is TRAINING_JOB
    if resource.kind is MODEL and first == "Model" and rest:
        return rest.split(".")[0] in validation.shape_fields("Model")
    return first in validation.shape_fields("Model" if resource.kind is MODEL else resource.shape)


def _satisfies(record: ResourceRecord, expression: dict[str, Any] | None) -> bool:
    return expression is None or search_expressions.matches_expression(expression, lambda name: _values(record, name))


def _values(record: ResourceRecord, name: str) -> list[Any]:
    first, _, rest = name.partition(".")
    if first == "Tags" and rest:
        return [record.tags[rest]] if rest in record.tags else []
    if first == "HyperParameters" and rest:
        value = record.facts.get("HyperParameters", {}).get(rest)
        return [] if value is None else [value]
    if first == "Metrics" and rest:
        metrics = record.facts.get("FinalMetricDataList", ())
        return [metric["Value"] for metric in metrics if metric["MetricName"] == rest]
    if name == "LastModifiedTime":
        return [record.modified]
    return values_at_path(record.facts, name.removeprefix("Model.") if record.kind is MODEL else name)


def _sort_key(record: ResourceRecord, sort_by: str) -> tuple[int, Any, str]:
    """Numbers before texts before missing values; ties by name."""
    result = _values(record, sort_by)
    if not result:
        return (2, 0, record.name)
    value = result[0]
    return (0, float(value), record.name) if isinstance(value, int | float) else (1, str(value), record.name)


def _is_visible(record: ResourceRecord, request: OperationInput) -> bool:
    """Tell whether a resource has the value of each visibility condition, or lacks the key."""
    for condition in request.get("VisibilityConditions", ()):
        key = condition["Key"].removeprefix("Tags.")
        if record.tags.get(key, condition["Value"]) != condition["Value"]:
            return False
    return True


def _training_jobs(_: SearchView, rows: list[ResourceRecord]) -> list[dict[str, Any]]:
    fields = validation.shape_fields("TrainingJob")
    return [validation.pick_fields(fields, row.facts) | {"Tags": tags.to_list(row.tags)} for row in rows]


def _endpoints(view: SearchView, rows: list[ResourceRecord]) -> list[dict[str, Any]]:
    fields = validation.shape_fields("Endpoint")
    watching = _schedules_by_endpoint(view)
    return [
        validation.pick_fields(fields, row.facts)
        | {"Tags": tags.to_list(row.tags)}
        | ({"MonitoringSchedules": [_schedule(s) for s in watching[row.name]]} if watching[row.name] else {})
        for row in rows
    ]


def _models(view: SearchView, rows: list[ResourceRecord]) -> list[dict[str, Any]]:
    """ModelDashboardModel: a model with the endpoints that host it, their schedules, and its last transform job."""
    hosting = _endpoints_by_model(view)
    watching = _schedules_by_endpoint(view)
    last = {r.facts["ModelName"]: r for r in sorted(view.records(TRANSFORM_JOB), key=lambda r: r.order)}
    fields = validation.shape_fields("Model")
    return [
        {
            "Model": validation.pick_fields(fields, row.facts) | {"Tags": tags.to_list(row.tags)},
            "Endpoints": [_hosting(endpoint) for endpoint in hosting[row.name]],
            "MonitoringSchedules": [
                _schedule(s, "ModelDashboardMonitoringSchedule") for e in hosting[row.name] for s in watching[e.name]
            ],
        }
        | ({"LastBatchTransformJob": _transform(last[row.name])} if row.name in last else {})
        for row in rows
    ]


def _endpoints_by_model(view: SearchView) -> dict[str, list[ResourceRecord]]:
    named = {c.name: endpoint_configs.model_names(c.facts) for c in view.records(ENDPOINT_CONFIG)}
    hosting: defaultdict[str, list[ResourceRecord]] = defaultdict(list)
    for endpoint in view.records(ENDPOINT):
        for model in named.get(endpoint.facts["EndpointConfigName"], ()):
            hosting[model].append(endpoint)
    return hosting


def _schedules_by_endpoint(view: SearchView) -> dict[str, list[ResourceRecord]]:
    watching: defaultdict[str, list[ResourceRecord]] = defaultdict(list)
    for schedule in view.records(MONITORING_SCHEDULE):
        watching[schedule.facts.get("EndpointName", "")].append(schedule)
    return watching


def _hosting(endpoint: ResourceRecord) -> dict[str, Any]:
    return validation.pick_fields(validation.shape_fields("ModelDashboardEndpoint"), endpoint.facts)


def _schedule(schedule: ResourceRecord, shape: str = "MonitoringSchedule") -> dict[str, Any]:
    return validation.pick_fields(validation.shape_fields(shape), schedule.facts)


def _transform(job: ResourceRecord) -> dict[str, Any]:
    return validation.pick_fields(validation.shape_fields("TransformJob"), job.facts) | {"Tags": tags.to_list(job.tags)}


RESOURCES = {
    "Model": SearchableResource(MODEL, "ModelDashboardModel", _models),
    "Endpoint": SearchableResource(ENDPOINT, "Endpoint", _endpoints),
    "TrainingJob": SearchableResource(TRAINING_JOB, "TrainingJob", _training_jobs),
}
