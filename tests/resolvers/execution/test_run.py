"""resolvers.execution.run: the answers of graphql-core, with one call for each level."""

import asyncio
import gc
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import (
    ExecutionResult,
    OperationDefinitionNode,
    execute,
    parse,
    validate,
)
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from resolvers.execution.documents import BreadthFirstExecutor
from tests.resolvers.execution.agreement import comparable
from tests.resolvers.execution.made_up_world import World
from tests.resolvers.execution.random_queries import RandomQuery, random_query

WORLD = World()
EXECUTOR = BreadthFirstExecutor(WORLD.catalog)


async def both(query: RandomQuery) -> tuple[ExecutionResult, ExecutionResult]:
    """The answers of graphql-core and of the executor."""
    document = parse(query.text)
    assume(not validate(WORLD.schema, document))
    judged: Any = execute(WORLD.schema, document, WORLD.root(), variable_values=query.variables)
    if not isinstance(judged, ExecutionResult):
        judged = await judged
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    plans = EXECUTOR.plans_of(document)
    request = SimpleNamespace(deadline=None)
    answered = await EXECUTOR.execute(plans, operation, query.variables, request, root=WORLD.root())
    assert answered is not None
    return judged, answered


# Of what graphql-core has begun beside a failure it leaves some alone.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited", "ignore::pytest.PytestUnraisableExceptionWarning")
@given(st.integers(0, 2**40))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_answers_as_graphql_core_does(seed: int) -> None:
    query = random_query(WORLD.schema, seed)
    note(query.text)
    judged, answered = asyncio.run(both(query))
    assert comparable(answered) == comparable(judged)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """What graphql-core has left alone goes with the test that is told of it."""
    yield
    gc.collect()
