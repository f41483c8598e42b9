"""resolvers.execution.documents: plans are kept, bounded, and refused before anything is called."""

from types import SimpleNamespace
from typing import Any

import pytest
from graphql import ExecutionResult, OperationDefinitionNode, parse

from resolvers.execution.documents import MAX_PLANS, BreadthFirstExecutor
from resolvers.execution.plan import Plan
from tests.resolvers.execution.made_up_world import World

WORLD = World(luck=0)
REQUEST = SimpleNamespace(deadline=None)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """The plans that are made."""
    made: list[Plan] = []
    original = Plan.__init__

    def noted(self: Plan, *arguments: Any) -> None:
        made.append(self)
        original(self, *arguments)

    monkeypatch.setattr(Plan, "__init__", noted)
    return made


async def run(executor: BreadthFirstExecutor, plans: Any, text: Any, **variables: Any) -> ExecutionResult | None:
    operation = next(part for part in text.definitions if isinstance(part, OperationDefinitionNode))
    return await executor.execute(plans, operation, variables, REQUEST, root=WORLD.root())


async def test_a_document_is_compiled_once(compiled: list[Plan]) -> None:
    executor, document = BreadthFirstExecutor(WORLD.catalog), parse('{ model(name: "a") { name } }')
    plans = executor.plans_of(document)
    answers = [await run(executor, plans, document) for _ in range(3)]
    assert len({str(answer) for answer in answers}) == 1
    assert len(compiled) == 1
    assert (executor.planned, dict(executor.refused)) == (3, {})
    assert 0 < plans.bytes < 20_000


async def test_conditions_have_plans_of_their_own_and_are_bounded(compiled: list[Plan]) -> None:
    names = [f"c{number}" for number in range(6)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: __typename @include(if: ${name})" for name in names)
    document = parse(f"query ({declared}) {{ {fields} }}")
    executor = BreadthFirstExecutor(WORLD.catalog)
    plans = executor.plans_of(document)
    for number in range(2**6):
        chosen = {name: bool(number & 1 << bit) for bit, name in enumerate(names)}
        answer = await run(executor, plans, document, **chosen)
        assert answer is not None
        assert answer.data == {name: "Query" for name, included in chosen.items() if included}
    assert len(compiled) == 2**6
    assert len(plans._plans) == MAX_PLANS


async def test_a_plan_keeps_no_variable_but_conditions(compiled: list[Plan]) -> None:
    document = parse("query ($n: String!, $c: Boolean!) { model(name: $n) { name @skip(if: $c) __typename } }")
    executor = BreadthFirstExecutor(WORLD.catalog)
    await run(executor, executor.plans_of(document), document, n="s3cr3t", c=False)
    (plan,) = compiled
    (field,) = plan.root.fields
    assert plan._conditions.coerced == {"c": False}
    assert field._arguments._keywords is None
    assert field._arguments._constant == {}


async def test_wrong_variables_end_the_operation() -> None:
    document = parse("query ($n: String!) { model(name: $n) { name } }")
    executor = BreadthFirstExecutor(WORLD.catalog)
    answer = await run(executor, executor.plans_of(document), document)
    assert answer is not None
    assert (answer.data, len(answer.errors or ())) == (None, 1)
    assert executor.planned == 0


async def test_the_name_of_the_mutation_type_is_shown() -> None:
    """Caches of clients have it asked for beside the mutation's fields."""
    executor, document = BreadthFirstExecutor(WORLD.catalog), parse("mutation { kind: __typename }")
    answer = await run(executor, executor.plans_of(document), document)
    assert answer is not None
    assert (answer.data, answer.errors) == ({"kind": "Mutation"}, None)
    assert (executor.planned, dict(executor.refused)) == (1, {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("query @skip(if: true) { __typename }", "operation with directives"),
        ("query ($c: Boolean) { __typename @skip(if: $c) }", "condition without a value"),
    ],
)
async def test_what_is_refused(text: str, reason: str) -> None:
    executor, document = BreadthFirstExecutor(WORLD.catalog), parse(text)
    assert await run(executor, executor.plans_of(document), document) is None
    assert (executor.planned, dict(executor.refused)) == (0, {reason: 1})


async def test_a_field_without_a_source_is_refused_wherever_it_stands() -> None:
    """Such as one with an extension: nothing is called before that is known."""
    world = World(luck=0)
    del world.catalog.fields["TransformJob", "name"]  # type: ignore[attr-defined]  # A dict.
    executor = BreadthFirstExecutor(world.catalog)
    for text, refused in (("{ jobs { nodes { name } } }", True), ("{ jobs { nodes { id } } }", False)):
        document = parse(text)
        answer = await run(executor, executor.plans_of(document), document)
        assert (answer is None) is refused
    assert dict(executor.refused) == {"field without a source": 1}
