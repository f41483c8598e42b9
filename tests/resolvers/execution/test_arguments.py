"""resolvers.execution.arguments: a field's arguments are graphql-core's, with whatever variables."""

from typing import Any

import pytest
from graphql import FieldNode, GraphQLError, OperationDefinitionNode, build_schema, parse
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from resolvers.execution.arguments import FieldArguments

SCHEMA = build_schema("""
input Part { a: Int = 7, b: [String!] }
type Query { f(x: Int! = 3, y: [Int!], z: Part, w: String = "left out"): Int }
""")
assert SCHEMA.query_type is not None
DEFINITION = SCHEMA.query_type.fields["f"]


@pytest.mark.parametrize(
    ("arguments", "rounds"),
    [
        ("", [{}, {"x": 1}]),
        ("(x: 5, y: [1, 2], z: {b: []})", [{}, {}]),
        ("(x: $x)", [{"x": 1}, {"x": 2}, {}, {"x": 3}]),
        ("(x: $x, y: $y, z: $z, w: $w)", [{"x": 1, "y": [1]}, {"z": {"a": 1}, "w": None}, {}, {"y": None, "x": 4}]),
        ("(y: [$x, 4])", [{"x": 1}, {"x": 2}]),
        ("(z: {a: $x}, w: $w)", [{"x": 1, "w": "a"}, {"x": 2}]),
        ("(x: 2, w: $w)", [{"w": "a"}, {}, {"w": None}]),
    ],
)
def test_every_round_of_variables(arguments: str, rounds: list[dict[str, Any]]) -> None:
    operation = parse(f"query ($x: Int, $y: [Int!], $z: Part, $w: String) {{ f{arguments} }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    (node,) = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    field = FieldArguments(DEFINITION, node, lambda values: values)
    for sent in (*rounds, *rounds):
        variables = get_variable_values(SCHEMA, operation.variable_definitions or (), sent)
        assert isinstance(variables, VariableValues)
        expected = get_argument_values(DEFINITION, node, variables)
        assert field.keywords(variables) == expected


def test_null_where_a_value_must_be_is_refused_each_time() -> None:
    (node,) = parse("{ f(x: $x) }").definitions[0].selection_set.selections  # type: ignore[attr-defined]
    field = FieldArguments(DEFINITION, node, lambda values: values)
    for value in (1, None, 2, None):
        variables = VariableValues({}, {"x": value})
        if value is None:
            with pytest.raises(GraphQLError):
                field.keywords(variables)
        else:
            assert field.keywords(variables)["x"] == value
