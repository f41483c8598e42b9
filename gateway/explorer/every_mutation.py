"""One example for every mutation that no worked example shows, written from the schema: a form to fill in."""

import re
from collections.abc import Collection
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLSchema,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import Undefined

from gateway.explorer.examples import Example

_SHOWN_OF_RESULT = ("id", "name", "state", "status", "reason")
_PLACEHOLDERS = {"Int": 1, "Float": 1.0, "Boolean": True, "BigInt": 1, "JSON": {}, "DateTime": "2026-01-01T00:00:00Z"}


def every_mutation(schema: GraphQLSchema, shown: Collection[Example]) -> tuple[Example, ...]:
    """Give an example for each mutation that none of the shown ones has, in the schema's order.

    The variables hold the required fields of the input alone; the editor knows the others.

    Args:
        schema: The schema.
        shown: The worked examples.
    """
    texts = " ".join(example.query for example in shown)
    fields = schema.mutation_type.fields if schema.mutation_type else {}
    return tuple(_example(name, field) for name, field in fields.items() if not re.search(rf"\b{name}\b", texts))


def _example(name: str, field: GraphQLField) -> Example:
    operation = f"{name[0].upper()}{name[1:]}"
    type_ = field.args["input"].type
    query = (
        f"mutation {operation}($input: {type_}) {{\n"
        f"  {name}(input: $input) {{\n{_selection(get_named_type(field.type))}  }}\n}}\n"
    )
    described = (field.description or operation).rstrip(".")
    return Example(operation, f"{described}.", query, {"input": _value(type_)}, tab=False)


def _selection(payload: Any) -> str:
    """Select the fields of a payload that show the change: objects by names and states, and the input's faults."""
    lines = []
    for name, field in payload.fields.items():
        named = get_named_type(field.type)
        if name == "userErrors" or any(is_non_null_type(argument.type) for argument in field.args.values()):
            continue
        if is_leaf_type(named):
            lines.append(f"    {name}\n")
        elif is_object_type(named) and (parts := [part for part in _SHOWN_OF_RESULT if part in named.fields]):
            lines.append(f"    {name} {{\n" + "".join(f"      {part}\n" for part in parts) + "    }\n")
    return "".join(lines) + "    userErrors {\n      field\n      code\n      message\n    }\n"


def _required(type_: GraphQLInputObjectType) -> dict[str, Any]:
    """Give the fields without which the input is not valid; of a one-of input, the first field."""
    # Strawberry marks its one-of inputs in the extension's definition, which graphql-core does not read.
    definition = type_.extensions.get("strawberry-definition")
    if type_.is_one_of or getattr(definition, "is_one_of", False):
        name, field = next(iter(type_.fields.items()))
        return {name: _value(field.type)}
    return {
        name: _value(field.type)
        for name, field in type_.fields.items()
        if is_non_null_type(field.type) and field.default_value is Undefined
    }


def _value(type_: Any) -> Any:
    if is_non_null_type(type_):
        return _value(type_.of_type)
    if is_list_type(type_):
        return [_value(type_.of_type)]
    if is_input_object_type(type_):
        return _required(type_)
    if is_enum_type(type_):
        return next(iter(type_.values))
    return _PLACEHOLDERS.get(type_.name, "")
