"""Listings as SageMaker makes them: bound, sort, take a page, and only then filter by name and status."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sandbox import service_errors
from sandbox.sagemaker.context import Handler, OperationContext, OperationInput, OperationOutput
from sandbox.sagemaker.store import ResourceKind, ResourceRecord

DEFAULT_PAGE = 10
Position = tuple[Any, str]
"""Sort key and name of the last row of a page."""


# The listings of models, configurations and endpoints say "greater than or equal to" of CreationTimeAfter.
BOUNDS: dict[str, Callable[[ResourceRecord, float], bool]] = {
    "CreationTimeAfter": lambda record, limit: record.created >= limit,
    "CreationTimeBefore": lambda record, limit: record.created < limit,
    "LastModifiedTimeAfter": lambda record, limit: record.modified > limit,
    "LastModifiedTimeBefore": lambda record, limit: record.modified < limit,
}
EQUALS: dict[str, Callable[[ResourceRecord], Any]] = {
    "WarmPoolStatusEquals": lambda record: record.facts.get("WarmPoolStatus", {}).get("Status"),
    "TrainingPlanArnEquals": lambda record: record.facts.get("TrainingPlanArn"),
    "EndpointName": lambda record: record.facts.get("EndpointName"),
    "EndpointNameEquals": lambda record: record.facts.get("EndpointName"),
    "VariantNameEquals": lambda record: record.facts.get("VariantName"),
    "MonitoringTypeEquals": lambda record: record.facts.get("MonitoringType"),
}


def list_handler(kind: ResourceKind, *, default_order: str = "Descending") -> Handler:
    """The handler of a kind's List operation; `default_order` is Ascending or Descending."""

    def answer(context: OperationContext, request: OperationInput) -> OperationOutput:
        return page(context, kind, request, default_order)

    return answer


def empty_list_handler(listing: str) -> Handler:
    """The handler of a listing that is always empty; `listing` is its field, and any token is refused."""

    def answer(_context: OperationContext, request: OperationInput) -> OperationOutput:
        if request.get("NextToken"):
            raise service_errors.invalid("Invalid pagination token.")
        return {listing: []}

    return answer


def page(
    context: OperationContext,
    kind: ResourceKind,
    request: OperationInput,
    default_order: str = "Descending",
    passes: Callable[[ResourceRecord], bool] = lambda _record: True,
) -> OperationOutput:
    """One page of a listing: MaxResults rows are taken, and then filtered by StatusEquals and NameContains.

    ListTrainingJobs says so of the status. The same is reported of names in ListModels (boto3 #1966, #2521, #2838,
    #4020), ListTrainingJobs (#3347) and ListEndpoints (#2973), and supposed of the other listings.

    Args:
        context: The records of the caller's account and region, and the bound of a page.
        kind: The kind of the rows.
        request: The listing's input.
        default_order: Ascending or Descending.
        passes: A further filter, applied before the page is taken.

    Raises:
        ServiceError: The token is not of this listing.
    """
    size = request.get("MaxResults", DEFAULT_PAGE)
    if context.max_rows is not None:
        size = min(size, context.max_rows)
    sort_by = request.get("SortBy", "CreationTime")
    newest_first = request.get("SortOrder", default_order) == "Descending"
    beyond, number = _position(request["NextToken"], request) if request.get("NextToken") else (None, 0)
    within = _filter(request)
    passing = filter(
        lambda record: passes(record) and within(record),
        _sorted(context, kind, sort_by, beyond, newest_first=newest_first),
    )
    rows = list(islice(passing, size + 1))
    answer: OperationOutput = {}
    if len(rows) > size:
        rows.pop()
        answer["NextToken"] = _token(_sort_key(sort_by)(rows[-1]) if rows else beyond, number + 1, request)
    status, part = request.get("StatusEquals"), request.get("NameContains", "")
    answer[kind.listing] = [
        _summary(row) for row in rows if (status is None or row.status == status) and part in row.name
    ]
    return answer


def _sorted(
    context: OperationContext, kind: ResourceKind, sort_by: str, beyond: Position | None, *, newest_first: bool
) -> Iterator[ResourceRecord]:
    collection = context.records(kind)
    if sort_by == "CreationTime":
        return collection.by_age(newest_first=newest_first, beyond=beyond)
    key = _sort_key(sort_by)
    rows: Iterable[ResourceRecord] = sorted(collection, key=key, reverse=newest_first)
    if beyond is not None:
        rows = (row for row in rows if (key(row) < beyond if newest_first else key(row) > beyond))
    return iter(rows)


def _sort_key(sort_by: str) -> Callable[[ResourceRecord], Position]:
    if sort_by == "Name":
        return lambda record: (record.name, record.name)
    if sort_by == "Status":
        return lambda record: (record.status, record.name)
    return lambda record: record.order


def _filter(request: OperationInput) -> Callable[[ResourceRecord], bool]:
    tests: list[Callable[[ResourceRecord], bool]] = []
    for field, test in BOUNDS.items():
        if field in request:
            tests.append(_bound(test, float(request[field])))
    for field, of in EQUALS.items():
        if field in request:
            tests.append(_same(of, request[field]))
    return lambda record: all(test(record) for test in tests)


def _same(of: Callable[[ResourceRecord], Any], expected: Any) -> Callable[[ResourceRecord], bool]:
    return lambda record: of(record) == expected


def _bound(test: Callable[[ResourceRecord, float], bool], limit: float) -> Callable[[ResourceRecord], bool]:
    return lambda record: test(record, limit)


def _summary(record: ResourceRecord) -> dict[str, Any]:
    kind, facts = record.kind, record.facts
    row = {kind.name_field: record.name, kind.arn_field: record.arn, "CreationTime": record.created}
    for field in kind.summary:
        value = record.modified if field == "LastModifiedTime" else facts.get(field)
        if value is not None:
            row[field] = value
    if kind.has_status:
        row[kind.status_field] = record.status
    return row


def _token(end: Position | None, number: int, request: OperationInput) -> str:
    """A token of the end of the page, and its number: even after an empty page, no token comes twice."""
    return base64.urlsafe_b64encode(json.dumps([_query_digest(request), end, number]).encode()).decode()


def _position(token: str, request: OperationInput) -> tuple[Position | None, int]:
    try:
        question, end, number = json.loads(base64.urlsafe_b64decode(token.encode()))
    except ValueError:
        raise service_errors.invalid("Invalid pagination token.") from None
    if question != _query_digest(request):
        raise service_errors.invalid("The parameters of the request do not match those of the pagination token.")
    return None if end is None else (end[0], end[1]), number


def _query_digest(request: OperationInput) -> str:
    """The request to which a token belongs, without the size of the page."""
    return json.dumps({k: v for k, v in request.items() if k not in ("NextToken", "MaxResults")}, sort_keys=True)
