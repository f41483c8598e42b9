"""schema.limits.complexity: a document's depth, aliases, directives and cost, before anything of it runs."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from schema.limits.complexity import DocumentSize, measure_document
from schema.scalars import LARGEST
from tests.cached_schema import cached_types


def measured(text: str, variables: dict[str, Any] | None = None, page_size: int = 100) -> DocumentSize:
    document = parse(text)
    operation = next(
        definition for definition in document.definitions if isinstance(definition, OperationDefinitionNode)
    )
    return measure_document(cached_types(), document, operation, variables, page_size)


@pytest.mark.parametrize(
    ("text", "depth", "cost"),
    [
        ("{ __typename }", 0, 0),
        ("{ me { subject } }", 2, 1),
        ('{ model(name: "m") { name } }', 2, 1),
        ("{ models { totalCount } }", 2, 0),
        ("{ models { pageInfo { endCursor } } }", 3, 0),
        ("{ models { nodes { name } } }", 3, 50),
        ("{ models { edges { node { name } } } }", 4, 50),
        ("{ models(first: null) { nodes { name } } }", 3, 100),
        ("{ models(first: 3) { nodes { name tags { key } } } }", 4, 6),
        ("{ models(first: 3) { nodes { snapshots { nodes { name } } } } }", 5, 33),
        ("{ models(first: 3) { nodes { snapshots(first: 2) { nodes { variants { model { name } } } } } } }", 7, 21),
        ("{ models(first: 0) { nodes { name } } }", 3, 1),
        ("{ models(first: -5) { nodes { name } } }", 3, 1),
        ("{ models(first: 1000) { nodes { name } } }", 3, 100),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 2, 3),
        ("{ nodes(ids: []) { id } }", 2, 1),
        ('{ nodes(ids: "a") { id } }', 2, 1),
        ("{ models(first: 2) { nodes { name } } snapshots(first: 3) { nodes { name } } }", 3, 5),
    ],
)
def test_depth_and_cost(text: str, depth: int, cost: int) -> None:
    assert measured(text) == DocumentSize(depth, 0, 0, cost)


@pytest.mark.parametrize(
    ("variables", "cost"),
    [({"n": 7}, 7), ({}, 4), (None, 4), ({"n": None}, 100), ({"n": 5000}, 100), ({"n": "no number"}, 100)],
)
def test_a_variable_gives_the_page_size(variables: dict[str, Any] | None, cost: int) -> None:
    assert measured("query($n: Int = 4) { models(first: $n) { nodes { name } } }", variables).cost == cost


def test_a_variable_without_a_value_leaves_the_field_its_own_default() -> None:
    assert measured("query($n: Int) { models(first: $n) { nodes { name } } }", {}).cost == 50


def test_a_variable_gives_the_ids() -> None:
    assert measured("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a", "b"]}).cost == 2
    assert measured('query($i: ID!) { nodes(ids: [$i, "b"]) { id } }', {"i": "a"}).cost == 2


def test_the_settings_bound_the_page() -> None:
    assert measured("{ models(first: 80) { nodes { name } } }", page_size=20).cost == 20


@pytest.mark.parametrize(
    ("text", "aliases", "directives"),
    [
        ("{ a: me { b: subject } }", 2, 0),
        ("query @skip(if: false) { me @include(if: true) @skip(if: false) { subject } }", 0, 3),
        ("{ me { ... @include(if: true) { a: subject } ... on Caller @include(if: true) { b: subject } } }", 2, 2),
        ("{ x: me { ...F } y: me { ...F @skip(if: false) } } fragment F on Caller { a: subject b: groups }", 6, 1),
        ("{ me { ...F ...F } } fragment F on Caller @nothing { a: subject @nothing }", 2, 4),
        # What introspection holds counts too: an alias repeats the whole schema as it repeats a model.
        ("{ __schema { a: types { b: name @skip(if: false) } } }", 2, 1),
        ("{ t: __typename }", 1, 0),
        # Left out: nothing of it runs, but the directive itself has to be read.
        ("{ a: me @skip(if: true) { b: subject } }", 0, 1),
    ],
)
def test_aliases_and_directives(text: str, aliases: int, directives: int) -> None:
    size = measured(text)
    assert (size.aliases, size.directives) == (aliases, directives)


@pytest.mark.parametrize(("variables", "cost"), [({"x": True}, 0), ({"x": False}, 50), ({}, 0)])
def test_what_a_variable_leaves_out_costs_nothing(variables: dict[str, Any], cost: int) -> None:
    assert measured("query($x: Boolean = true) { models @skip(if: $x) { nodes { name } } }", variables).cost == cost


def test_fields_of_interfaces_and_fragments_on_types() -> None:
    text = "{ jobs(first: 2) { nodes { ... on TransformJob { model { name } } ... on Job { tags { key } } } } }"
    assert measured(text) == DocumentSize(4, 0, 0, 6)


def test_introspection_has_no_depth_and_a_measure_of_its_own() -> None:
    """Things by the mean length of each list: twice as much for two aliases, and less for less."""
    full = get_introspection_query(input_value_deprecation=True, specified_by_url=True)
    size = measured(full)
    assert size == DocumentSize(introspection=size.introspection)
    types = len(cached_types().type_map)
    assert size.introspection > 10 * types
    assert measured("{ __schema { types { name } } }").introspection == types + 1
    assert measured("{ a: __schema { types { name } } b: __schema { types { name } } }").introspection == 2 * (
        types + 1
    )
    assert measured('{ __type(name: "Model") { name } }').introspection == 1


def test_one_operation_is_measured_not_all() -> None:
    document = parse("query A { me { subject } } query B { models { nodes { name } } }")
    operation = document.definitions[1]
    assert isinstance(operation, OperationDefinitionNode)
    assert measure_document(cached_types(), document, operation, None, 100).cost == 50


def test_fragments_that_multiply_are_measured_once() -> None:
    """Each of 200 fragments spreads the next one twice: 2^200 fields, if anybody were to walk them."""
    chain = "".join(f"fragment F{n} on Query {{ a{n}: me {{ subject }} ...F{n + 1} ...F{n + 1} }}" for n in range(200))
    text = "{ ...F0 } " + chain + "fragment F200 on Query { models { nodes { name } } }"
    size = measured(text)
    assert size == DocumentSize(3, LARGEST, 0, LARGEST)


def test_levels_that_multiply_stay_within_json() -> None:
    inner = "models(first: 100) { nodes { name } }"
    for _ in range(12):
        inner = f"nodes(ids: [{'1,' * 90}]) {{ ... on Model {{ snapshots(first: 100) {{ nodes {{ id }} }} }} }} {inner}"
    assert measured(f"{{ {inner} }}").cost == 12 * 90 * 101 + 100
