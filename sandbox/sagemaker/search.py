"""Search: models, endpoints and training jobs by any property, for whoever may search, and a little behind."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import faults
from sandbox.sagemaker import endpoint_configs, expressions, shapes, tags
from sandbox.sagemaker.desk import Answer, Ask, Desk
from sandbox.sagemaker.expressions import Property, below
from sandbox.sagemaker.store import (
    ENDPOINT,
    ENDPOINT_CONFIG,
    MODEL,
    MONITORING_SCHEDULE,
    TRAINING_JOB,
    TRANSFORM_JOB,
    Kind,
    Record,
)
from sandbox.sagemaker.views import View

DEFAULT_PAGE = 10
Shape = Callable[[View, list[Record]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Resource:
    """How one kind of resource is searched."""

    kind: Kind
    shape: str
    """The structure of a result, in the service model."""
    results: Shape


def search(desk: Desk, ask: Ask) -> Answer:
    """Search: filter, sort (by LastModifiedTime, newest first, unless asked otherwise), and take a page."""
    resource = RESOURCES.get(ask["Resource"])
    if resource is None:
        raise faults.not_in_sandbox(f"Search for {ask['Resource']}")
    properties = Property(lambda name: _is_known(resource, name))
    expression = ask.get("SearchExpression")
    if expression is not None:
        expressions.check(expression, properties)
    properties.need(ask.get("SortBy", resource.kind.name_field))
    if ask.get("CrossAccountFilterOption") == "CrossAccount":
        return {"Results": [], "TotalHits": {"Value": 0, "Relation": "EqualTo"}}
    view = desk.place.views.seen(desk.now - desk.life.pace.search_delay, desk.place)
    found = [r for r in view.of(resource.kind) if _is_visible(r, ask) and _satisfies(r, expression)]
    sort_by = ask.get("SortBy", "LastModifiedTime")
    found.sort(key=lambda r: _sort_key(r, sort_by), reverse=ask.get("SortOrder", "Descending") == "Descending")
    return _page(view, resource, found, ask)


def _page(view: View, resource: Resource, found: list[Record], ask: Ask) -> Answer:
    start, size = _start(ask.get("NextToken")), ask.get("MaxResults", DEFAULT_PAGE)
    rows = resource.results(view, found[start : start + size])
    answer: Answer = {
        "Results": [{ask["Resource"]: row} for row in rows],
        "TotalHits": {"Value": len(found), "Relation": "EqualTo"},
    }
    if start + size < len(found):
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
    raise faults.invalid("Invalid pagination token.")


def _is_known(resource: Resource, name: str) -> bool:
    first, _, rest = name.partition(".")
    if first in ("Tags", "Metrics", "HyperParameters") and rest:
        return first == "Tags" or resource.kind is TRAINING_JOB
    if resource.kind is MODEL and first == "Model" and rest:
        return rest.split(".")[0] in shapes.shape_fields("Model")
    return first in shapes.shape_fields("Model" if resource.kind is MODEL else resource.shape)


def _satisfies(record: Record, expression: dict[str, Any] | None) -> bool:
    return expression is None or expressions.holds(expression, lambda name: _values(record, name))


def _values(record: Record, name: str) -> list[Any]:
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
    return below(record.facts, name.removeprefix("Model.") if record.kind is MODEL else name)


def _sort_key(record: Record, sort_by: str) -> tuple[int, Any, str]:
    """Numbers before texts before nothing at all; ties by name."""
    found = _values(record, sort_by)
    if not found:
        return (2, 0, record.name)
    value = found[0]
    return (0, float(value), record.name) if isinstance(value, int | float) else (1, str(value), record.name)


def _is_visible(record: Record, ask: Ask) -> bool:
    """A resource without the key of a visibility condition is shown; one with another value is not."""
    for condition in ask.get("VisibilityConditions", ()):
        key = condition["Key"].removeprefix("Tags.")
        if record.tags.get(key, condition["Value"]) != condition["Value"]:
            return False
    return True


def _training_jobs(_: View, rows: list[Record]) -> list[dict[str, Any]]:
    fields = shapes.shape_fields("TrainingJob")
    return [shapes.only(fields, row.facts) | {"Tags": tags.to_list(row.tags)} for row in rows]


def _endpoints(view: View, rows: list[Record]) -> list[dict[str, Any]]:
    fields = shapes.shape_fields("Endpoint")
    watching = _schedules_by_endpoint(view)
    return [
        shapes.only(fields, row.facts)
        | {"Tags": tags.to_list(row.tags)}
        | ({"MonitoringSchedules": [_schedule(s) for s in watching[row.name]]} if watching[row.name] else {})
        for row in rows
    ]


def _models(view: View, rows: list[Record]) -> list[dict[str, Any]]:
    """ModelDashboardModel: a model with the endpoints that host it, their schedules, and its last transform job."""
    hosting = _endpoints_by_model(view)
    watching = _schedules_by_endpoint(view)
    last = {r.facts["ModelName"]: r for r in sorted(view.of(TRANSFORM_JOB), key=lambda r: r.order)}
    fields = shapes.shape_fields("Model")
    return [
        {
            "Model": shapes.only(fields, row.facts) | {"Tags": tags.to_list(row.tags)},
            "Endpoints": [_hosting(endpoint) for endpoint in hosting[row.name]],
            "MonitoringSchedules": [
                _schedule(s, "ModelDashboardMonitoringSchedule") for e in hosting[row.name] for s in watching[e.name]
            ],
        }
        | ({"LastBatchTransformJob": _transform(last[row.name])} if row.name in last else {})
        for row in rows
    ]


def _endpoints_by_model(view: View) -> dict[str, list[Record]]:
    named = {c.name: endpoint_configs.model_names(c.facts) for c in view.of(ENDPOINT_CONFIG)}
    hosting: defaultdict[str, list[Record]] = defaultdict(list)
    for endpoint in view.of(ENDPOINT):
        for model in named.get(endpoint.facts["EndpointConfigName"], ()):
            hosting[model].append(endpoint)
    return hosting


def _schedules_by_endpoint(view: View) -> dict[str, list[Record]]:
    watching: defaultdict[str, list[Record]] = defaultdict(list)
    for schedule in view.of(MONITORING_SCHEDULE):
        watching[schedule.facts.get("EndpointName", "")].append(schedule)
    return watching


def _hosting(endpoint: Record) -> dict[str, Any]:
    return shapes.only(shapes.shape_fields("ModelDashboardEndpoint"), endpoint.facts)


def _schedule(schedule: Record, shape: str = "MonitoringSchedule") -> dict[str, Any]:
    return shapes.only(shapes.shape_fields(shape), schedule.facts)


def _transform(job: Record) -> dict[str, Any]:
    return shapes.only(shapes.shape_fields("TransformJob"), job.facts) | {"Tags": tags.to_list(job.tags)}


RESOURCES = {
    "Model": Resource(MODEL, "ModelDashboardModel", _models),
    "Endpoint": Resource(ENDPOINT, "Endpoint", _endpoints),
    "TrainingJob": Resource(TRAINING_JOB, "TrainingJob", _training_jobs),
}
