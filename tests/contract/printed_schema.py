"""The schema as it is printed, and as its types are written, for the tests that hold it against promises."""

from functools import cache
from pathlib import Path

from graphql import GraphQLNamedType, GraphQLSchema, build_schema, is_introspection_type, is_specified_scalar_type

from schema import build

FOLDER = Path(build.__file__).parent


@cache
def gateway_schema() -> build.GatewaySchema:
    """The schema as the gateway serves it."""
    return build.build_schema()


@cache
def printed() -> GraphQLSchema:
    """The schema as clients read it: what is printed, parsed again."""
    return build_schema(gateway_schema().as_str())


def own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    """The types that are not GraphQL's own."""
    return {
        name: type_
        for name, type_ in schema.type_map.items()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    }
