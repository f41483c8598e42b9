"""Extension that parses and validates each document once, in time slices, and answers introspection."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, ClassVar, Final

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import get_variable_values
from strawberry.extensions import SchemaExtension

from concurrency.time_slices import TimeSlices
from resolvers.execution.documents import BreadthFirstExecutor
from resolvers.execution.run import LargeExecutionResult
from schema.limits.document_ast import requested_operation
from schema.limits.document_cache import CachedDocument, DocumentCache
from schema.limits.document_limits import is_anonymous
from schema.limits.document_preparation import parse_document, validate_document
from schema.limits.errors import LimitExceededError
from schema.limits.introspection import SchemaReader, asks_only_for_the_schema
from schema.limits.trusted_documents import TrustedDocuments, UntrustedDocumentError

MAX_SLICED_CHARACTERS: Final = 20_000
"""Documents up to this length are parsed in time slices. A longer one may hold a single token of 100 kB, in which there
is no checkpoint for 30 ms; a thread parses it."""

_BYTES_OF_VALUE: Final = 250


class PreparedDocuments(SchemaExtension):
    """Parses and validates, or takes the document from the cache. Invalid documents are not kept.

    Attributes:
        cache: The documents that were prepared before.
        caller_slices: The round robin of callers' documents.
        anonymous_slices: The round robin of anonymous documents.
        trusted: The documents that the operator trusts.
        reader: Gives the reader of introspection for a schema.
        executor: The executor that plans and answers operations.
    """

    cache: ClassVar[DocumentCache]
    caller_slices: ClassVar[TimeSlices]
    anonymous_slices: ClassVar[TimeSlices]
    trusted: ClassVar[TrustedDocuments]
    reader: ClassVar[Callable[[GraphQLSchema], SchemaReader]]
    executor: ClassVar[BreadthFirstExecutor]
    _entry: CachedDocument | None = None
    _errors: tuple[GraphQLError, ...] = ()

    @property
    def _anonymous(self) -> bool:
        return is_anonymous(self.execution_context.context)

    @property
    def _slices(self) -> TimeSlices:
        return self.slices_for(self.execution_context.context)

    @classmethod
    def slices_for(cls, request: Any) -> TimeSlices:
        """The round robin for the document of a request: anonymous ones wait for each other alone."""
        return cls.anonymous_slices if is_anonymous(request) else cls.caller_slices

    async def on_parse(self) -> AsyncIterator[None]:
        """Take the document from the cache, or parse and validate it."""
        context = self.execution_context
        if context.query:
            self._entry = self.known(context.query, context.context)
            if self._entry is None:
                await self._prepare(context.query)
            else:
                context.graphql_document = self._entry.document
        yield

    @classmethod
    def known(cls, text: str, request: Any) -> CachedDocument | None:
        """Give a document that needs no preparation: a trusted one, or one that was prepared before.

        Args:
            text: The document.
            request: The request, which takes on the id of a trusted document; None without one.

        Raises:
            graphql.GraphQLError: Only trusted documents are run, and this is none of them.
        """
        try:
            trusted = cls.trusted.get(text)
        except UntrustedDocumentError as error:
            raise GraphQLError(str(error), original_error=error) from error
        if trusted is not None and request is not None:
            request.document_id = trusted.id
        anonymous = is_anonymous(request)
        entry = cls.cache.get(text, anonymous=anonymous)
        if entry is None and trusted is not None:
            entry = CachedDocument(trusted.document, plans=cls.executor.plans_of(trusted.document))
            cls.cache.put(text, entry, anonymous=anonymous)
        return entry

    async def _prepare(self, text: str) -> None:
        context, slices = self.execution_context, self._slices
        parsing = partial(parse_document, text, context.parse_options)
        long = len(text) > MAX_SLICED_CHARACTERS
        document = await (asyncio.to_thread(parsing) if long else slices.run(parsing))
        errors = await slices.run(
            partial(validate_document, context.schema._schema, document, context.validation_rules)
        )
        context.graphql_document, self._errors = document, errors
        if not errors:
            self._entry = CachedDocument(document, plans=self.executor.plans_of(document))
            self.cache.put(text, self._entry, anonymous=self._anonymous)

    async def on_validate(self) -> AsyncIterator[None]:
        """Hand on the faults of the document."""
        self.execution_context.pre_execution_errors = list(self._errors)
        yield

    async def on_execute(self) -> AsyncIterator[None]:
        """Answer an operation level by level, or from the schema if it asks for nothing else.

        An operation that cannot be planned is left to graphql-core, before anything was called for it.
        """
        context, entry = self.execution_context, self._entry
        operation = entry and requested_operation(entry.document, context.operation_name)
        if entry and operation and asks_only_for_the_schema(entry.document, operation):
            await self._answer(entry, operation)
        elif entry and entry.plans and operation:
            result = await self.executor.execute(entry.plans, operation, context.variables, context.context)
            context.result = result
            if isinstance(result, LargeExecutionResult) and context.context is not None:
                context.context.has_large_answer = True
            self.cache.weigh(context.query or "")
        yield

    async def _answer(self, entry: CachedDocument, operation: OperationDefinitionNode) -> None:
        """Answer from the prepared copy, or read the schema; leave wrong variables to graphql-core."""
        context = self.execution_context
        if entry.answer is None:
            variables = _coerced(context.schema._schema, operation, context.variables)
            if variables is None:
                return
            try:
                reader = type(self).reader(context.schema._schema)
                data, values = await self._slices.run(partial(reader.read, entry.document, operation, variables))
            except LimitExceededError as error:
                context.result = ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
                return
            if operation.variable_definitions or len(_operations(entry.document)) > 1:
                context.result = ExecutionResult(data, None)
                return
            entry = replace(entry, answer=data, answer_bytes=values * _BYTES_OF_VALUE)
            self.cache.put(context.query or "", entry, anonymous=self._anonymous)
        context.result = ExecutionResult(entry.answer, None)


def prepared_documents_extension(cache: DocumentCache, trusted: TrustedDocuments) -> type[PreparedDocuments]:
    """Make the extension for one schema.

    Args:
        cache: The cache of documents.
        trusted: The trusted documents. Extensions that add validation rules must do so in `on_operation`.
    """
    members = {
        "cache": cache,
        "trusted": trusted,
        "reader": staticmethod(lru_cache(maxsize=1)(SchemaReader)),
        "caller_slices": TimeSlices(),
        # One at a time: thousands of half-read schemas would take gigabytes.
        "anonymous_slices": TimeSlices(at_once=1),
    }
    return type("PreparedDocumentsOfSchema", (PreparedDocuments,), members)


def _coerced(
    schema: Any, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Give the operation's variables, or None if they do not fit."""
    definitions = operation.variable_definitions or ()
    variable_values = get_variable_values(
        schema, definitions, dict(variables or {}), max_errors=1, hide_suggestions=True
    )
    return None if isinstance(variable_values, list) else variable_values.coerced


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
