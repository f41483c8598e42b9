"""gateway.mcp.input_schemas: the arguments of a tool, as JSON schema has them."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from gateway.mcp.input_schemas import arguments_schema

SCHEMA = build_schema(
    """
    scalar DateTime scalar BigInt scalar JSON
    enum Light { RED GREEN }
    input Deep { deeper: Deep, name: String! , light: Light = RED, count: Int! = 3 }
    type Query { a(id: ID, share: Float, deep: Deep): Int }
    """
)


def schema_of(declared: str) -> Any:
    operation = parse(f"query q({declared}) {{ a }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return arguments_schema(operation.variable_definitions or (), SCHEMA)


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("String", {"type": "string"}),
        ("ID!", {"type": "string"}),
        ("Int", {"type": "integer"}),
        ("Float", {"type": "number"}),
        ("Boolean", {"type": "boolean"}),
        ("BigInt", {"type": "integer"}),
        ("DateTime", {"type": "string", "format": "date-time"}),
        ("JSON", {}),
        ("[Light!]!", {"type": "array", "items": {"type": "string", "enum": ["RED", "GREEN"]}}),
    ],
)
def test_types(type_: str, expected: Any) -> None:
    assert schema_of(f"$a: {type_}")["properties"] == {"a": expected}


def test_what_is_required_described_and_has_a_default() -> None:
    assert schema_of('"How many" $a: Int! = 3, $b: String!, "Which" $c: ID') == {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "description": "How many", "default": 3},
            "b": {"type": "string"},
            "c": {"type": "string", "description": "Which"},
        },
        "additionalProperties": False,
        "required": ["b"],
    }


def test_inputs_are_spelled_out_to_a_depth() -> None:
    first = schema_of("$a: Deep!")["properties"]["a"]
    assert first["required"] == ["name"]
    assert first["properties"]["light"] == {"type": "string", "enum": ["RED", "GREEN"]}
    inner, depth = first, 0
    while "properties" in inner:
        inner, depth = inner["properties"]["deeper"], depth + 1
    assert (inner, depth) == ({"type": "object"}, 4)
