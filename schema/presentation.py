"""The schema as clients read it: its description, and no defaults that say nothing."""

from collections.abc import Iterator
from typing import Any, Final

from graphql import GraphQLInputObjectType, GraphQLSchema, NullValueNode, Undefined

from schema.errors import ERROR_CODES

DESCRIPTION: Final = """AWS SageMaker as one graph, read live as the caller: models, snapshots, runtimes and
jobs, and the gateway's own records of them.

What is gone is null without an error; what may not be read, or failed, is null beside an
error. An error carries `extensions.requestId`, and `extensions.code` to branch on:

{codes}

A mutation tells faults of its input in `userErrors` of its payload. Enums of answers may
grow; a status that came later reads as UNKNOWN, beside `rawStatus`. What is deprecated
stays for two minor versions and half a year at least; its reason names what to use instead
"""


def present(schema: GraphQLSchema) -> None:
    """Describe a schema, and take away defaults of null: who leaves such an argument out gives null anyway."""
    codes = "\n".join(f"- `{code}`: {meaning}" for code, meaning in ERROR_CODES.items())
    schema.description = DESCRIPTION.format(codes=codes).rstrip()
    remove_null_defaults(schema)


def remove_null_defaults(schema: GraphQLSchema) -> None:
    """Take away the defaults of null of all arguments and input fields, of a schema in code or read from SDL."""
    for value in _input_values(schema):
        if value.default_value is None:
            value.default_value = Undefined
        if value.default is not None and isinstance(value.default.literal, NullValueNode):
            value.default = None


def _input_values(schema: GraphQLSchema) -> Iterator[Any]:
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            yield from type_.fields.values()
        else:
            for field in getattr(type_, "fields", {}).values():
                yield from field.args.values()
