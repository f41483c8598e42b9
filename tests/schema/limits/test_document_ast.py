"""schema.limits.document_ast: what a node includes, and the values of its arguments."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import FieldNode, GraphQLField, OperationDefinitionNode, parse, parse_value

from resolvers.lists.merged_list import ListScope
from schema.limits.document_ast import argument_value, arguments, composite_type, is_included, variables_of
from tests.cached_schema import cached_types


def fields() -> Mapping[str, GraphQLField]:
    query = cached_types().query_type
    assert query is not None
    known: Mapping[str, GraphQLField] = query.fields
    return known


def field(text: str) -> FieldNode:
    operation = parse(text).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    node = operation.selection_set.selections[0]
    assert isinstance(node, FieldNode)
    return node


@pytest.mark.parametrize(
    ("directives", "included"),
    [
        ("", True),
        ("@skip(if: true)", False),
        ("@skip(if: false)", True),
        ("@include(if: true)", True),
        ("@include(if: false)", False),
        ("@skip(if: $yes)", False),
        ("@include(if: $no)", False),
        ("@include(if: $yes) @skip(if: $no)", True),
        ("@include(if: $yes) @skip(if: $yes)", False),
        ("@include(if: $unknown)", True),
        ("@other(if: true)", True),
    ],
)
def test_is_included(directives: str, included: bool) -> None:
    assert is_included(field(f"{{ me {directives} {{ subject }} }}"), {"yes": True, "no": False}) is included


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5", 5),
        ('"x"', "x"),
        ("null", None),
        ("NAME", "NAME"),
        ("[1, $v, $w]", [1, 7, None]),
        ("{a: $v, b: {c: true}}", {"a": 7, "b": {"c": True}}),
        ("$v", 7),
        ("$w", None),
    ],
)
def test_value(written: str, read: Any) -> None:
    assert argument_value(parse_value(written), {"v": 7}) == read


def test_arguments_have_the_schemas_defaults() -> None:
    assert arguments(fields()["models"], field('{ models(after: "c") { totalCount } }'), {}) == {
        "first": 50,
        "after": "c",
        "filter": None,
        "orderBy": None,
        "region": None,
        "group": None,
        "scope": ListScope.ACTING,
    }


def test_an_argument_of_null_is_not_its_default() -> None:
    assert arguments(fields()["models"], field("{ models(first: null) { totalCount } }"), {})["first"] is None


def test_a_variable_that_is_not_given_leaves_the_default() -> None:
    node = field("{ models(first: $n) { totalCount } }")
    assert arguments(fields()["models"], node, {})["first"] == 50
    assert arguments(fields()["models"], node, {"n": None})["first"] is None
    assert arguments(fields()["models"], node, {"n": 3})["first"] == 3


def test_variables_of() -> None:
    operation = parse("query($a: Int = 1, $b: [Int] = [2], $c: Int) { me { subject } }").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert variables_of(operation, None) == {"a": 1, "b": [2]}
    assert variables_of(operation, {"a": 5, "c": None, "d": 6}) == {"a": 5, "b": [2], "c": None, "d": 6}


@pytest.mark.parametrize(("name", "type_name"), [("models", "ModelConnection"), ("node", "Node"), ("nodes", "Node")])
def test_composite(name: str, type_name: str) -> None:
    assert composite_type(cached_types(), fields()[name]).name == type_name


def test_a_leaf_is_not_composite() -> None:
    name = cached_types().type_map["Model"].fields["name"]  # type: ignore[attr-defined]  # Model has fields.
    assert composite_type(cached_types(), name) is None
