"""Puts the schema together, with its limits and caches."""

from collections.abc import Iterable, Mapping
from typing import Any

import strawberry
from graphql import (
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    get_introspection_query,
    parse,
    validate,
)
from graphql.utilities.print_schema import print_schema_definition
from strawberry.extensions import AddValidationRules, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from resolvers.execution.documents import BreadthFirstExecutor
from schema.aws_extension import ResponseExtension
from schema.field_catalog import field_catalog
from schema.imports.entered_credentials import SecretsOnlyInVariables
from schema.jobs.types import ProcessingJob, TrainingJob, TransformJob, TuningJob
from schema.limits.bounded_validation import BoundedValidation
from schema.limits.document_cache import DocumentCache
from schema.limits.document_limits import DefaultDocumentLimits, DocumentLimits, RequireOperationName, limits_extension
from schema.limits.prepared_documents import PreparedDocuments, prepared_documents_extension
from schema.limits.trusted_documents import TrustedDocuments, trusted_set
from schema.mutations import Mutation
from schema.presentation import present
from schema.queries import Query
from schema.scalars import SCALARS
from schema.subscriptions import Subscription
from schema.warm_operations import SentOperation, WarmOperations


class GatewaySchema(strawberry.Schema):
    """The schema. Errors are logged when the response is made, so Strawberry logs none of its own.

    Attributes:
        documents: The extension that prepares documents, with its caches.
        trusted: The documents that the operator trusts.
        warm: The short way for known documents; None if an extension does not allow it.
    """

    documents: type[PreparedDocuments]
    trusted: TrustedDocuments
    warm: WarmOperations | None = None

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """The result of an operation, at once if its document is known, else by way of Strawberry's extensions.

        A subscription is executed like a query for each of its events, which the context names, and not without one.
        """
        allowed = set(OperationType if allowed_operation_types is None else allowed_operation_types)
        if getattr(context_value, "event", None) is None:
            allowed.discard(OperationType.SUBSCRIPTION)
        if query:
            sent = SentOperation(query, variable_values, operation_name, allowed)
            if (result := await self.answer_known(sent, context_value)) is not None:
                return result
        return await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed,
            operation_extensions,
        )

    async def answer_known(self, sent: SentOperation, request: Any) -> ExecutionResult | None:
        """The result of a sent operation of a known document; None if Strawberry has to execute it, or to refuse it."""
        return None if self.warm is None else await self.warm.answer(sent, request)

    def trust(self, texts: Mapping[str, str]) -> None:
        """Let documents, whose texts are given by id, take the place of the trusted ones.

        Raises:
            InvalidDocumentError: One of them does not fit the schema; the present ones stay.
        """
        self.trusted.replace(trusted_set(self._schema, texts))

    def warm_up(self) -> None:
        """Make now all that is made lazily, so that the first client does not wait for it."""
        validate(self._schema, parse(get_introspection_query()))
        self.documents.reader(self._schema).measure()

    def as_str(self) -> str:
        """The SDL, with the schema's own description, which Strawberry leaves out."""
        return f"{print_schema_definition(self._schema)}\n\n{super().as_str()}"

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Log nothing here. See schema/errors.py."""

    def _get_custom_context_kwargs(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Suggest no names for wrong variables: looking for them takes longer than all else."""
        return {**super()._get_custom_context_kwargs(*arguments, **options), "hide_suggestions": True}


def build_schema(
    limits: DocumentLimits | None = None,
    *,
    introspection: bool = True,
    extensions: tuple[type[SchemaExtension], ...] = (),
    only_trusted: bool = False,
) -> GatewaySchema:
    """The schema of the gateway.

    Args:
        limits: The limits of a document; None for the defaults.
        introspection: True if clients may read the schema by query.
        extensions: Further extensions, such as one that adds to the response.
        only_trusted: True if only trusted documents are run.
    """
    limits = limits or DefaultDocumentLimits()
    trusted = TrustedDocuments(only=only_trusted)
    documents = prepared_documents_extension(DocumentCache(), trusted)
    own = _document_extensions(documents, trusted, limits, introspection=introspection)
    schema = GatewaySchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[TrainingJob, TransformJob, ProcessingJob, TuningJob],
        extensions=[*own, *extensions],
        config=StrawberryConfig(auto_camel_case=True, scalar_map=dict(SCALARS)),
    )
    present(schema._schema)
    documents.executor = BreadthFirstExecutor(field_catalog(schema))
    schema.documents = documents
    schema.warm = _warm_operations(schema, limits, extensions)
    schema.trusted = trusted
    return schema


def _document_extensions(
    documents: type[PreparedDocuments], trusted: TrustedDocuments, limits: DocumentLimits, *, introspection: bool
) -> list[Any]:
    """The extensions of every schema. Each operation gets its own; they share the cache of documents.

    The order matters: a document is parsed and validated, or taken from the cache, before its size is measured.
    """
    extensions: list[Any] = [
        documents,
        BoundedValidation,
        RequireOperationName,
        lambda: AddValidationRules([SecretsOnlyInVariables]),
        limits_extension(limits, trusted, documents.slices_for),
    ]
    if not introspection:
        extensions.append(lambda: AddValidationRules([NoSchemaIntrospectionCustomRule]))
    return extensions


def _warm_operations(
    schema: GatewaySchema, limits: DocumentLimits, extensions: tuple[type[SchemaExtension], ...]
) -> WarmOperations | None:
    """The short way for known documents; None if an extension wants to see more than the end of each operation."""
    results = [extension.results_of for extension in extensions if issubclass(extension, ResponseExtension)]
    if len(results) != len(extensions):
        return None
    return WarmOperations(schema._schema, schema.documents, limits, results)
