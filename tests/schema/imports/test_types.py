"""schema.imports.types: a run and a plan show their records; the list of a plan is paged over what it holds."""

from typing import Any

import pytest

from registry.enums import ElementChange, ElementKind, ImportRunState
from registry.records import ImportChange, ImportProblem
from registry.records import ImportRun as Run
from resolvers.errors import BadInputError
from schema.imports.types import ImportPlan, ImportRun
from tests.registry.samples import ARN, MONDAY, TUESDAY
from tests.schema.single_field_schema import data_of, execute_on
from workflows.imports import plan

PROBLEM = ImportProblem(ElementKind.RUNTIME, "AWS refuses it.", "FORBIDDEN", 3)
RUN = Run(
    id="run-1",
    state=ImportRunState.FAILED,
    phase="AWS did not answer.",
    done=2,
    total=5,
    group="risk",
    account_id="111111111111",
    region="us-east-2",
    model_name="churn",
    registration_id=None,
    started_by="ada",
    started_at=MONDAY,
    ended_at=TUESDAY,
    wishes={"display_name": "Churn"},
    problems=(PROBLEM,),
)
CHANGES = tuple(
    ImportChange(ElementKind.TRAINING_JOB, f"job-{number}", f"{ARN}-{number}", ElementChange.ADDED, match)
    for number, match in enumerate(["EXACT_ARTIFACT", "MODEL_PACKAGE", None])
)
PLAN = plan.PlannedImport(
    model_name="churn",
    exists=True,
    already_imported=False,
    will_create_snapshot="churn-default",
    changes=CHANGES,
    problems=(PROBLEM,),
    aws_calls=7,
)
LIST = """{ elements(first: %d%s) { totalCount pageInfo { hasNextPage endCursor }
  nodes { kind name arn change match } edges { cursor } } }"""


def listed(first: int, after: str | None = None) -> str:
    return LIST % (first, f', after: "{after}"' if after else "")


async def test_a_run_shows_its_record() -> None:
    result = await data_of(
        ImportRun,
        RUN,
        """{ __typename id state phase done total startedBy startedAt endedAt registration { id }
        problems { kind message code count } }""",
    )
    assert result == {
        "__typename": "ImportRun",
        "id": "run-1",
        "state": "FAILED",
        "phase": "AWS did not answer.",
        "done": 2,
        "total": 5,
        "startedBy": "ada",
        "startedAt": "2026-03-02T09:30:00+00:00",
        "endedAt": "2026-03-03T09:30:00+00:00",
        "registration": None,
        "problems": [{"kind": "RUNTIME", "message": "AWS refuses it.", "code": "FORBIDDEN", "count": 3}],
    }


async def test_a_plan_shows_what_it_would_do() -> None:
    result = await data_of(
        ImportPlan,
        PLAN,
        "{ modelName exists alreadyImported willCreateSnapshot awsCalls problems { code } elements { totalCount } }",
    )
    assert result == {
        "modelName": "churn",
        "exists": True,
        "alreadyImported": False,
        "willCreateSnapshot": "churn-default",
        "awsCalls": 7,
        "problems": [{"code": "FORBIDDEN"}],
        "elements": {"totalCount": 3},
    }


async def test_the_elements_of_a_plan_are_paged() -> None:
    first = (await data_of(ImportPlan, PLAN, listed(2)))["elements"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert first["nodes"] == [
        {"kind": "TRAINING_JOB", "name": f"job-{number}", "arn": f"{ARN}-{number}", "change": "ADDED", "match": match}
        for number, match in enumerate(["EXACT_ARTIFACT", "MODEL_PACKAGE"])
    ]
    second = (await data_of(ImportPlan, PLAN, listed(2, first["pageInfo"]["endCursor"])))["elements"]
    assert [(node["name"], node["match"]) for node in second["nodes"]] == [("job-2", None)]
    assert (second["pageInfo"]["hasNextPage"], second["totalCount"]) == (False, 3)


@pytest.mark.parametrize("asked", ["first: 0", "first: 101", 'after: "garbage"'])
async def test_a_page_that_is_none(asked: str) -> None:
    result: Any = await execute_on(ImportPlan, PLAN, f"{{ elements({asked}) {{ totalCount }} }}")
    (error,) = result.errors
    assert isinstance(error.original_error, BadInputError)


async def test_a_cursor_of_another_models_plan() -> None:
    first = (await data_of(ImportPlan, PLAN, listed(1)))["elements"]
    other = plan.PlannedImport(
        model_name="fraud",
        exists=True,
        already_imported=True,
        will_create_snapshot=None,
        changes=CHANGES,
        problems=(),
        aws_calls=0,
    )
    result: Any = await execute_on(ImportPlan, other, listed(1, first["pageInfo"]["endCursor"]))
    (error,) = result.errors
    assert isinstance(error.original_error, BadInputError)
