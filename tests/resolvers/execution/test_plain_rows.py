"""resolvers.execution.plain_rows: which rows are kept, and that nobody takes anything out of them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import parse

from aws.inventory.projections import Projections
from aws.kinds.statuses import JobStatus
from aws.kinds.training_jobs import TrainingJob
from gateway.json_encoding import encode_in_pieces, encode_json
from resolvers.columns import nested
from resolvers.execution.level import Level
from resolvers.execution.outcome import outcome
from resolvers.execution.plain_rows import keep_pages, keep_rows, kept_pages, kept_rows
from resolvers.execution.plan import FieldPlan, ObjectPlan, Plan
from resolvers.execution.rows import SharedList
from resolvers.lists.connections import Connection
from resolvers.lists.page_lists import PageLists
from resolvers.views.resource_view import Viewed, ViewedList
from schema.build import build_schema
from schema.field_catalog import field_catalog

MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
CATALOG = field_catalog(build_schema())
INPUTS = [{"s3Uri": f"s3://in/{number}"} for number in range(9)]


def jobs_field(selection: str) -> tuple[FieldPlan, ObjectPlan]:
    """The field of the jobs of a page, and the selection of training jobs."""
    operation: Any = parse(f"{{ jobs {{ nodes {{ {selection} }} }} }}").definitions[0]
    (root,) = Plan(CATALOG, operation, {}, {}).root.fields
    page = root.object_plan(Connection)
    assert page is not None
    plan = page.fields[0].object_plan(TrainingJob)
    assert plan is not None
    return page.fields[0], plan


def job(name: str = "train-1") -> TrainingJob:
    known: dict[str, Any] = dict.fromkeys(each.name for each in fields(TrainingJob))
    shown = {"scope": "scope", "name": name, "status": JobStatus.COMPLETED, "creation_time": MOMENT, "as_of": MOMENT}
    return TrainingJob(**known | shown)


def seen(jobs: Sequence[Any], projections: Projections | None = None) -> ViewedList[Any]:
    inventory = SimpleNamespace(projection=(projections or Projections()).get)
    view: Any = SimpleNamespace(group="risk", inventory=inventory)
    return ViewedList(jobs, view)


def level(plan: ObjectPlan, values: ViewedList[Any], made: list[dict[str, Any]]) -> Level:
    whole = Level(plan, values, values.values)
    whole.take(made)
    return whole


@pytest.mark.parametrize("selection", ["__typename name status", "name inputs { s3Uri }", "a: name outputS3Uri"])
def test_rows_of_attributes_and_details_are_kept(selection: str) -> None:
    field, plan = jobs_field(selection)
    projections, jobs = Projections(), [job()]
    kept = kept_rows(field, plan, seen(jobs, projections))
    assert kept is not None
    assert kept is kept_rows(field, plan, seen(jobs, projections))
    keep_rows(kept, level(plan, seen(jobs), [{"name": "train-1"}]), ())
    assert kept.of(jobs) == [{"name": "train-1"}]
    assert kept.of([job()]) is None


OTHERS = ["id", "name group", "name models { name }", "hyperParameters { key }", "executionSeconds", "source { asOf }"]


@pytest.mark.parametrize("selection", OTHERS)
def test_rows_that_take_the_view_the_request_or_other_things_are_not(selection: str) -> None:
    """Two groups of one role share what is kept: ids, secrets and registrations are no part of it."""
    if selection.startswith("hyper"):
        selection = f"... on TrainingJob {{ {selection} }}"
    assert kept_rows(*jobs_field(selection), seen([job()])) is None


def test_rows_of_what_no_inventory_has_read_are_not() -> None:
    field, plan = jobs_field("name")
    assert kept_rows(field, plan, [Viewed(job(), seen([]).view)]) is None
    assert kept_rows(field, plan, seen([])) is None
    assert kept_rows(field, plan, seen([SimpleNamespace(name="of the registry")])) is None


def test_rows_are_kept_only_if_what_is_below_may_be() -> None:
    field, plan = jobs_field("name inputs { s3Uri }")
    _, other = jobs_field("id")
    jobs = seen([job()])
    kept = kept_rows(field, plan, jobs)
    assert kept is not None
    keep_rows(kept, level(plan, jobs, [{"name": "a", "inputs": None}]), [level(other, jobs, [{"id": "1"}])])
    assert kept.of(jobs.values) is None


def test_writing_an_answer_takes_nothing_out_of_what_is_kept() -> None:
    """The objects of large answers are let go as they are written, but for those that the next answer shows too."""
    field, plan = jobs_field("name inputs { s3Uri }")
    inputs, *_ = (each for each in plan.fields if each.key == "inputs")
    jobs = seen([job()])
    kept = kept_rows(field, plan, jobs)
    assert kept is not None
    keep_rows(kept, level(plan, jobs, [{"name": "train-1", "inputs": list(INPUTS)}]), ())
    known = kept.of(jobs.values)
    assert known is not None
    (row,) = known
    assert isinstance(row[inputs.key], SharedList)
    whole = encode_json([row])
    assert b"".join(encode_in_pieces([row] * 9).pieces) == b"[" + b",".join([whole[1:-1]] * 9) + b"]"
    assert encode_json(kept.of(jobs.values)) == whole


def test_an_answer_with_failures_leaves_what_is_kept_as_it_is() -> None:
    """Its objects are walked for errors, and a list that took the shared one's place could be emptied later."""
    field, plan = jobs_field("name inputs { s3Uri }")
    inputs, *_ = (each for each in plan.fields if each.key == "inputs")
    jobs = seen([job()])
    kept = kept_rows(field, plan, jobs)
    assert kept is not None
    row: dict[str, Any] = {"name": "train-1", "inputs": list(INPUTS)}
    keep_rows(kept, level(plan, jobs, [row]), ())
    shared = row[inputs.key]
    assert outcome(row, plan, [(plan, [row])]).data == {"name": "train-1", "inputs": INPUTS}
    assert row[inputs.key] is shared


def pages(*shown: object, first: int = 10, projections: Projections) -> PageLists:
    return PageLists(shown, lambda: nested([[] for _ in shown]), first, seen([], projections).view)


def test_objects_of_pages_are_kept_by_page_and_size() -> None:
    field, plan = jobs_field("name inputs { s3Uri }")
    projections, one, two = Projections(), object(), object()
    kept = kept_pages(field, pages(one, two, projections=projections))
    assert kept is not None
    rows = level(plan, seen([job()]), [{"name": "train-1", "inputs": list(INPUTS)}])
    made = [[*rows.made], []]
    shown = keep_pages(kept, field, pages(one, two, projections=projections), made, [rows], 3)
    assert (shown, kept.of([two, one]), kept.objects) == (made, made[::-1], 2)
    assert all(isinstance(each, SharedList) for each in (*shown, rows.made[0]["inputs"]))
    assert kept.of([one, object()]) is None
    assert kept_pages(field, pages(one, projections=projections)) is kept
    smaller = kept_pages(field, pages(one, first=1, projections=projections))
    assert smaller is not None
    assert smaller.of([one]) is None


@pytest.mark.parametrize("selection", OTHERS)
def test_objects_of_pages_that_take_more_than_the_pages_are_not(selection: str) -> None:
    field, _ = jobs_field(f"name ... on TrainingJob {{ {selection} }}")
    page, projections = object(), Projections()
    shown = pages(page, projections=projections)
    kept = kept_pages(field, shown)
    assert kept is not None
    made = [[{"name": "train-1"}]]
    assert keep_pages(kept, field, shown, made, [], 0) is made
    assert kept.of([page]) is None
    assert kept_pages(field, shown) is None


def test_levels_that_others_have_made_beside_are_not_counted() -> None:
    field, plan = jobs_field("name")
    _, other = jobs_field("id")
    shown, jobs = pages(object(), projections=Projections()), seen([job()])
    kept = kept_pages(field, shown)
    assert kept is not None
    levels = [level(plan, jobs, [{"name": "a"}]), level(other, jobs, [{"id": "1"}] * 9)]
    keep_pages(kept, field, shown, [levels[0].made], levels, 0)
    assert kept.objects == 1
