"""Description of the schema, and removal of its defaults of null."""

from collections.abc import Iterator
from typing import Any, Final

from graphql import GraphQLInputObjectType, GraphQLSchema, NullValueNode, Undefined

from schema.errors import ERROR_CODES

DESCRIPTION: Final = """AWS SageMaker as one graph: models, snapshots (endpoint configurations), runtimes
(endpoints) and jobs, and the gateway's own records of them. AWS is read live, with the
role of the caller's group.

A thing that is gone is null without an error. A part that the role may not read, or that
failed, is null beside an error. An error has `extensions.requestId`, and
`extensions.code` to branch on:

{codes}

A mutation reports faults of its input in `userErrors` of its payload. Enums of answers
may grow: a status that SageMaker added later is UNKNOWN, with its own word in
`rawStatus`. A deprecated field stays for at least two minor versions and half a year; its
reason names the replacement
"""


def present(schema: GraphQLSchema) -> None:
    """Describe a schema, and remove defaults of null: an argument that is left out is null anyway."""
    codes = "\n".join(f"- `{code}`: {meaning}" for code, meaning in ERROR_CODES.items())
    schema.description = DESCRIPTION.format(codes=codes).rstrip()
    remove_null_defaults(schema)


def remove_null_defaults(schema: GraphQLSchema) -> None:
    """Remove the defaults of null of all arguments and input fields, of a schema in code or read from SDL."""
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
