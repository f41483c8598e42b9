"""schema.limits.introspection: the answers are graphql-core's own, and bounded in the number of their values."""

import gc
from typing import Any

import pytest
from graphql import DocumentNode, OperationDefinitionNode, execute_sync, get_introspection_query, parse

from schema.limits import introspection
from schema.limits.errors import LimitExceededError
from schema.limits.introspection import SchemaReader, asks_only_for_the_schema, introspection_lengths
from tests.cached_schema import cached_types

FULL = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
)
SMALL = get_introspection_query(descriptions=False)


def reader() -> SchemaReader:
    return SchemaReader(cached_types())


def operation(document: DocumentNode) -> OperationDefinitionNode:
    first = document.definitions[0]
    assert isinstance(first, OperationDefinitionNode)
    return first


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (FULL, {}),
        (SMALL, {}),
        ('{ __typename a: __type(name: "Nope") { name } __schema { b: types { name } types { kind } } }', {}),
        (
            "query($n: String!) { __type(name: $n) { ...F ...F } } fragment F on __Type { name }",
            {"n": "Node"},
        ),
        (
            'query($d: Boolean! = true) { __type(name: "JobStatus") { enumValues(includeDeprecated: $d) { name } } }',
            {"d": True},
        ),
        ("{ ...F } fragment F on Query { __schema { directives { name locations args { name defaultValue } } } }", {}),
        ("query($s: Boolean!) { __schema { queryType { name @skip(if: $s) kind } } }", {"s": True}),
        ('{ ... on Query { __type(name: "ModelFilter") { inputFields { name type { ofType { name } } } } } }', {}),
    ],
)
def test_as_graphql_core_answers(query: str, variables: dict[str, Any]) -> None:
    document = parse(query)
    assert asks_only_for_the_schema(document, operation(document))
    data, values = reader().read(document, operation(document), variables)
    assert data == execute_sync(cached_types(), document, variable_values=variables).data
    assert values == count(data)


def count(data: Any) -> int:
    """The values of objects in it, lists' items apart."""
    if isinstance(data, dict):
        return len(data) + sum(map(count, data.values()))
    return sum(map(count, data)) if isinstance(data, list) else 0


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename }",
        "{ __schema { queryType { name } } me { subject } }",
        "{ ...F } fragment F on Query { __schema { queryType { name } } me { subject } }",
        "mutation { __typename }",
        "query @skip(if: true) { __schema { queryType { name } } }",
    ],
)
def test_whatever_asks_for_more_is_graphql_cores(query: str) -> None:
    document = parse(query)
    assert not asks_only_for_the_schema(document, operation(document))


def test_fragments_that_multiply_are_walked_once() -> None:
    """Each of 200 spreads the next one twice: 2^200 fields, if anybody were to walk them."""
    chain = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(200))
    document = parse("{ ...F0 } " + chain + "fragment F200 on Query { __schema { queryType { name } } }")
    assert asks_only_for_the_schema(document, operation(document))
    assert reader().read(document, operation(document), {})[0] == {"__schema": {"queryType": {"name": "Query"}}}


def test_one_whole_schema_and_not_two() -> None:
    """The bound follows from the schema, so that it grows with it."""
    _, values = reader().read(parse(FULL), operation(parse(FULL)), {})
    assert values < reader().max_values < 2 * values
    selection = FULL[FULL.index("__schema") : FULL.index("fragment FullType")].rstrip().removesuffix("}")
    twice = parse("{ a: " + selection + " b: " + selection + "}" + FULL[FULL.index("fragment FullType") :])
    with pytest.raises(LimitExceededError):
        reader().read(twice, operation(twice), {})


def test_lengths_of_lists() -> None:
    lengths = introspection_lengths(cached_types())
    assert (lengths["types"], lengths["directives"]) == (len(cached_types().type_map), len(cached_types().directives))
    assert all(length >= 1 for length in lengths.values())


def test_a_reading_leaves_no_garbage_for_a_collection() -> None:
    document, reading = parse(SMALL), reader()
    gc.collect()
    gc.disable()
    try:
        reading.read(document, operation(document), {})
        assert not [one for one in gc.get_objects() if isinstance(one, introspection._Reading)]
    finally:
        gc.enable()
