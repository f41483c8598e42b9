"""resolvers.execution.direct_rows: which leaves are left to code, and when."""

from types import SimpleNamespace
from typing import Any

import pytest
from graphql import parse

from aws.kinds.statuses import JobStatus
from aws.kinds.training_jobs import TrainingJob
from resolvers.execution.direct_rows import direct_rows
from resolvers.execution.level import Level
from resolvers.execution.plan import ObjectPlan, Plan
from resolvers.execution.row_code import LEAST_ROWS, MisfitError
from resolvers.lists.connections import Connection
from resolvers.views.resource_view import ViewedList
from schema.build import build_schema
from schema.field_catalog import field_catalog

DOCUMENT = """{ jobs { nodes { __typename id name status inputs { s3Uri } outputS3Uri creationTime
    ... on TrainingJob { trainingImage models { id } } } } }"""


@pytest.fixture
def plan() -> ObjectPlan:
    operation: Any = parse(DOCUMENT).definitions[0]
    page = Plan(field_catalog(build_schema()), operation, {}, {}).root
    for key, value_class in (("jobs", Connection), ("nodes", TrainingJob)):
        (field,) = [field for field in page.fields if field.key == key]
        inner = field.object_plan(value_class)
        assert inner is not None
        page = inner
    return page


def level(plan: ObjectPlan, count: int, **more: Any) -> Level:
    detail = SimpleNamespace(output_s3_uri="s3://out", training_image=None)
    values = [
        SimpleNamespace(name=f"job-{i}", status=JobStatus.FAILED, creation_time=None, detail=detail, **more)
        for i in range(count)
    ]
    view: Any = SimpleNamespace(group="risk")
    return Level(plan, ViewedList(values, view), values)


def test_code_is_made_once_many_objects_were_shown(plan: ObjectPlan) -> None:
    code = direct_rows(plan)
    assert code is direct_rows(plan)
    assert not code.of(level(plan, LEAST_ROWS - 1))
    direct = code.of(level(plan, 1))
    assert {field.key for field in direct} == {"name", "status", "outputS3Uri", "creationTime", "trainingImage"}
    assert {field.key for field in code.without_details(direct)} == {"name", "status", "creationTime"}
    assert not code.without_details({})


def test_a_level_is_written_with_the_columns_that_are_there(plan: ObjectPlan) -> None:
    code = direct_rows(plan)
    code.of(level(plan, LEAST_ROWS))
    some = level(plan, 2)
    some.write("id", ["1", "2"])
    code.write(some, code.of(some))
    assert [list(row) for row in some.made] == [list(plan.template)] * 2
    assert [(row["id"], row["name"], row["status"], row["outputS3Uri"], row["models"]) for row in some.made] == [
        ("1", "job-0", "FAILED", "s3://out", None),
        ("2", "job-1", "FAILED", "s3://out", None),
    ]
    some.write("models", [[], []])
    assert [row["models"] for row in some.made] == [[], []]


def test_a_value_that_does_not_fit_leaves_nothing_half_made(plan: ObjectPlan) -> None:
    code = direct_rows(plan)
    some = level(plan, LEAST_ROWS)
    direct = code.of(some)
    some.values[1].name = 7
    some.write("id", ["1"] * LEAST_ROWS)
    with pytest.raises(MisfitError):
        code.write(some, direct)
    assert (some.made, list(some.columns)) == ([], ["id"])


def test_values_that_are_no_plain_list_are_not_read(plan: ObjectPlan) -> None:
    code = direct_rows(plan)
    code.of(level(plan, LEAST_ROWS))
    values = level(plan, 2).parents
    assert not code.of(Level(plan, values, values))
