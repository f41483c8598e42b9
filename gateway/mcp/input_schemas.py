"""JSON schemas of a tool's arguments, made from the variables of its document."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    type_from_ast,
    value_from_ast_untyped,
)

_SCALARS: Final[Mapping[str, Mapping[str, Any]]] = {
    "String": {"type": "string"},
    "ID": {"type": "string"},
    "Int": {"type": "integer"},
    "BigInt": {"type": "integer"},
    "Float": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "DateTime": {"type": "string", "format": "date-time"},
}
_MAX_DEPTH: Final = 4
"""Levels of inputs that are spelled out; a deeper one is any object, as inputs may hold themselves."""


def arguments_schema(variables: Sequence[VariableDefinitionNode], schema: GraphQLSchema) -> dict[str, Any]:
    """Give the JSON schema of an object that holds these variables, whose types are in the GraphQL schema."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for variable in variables:
        type_: Any = type_from_ast(schema, variable.type)
        name = variable.variable.name.value
        properties[name] = {**_schema_of(type_, 0), **_words_about(variable)}
        if isinstance(type_, GraphQLNonNull) and variable.default_value is None:
            required.append(name)
    result: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**result, "required": required} if required else result


def _words_about(variable: VariableDefinitionNode) -> Mapping[str, Any]:
    described = {} if variable.description is None else {"description": variable.description.value}
    if variable.default_value is None:
        return described
    return {**described, "default": value_from_ast_untyped(variable.default_value)}


def _schema_of(type_: GraphQLInputType, depth: int) -> Mapping[str, Any]:
    if isinstance(type_, GraphQLNonNull):
        return _schema_of(type_.of_type, depth)
    if isinstance(type_, GraphQLList):
        return {"type": "array", "items": _schema_of(type_.of_type, depth)}
    if isinstance(type_, GraphQLEnumType):
        return {"type": "string", "enum": list(type_.values)}
    if isinstance(type_, GraphQLInputObjectType):
        return _object_schema(type_, depth) if depth < _MAX_DEPTH else {"type": "object"}
    return _SCALARS.get(type_.name, {})


def _object_schema(type_: GraphQLInputObjectType, depth: int) -> Mapping[str, Any]:
    fields = type_.fields.items()
    result: dict[str, Any] = {
        "type": "object",
        "properties": {name: _schema_of(field.type, depth + 1) for name, field in fields},
        "additionalProperties": False,
    }
    required = [
        name
        for name, field in fields
        if isinstance(field.type, GraphQLNonNull) and field.default is None and field.default_value is Undefined
    ]
    return {**result, "required": required} if required else result
