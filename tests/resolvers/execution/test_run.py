"""resolvers.execution.run: the answers of graphql-core, with one call for each level."""

import asyncio
import gc
from collections.abc import Iterator, Sequence
from sys import intern
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    ExecutionResult,
    OperationDefinitionNode,
    execute,
    parse,
    validate,
)
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from aws.inventory.projections import Projection
from concurrency.time_slices import TimeSlices
from resolvers.execution import plain_rows, row_code, run
from resolvers.execution.documents import BreadthFirstExecutor
from resolvers.execution.level import Level
from resolvers.execution.plan import FieldPlan, ObjectPlan
from resolvers.execution.run import LargeExecutionResult
from tests.resolvers.execution.agreement import comparable
from tests.resolvers.execution.made_up_world import World
from tests.resolvers.execution.random_queries import RandomQuery, random_query

WORLD = World()
EXECUTOR = BreadthFirstExecutor(WORLD.catalog)
REQUEST = SimpleNamespace(deadline=None)


async def judged_by(world: World, document: DocumentNode, variables: Any = None) -> ExecutionResult:
    """The answer of graphql-core."""
    result: Any = execute(world.schema, document, world.root(), variable_values=variables)
    return result if isinstance(result, ExecutionResult) else await result


class BySeed(Projection):
    """Made-up objects are others each time, and show the same."""

    def of(self, values: Sequence[Any]) -> list[Any] | None:
        return super().of([intern(value.seed) for value in values])

    def keep(self, values: Sequence[Any], data: Sequence[Any], objects: int) -> None:
        super().keep([intern(value.seed) for value in values], data, objects)


class Keeping:
    """Keeps the rows of all plain selections, whatever shows them."""

    def __init__(self) -> None:
        self._by_plan: dict[ObjectPlan, Projection] = {}

    def kept_rows(self, _field: FieldPlan, plan: ObjectPlan, _values: Any) -> Projection | None:
        return self._by_plan.setdefault(plan, BySeed()) if plain_rows._is_plain(plan) else None


async def both(query: RandomQuery, times: int = 1) -> tuple[ExecutionResult, ExecutionResult]:
    """The answers of graphql-core and of the executor, the last one of so many."""
    document = parse(query.text)
    assume(not validate(WORLD.schema, document))
    judged = await judged_by(WORLD, document, query.variables)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    plans = EXECUTOR.plans_of(document)
    for _ in range(times):
        answered = await EXECUTOR.execute(plans, operation, query.variables, REQUEST, root=WORLD.root())
    assert answered is not None
    return judged, answered


# Of what graphql-core has begun beside a failure it leaves some alone.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited", "ignore::pytest.PytestUnraisableExceptionWarning")
@given(seed=st.integers(0, 2**40), by_code=st.booleans(), kept=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_answers_as_graphql_core_does(*, seed: int, by_code: bool, kept: bool) -> None:
    """By code from the first object on, or not at all; anew, or with the rows that the answer before has left."""
    query = random_query(WORLD.schema, seed)
    note(query.text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_code, "LEAST_ROWS", 0 if by_code else 10_000)
        if kept:
            patch.setattr(run, "kept_rows", Keeping().kept_rows)
        judged, answered = asyncio.run(both(query, times=2 if kept else 1))
    assert comparable(answered) == comparable(judged)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """What graphql-core has left alone goes with the test that is told of it."""
    yield
    gc.collect()


async def test_an_answer_leaves_no_garbage_that_only_a_collection_frees() -> None:
    """A collection that had to free whole answers held the loop for half a second."""
    world = World(luck=0)
    executor = BreadthFirstExecutor(world.catalog)
    document = parse("{ deployments { nodes { id steps { name job { id } } } } }")
    operation: Any = document.definitions[0]
    plans = executor.plans_of(document)
    await executor.execute(plans, operation, None, REQUEST, root=world.root())
    gc.collect()
    gc.disable()
    try:
        answer = await executor.execute(plans, operation, None, REQUEST, root=world.root())
        assert answer is not None
        assert answer.errors is None
        del answer
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        assert [each for each in gc.garbage if isinstance(each, Level | dict)] == []
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


async def test_a_large_answer_lets_others_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its values are completed in slices, and it is marked as large."""
    monkeypatch.setattr("resolvers.execution.run.LARGE_OBJECTS", 2)
    world = World(luck=0)
    executor = BreadthFirstExecutor(world.catalog)
    executor._slices = TimeSlices(seconds=0)
    document = parse("{ deployments { nodes { id steps { name job { id } } registrations { id modelName } } } }")
    operation: Any = document.definitions[0]
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counted = []
    for parents in (1_000, 1):
        monkeypatch.setattr("resolvers.execution.run.SLICED_PARENTS", parents)
        turns, other = 0, asyncio.create_task(others())
        result = await executor.execute(executor.plans_of(document), operation, {}, REQUEST, root=world.root())
        other.cancel()
        counted.append(turns)
        assert isinstance(result, LargeExecutionResult)
        assert comparable(result) == comparable(await judged_by(world, document))
    assert counted[0] < counted[1]
