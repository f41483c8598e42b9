"""resolvers.execution.variables: compiled coercion gives graphql-core's values and faults."""

import asyncio
import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, is_input_type, parse
from graphql import build_schema as schema_of
from graphql.execution.values import get_variable_values

from concurrency.time_slices import TimeSlices
from resolvers.execution.catalog import Catalog
from resolvers.execution.documents import BreadthFirstExecutor
from resolvers.execution.variables import (
    MANY_VALUES,
    MAX_ERRORS,
    VariableCompiler,
    are_many,
    coerced_variables,
)
from schema.build import build_schema
from tests.schema.random_inputs import random_value

SCHEMA: GraphQLSchema = build_schema()._schema
COMPILER = VariableCompiler(SCHEMA)

OTHERS = schema_of("""
input Node { name: String, below: [Node] }
input One @oneOf { a: Int, b: String }
input Defaults { a: Int! = 3, b: [String!] = ["x"], c: Boolean }
type Query { f(n: Node, o: One, d: Defaults): Int }
""")


def operation(text: str) -> OperationDefinitionNode:
    node = parse(text).definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    return node


def compare(schema: GraphQLSchema, compiler: VariableCompiler, text: str, sent: Mapping[str, Any]) -> bool:
    """Both coercions, compared; gives True for values without a fault."""
    node = operation(text)
    judged = get_variable_values(
        schema, node.variable_definitions or (), dict(sent), max_errors=MAX_ERRORS, hide_suggestions=True
    )
    answered = coerced_variables(schema, node, compiler.variables(node), sent)
    if isinstance(judged, list):
        assert isinstance(answered, list)
        assert [str(error) for error in answered] == [str(error) for error in judged]
        return False
    assert not isinstance(answered, list)
    assert answered.coerced == judged.coerced
    assert list(answered.sources) == list(judged.sources)
    assert [source.value for source in answered.sources.values()] == [
        source.value for source in judged.sources.values()
    ]
    return True


def input_types() -> Iterator[str]:
    for name, type_ in SCHEMA.type_map.items():
        if is_input_type(type_) and not name.startswith("__"):
            yield from (name, f"{name}!", f"[{name}!]", f"[[{name}]!]!")


def test_every_input_type_of_the_schema_is_coerced_alike() -> None:
    """Valid values, values with faults anywhere, nulls, what is left out, and what is unknown."""
    choice, fine = random.Random(16), 0
    types = list(input_types())
    for name in types:
        text = f"query ($v: {name}) {{ __typename }}"
        type_ = COMPILER.variables(operation(text))
        assert type_ is not None
        for flaw in (0.0, 0.0, 0.05, 0.3):
            value = random_value(type_[0].signature.type, choice, flaw)
            fine += compare(SCHEMA, COMPILER, text, {"v": value})
    assert len(types) > 200
    assert len(types) < fine < 4 * len(types)


@pytest.mark.parametrize(
    ("text", "sent", "is_valid"),
    [
        ("query ($a: Int) { f }", {}, True),
        ("query ($a: Int!) { f }", {}, False),
        ("query ($a: Int = 4) { f }", {}, True),
        ("query ($a: Int! = 4) { f }", {}, True),
        ("query ($a: Int! = 4) { f }", {"a": None}, False),
        ("query ($a: [Int] = [1, 2]) { f }", {"a": 5}, True),
        ("query ($a: [Int]) { f }", {"a": (1, 2)}, True),
        ("query ($a: Int) { f }", {"a": 1, "unknown": 2}, True),
        ("query ($a: Query) { f }", {"a": 1}, False),
        ("query ($d: Defaults) { f }", {"d": {}}, True),
        ("query ($d: Defaults) { f }", {"d": {"a": None}}, False),
        ("query ($d: Defaults) { f }", {"d": {"c": True, "e": 1}}, False),
        ("query ($o: One) { f }", {"o": {"a": 1}}, True),
        ("query ($o: One) { f }", {"o": {"a": 1, "b": "x"}}, False),
        ("query ($o: One) { f }", {"o": {"a": None}}, False),
        ("query ($o: One) { f }", {"o": {}}, False),
        ("query ($n: Node) { f }", {"n": {"below": [{"name": "a"}]}}, True),
    ],
)
def test_defaults_one_ofs_and_lists_of_one(text: str, sent: Mapping[str, Any], is_valid: bool) -> None:
    assert compare(OTHERS, VariableCompiler(OTHERS), text, sent) is is_valid


def test_what_is_nested_too_deeply_is_refused_as_graphql_core_does() -> None:
    value = dict[str, Any]()
    for _ in range(150):
        value = {"below": [value]}
    text = "query ($n: Node) { f }"
    assert VariableCompiler(OTHERS).variables(operation(text)) is None
    assert not compare(OTHERS, VariableCompiler(OTHERS), text, {"n": value})


class Clock:
    """A clock that goes on by one second at each look."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


async def turns_beside(executor: BreadthFirstExecutor, count: int) -> int:
    """The turns that the loop takes while an operation with so many input objects is prepared."""
    document = parse("query ($n: [Defaults!]) { f }")
    node, turns = document.definitions[0], 0
    assert isinstance(node, OperationDefinitionNode)
    sent = {"n": [{"a": number} for number in range(count)]}
    preparing = asyncio.create_task(executor.prepare_in_turn(executor.plans_of(document), node, sent))
    while not preparing.done():
        turns += 1
        await asyncio.sleep(0)
    assert [item["a"] for item in (await preparing).variables.coerced["n"]] == list(range(count))
    return turns


async def test_many_variables_are_coerced_in_time_slices() -> None:
    """One slice is one look at the clock long."""
    executor = BreadthFirstExecutor(Catalog(OTHERS, {}, {}, {}))
    executor._slices = TimeSlices(1, Clock())
    assert await turns_beside(executor, 3) < 5
    assert await turns_beside(executor, MANY_VALUES) >= MANY_VALUES


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (None, False),
        ({}, False),
        ({"a": ["x"] * (MANY_VALUES - 2)}, False),
        ({"a": ["x"] * MANY_VALUES}, True),
        ({"a": [{"b": [{"c": 1}] * MANY_VALUES}]}, True),
        ({"a": "x" * 100_000}, False),
    ],
)
def test_many_values_are_counted_wherever_they_are(sent: Any, expected: bool) -> None:
    assert are_many(sent) is expected
