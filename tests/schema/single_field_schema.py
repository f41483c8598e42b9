"""A schema with one field, `it`, to see what a type shows of a value; nothing in it can reach AWS."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types import ExecutionResult

from gateway.settings.server import LimitSettings
from schema.jobs.types import TrainingJob, TransformJob
from schema.scalars import SCALARS


@cache
def _schema(shape: Any) -> strawberry.Schema:
    def it(root: Any) -> Any:
        return root

    field: Any = strawberry.field(resolver=it, graphql_type=shape | None)
    return strawberry.Schema(
        query=create_type("Query", [field]),
        types=[TrainingJob, TransformJob],
        config=StrawberryConfig(scalar_map=dict(SCALARS)),
    )


async def execute_on(shape: Any, value: object, selection: str, **context: object) -> ExecutionResult:
    """What a selection on a value of this type is answered with."""
    execution_result = await _schema(shape).execute(
        f"{{ it {selection} }}",
        root_value=value,
        context_value=SimpleNamespace(**{"limits": LimitSettings(), **context}),
    )
    assert isinstance(execution_result, ExecutionResult)
    return execution_result


async def data_of(shape: Any, value: object, selection: str, **context: object) -> Any:
    """What it shows, without any error."""
    execution_result = await execute_on(shape, value, selection, **context)
    assert execution_result.errors is None
    assert execution_result.data is not None
    return execution_result.data["it"]
