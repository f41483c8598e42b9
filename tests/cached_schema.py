"""The gateway's schema, put together once for each choice of its options: no request changes it."""

from graphql import GraphQLSchema

from schema.build import build_schema
from tests.quick_aws import kept

cached_schema = kept(build_schema)
"""Build the schema, or give the one that was built from the same options; building costs as much as ten requests.

Its documents are shared, too: one that must be parsed and validated needs a schema of its own.
"""


def cached_types() -> GraphQLSchema:
    """Give the types of the schema as graphql-core has them."""
    return cached_schema()._schema
