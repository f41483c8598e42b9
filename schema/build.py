"""Puts the schema together, with its limits and caches."""

from typing import Any

import strawberry
from graphql import GraphQLError, NoSchemaIntrospectionCustomRule
from strawberry.extensions import AddValidationRules, ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig

from schema.imports.entered_credentials import SecretsOnlyInVariables
from schema.jobs.types import TrainingJob, TransformJob
from schema.limits.document_limits import DefaultDocumentLimits, DocumentLimits, RequireOperationName, limits_extension
from schema.limits.overlapping_fields import BoundedValidation
from schema.limits.redaction import without_suggestions, without_values
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import SCALARS


class GatewaySchema(strawberry.Schema):
    """The schema; errors are told and logged where the response is made, so Strawberry logs none of its own."""

    hides_names = False

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Takes away the names that graphql-core suggests, where the schema may not be asked for. See schema/errors.py.

        Errors of a document are kept with it in the cache, so some come here again; they have none left by then.
        """
        for error in errors if self.hides_names else ():
            if error.path is None:
                error.message = without_suggestions(without_values(error.message))


def build_schema(
    limits: DocumentLimits | None = None,
    *,
    introspection: bool = True,
    extensions: tuple[type[SchemaExtension], ...] = (),
) -> GatewaySchema:
    """The schema of the gateway.

    Args:
        limits: How large a document may be.
        introspection: Whether clients may read the schema by query, and are told of names like the ones they got wrong.
        extensions: Further extensions, such as one that adds to the response.
    """
    # The order matters: a document is parsed and validated (both from caches) before its size is taken.
    # Each operation gets extensions of its own; what the caches keep is shared by all.
    chosen: list[Any] = [
        lambda: ParserCache(maxsize=512),
        lambda: ValidationCache(maxsize=512),
        BoundedValidation,
        RequireOperationName,
        lambda: AddValidationRules([SecretsOnlyInVariables]),
        limits_extension(limits or DefaultDocumentLimits()),
    ]
    if not introspection:
        chosen.append(lambda: AddValidationRules([NoSchemaIntrospectionCustomRule]))
    schema = GatewaySchema(
        query=Query,
        mutation=Mutation,
        types=[TrainingJob, TransformJob],
        extensions=[*chosen, *extensions],
        config=StrawberryConfig(auto_camel_case=True, scalar_map=dict(SCALARS)),
    )
    schema.hides_names = not introspection
    return schema
