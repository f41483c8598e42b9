"""Extension that parses and validates each document once, away from the event loop, and answers introspection."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode, parse, validate
from graphql.execution.values import get_variable_values
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.limits.document_ast import requested_operation
from schema.limits.document_cache import CachedDocument, DocumentCache
from schema.limits.document_limits import is_anonymous
from schema.limits.errors import LimitExceededError
from schema.limits.introspection import SchemaReader, asks_only_for_the_schema

ON_LOOP_CHARACTERS: Final = 200
"""Documents up to this length are parsed and validated on the event loop: none of them takes 5 ms."""

MAX_ERRORS: Final = 20
"""Faults of one document that are named; some of them quote a whole input, and take time in proportion."""

_BYTES_OF_VALUE: Final = 250


class PreparedDocuments(SchemaExtension):
    """Parses and validates, or takes the document from the cache. Invalid documents are not kept."""

    cache: ClassVar[DocumentCache]
    reader: ClassVar[Callable[[GraphQLSchema], SchemaReader]]
    _entry: CachedDocument | None = None
    _errors: tuple[GraphQLError, ...] = ()

    @property
    def _anonymous(self) -> bool:
        return is_anonymous(self.execution_context.context)

    async def on_parse(self) -> AsyncIterator[None]:
        """Take the document from the cache, or parse and validate it."""
        context = self.execution_context
        if context.query:
            self._entry = self.cache.get(context.query, anonymous=self._anonymous)
            if self._entry is None:
                await self._prepare(context.query)
            else:
                context.graphql_document = self._entry.document
        yield

    async def _prepare(self, text: str) -> None:
        context = self.execution_context
        arguments = (context.schema._schema, text, context.validation_rules, context.parse_options)
        if len(text) > ON_LOOP_CHARACTERS:
            document, errors = await asyncio.to_thread(_parse_and_validate, *arguments)
        else:
            document, errors = _parse_and_validate(*arguments)
        context.graphql_document, self._errors = document, errors
        if not errors:
            self._entry = CachedDocument(document)
            self.cache.put(text, self._entry, anonymous=self._anonymous)

    async def on_validate(self) -> AsyncIterator[None]:
        """Hand on the faults of the document."""
        self.execution_context.pre_execution_errors = list(self._errors)
        yield

    async def on_execute(self) -> AsyncIterator[None]:
        """Answer an operation that asks only for the schema; leave any other to graphql-core."""
        context, entry = self.execution_context, self._entry
        operation = entry and requested_operation(entry.document, context.operation_name)
        if entry and operation and asks_only_for_the_schema(entry.document, operation):
            await self._answer(entry, operation)
        yield

    async def _answer(self, entry: CachedDocument, operation: OperationDefinitionNode) -> None:
        """Answer from the prepared copy, or read the schema; leave wrong variables to graphql-core."""
        context = self.execution_context
        if entry.answer is None:
            variables = _coerced(context.schema._schema, operation, context.variables)
            if variables is None:
                return
            try:
                data, values = await asyncio.to_thread(
                    type(self).reader(context.schema._schema).read, entry.document, operation, variables
                )
            except LimitExceededError as error:
                context.result = ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
                return
            if operation.variable_definitions or len(_operations(entry.document)) > 1:
                context.result = ExecutionResult(data, None)
                return
            entry = CachedDocument(entry.document, data, values * _BYTES_OF_VALUE)
            self.cache.put(context.query or "", entry, anonymous=self._anonymous)
        context.result = ExecutionResult(entry.answer, None)


def prepared_documents_extension(cache: DocumentCache) -> type[PreparedDocuments]:
    """Make the extension for one schema; whatever adds validation rules must do so in `on_operation`."""
    members = {"cache": cache, "reader": staticmethod(lru_cache(maxsize=1)(SchemaReader))}
    return type("PreparedDocumentsOfSchema", (PreparedDocuments,), members)


def _parse_and_validate(
    schema: Any, text: str, rules: tuple[Any, ...], options: Mapping[str, Any]
) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """Give the document and its faults, which suggest no names: looking for them takes longer than all else.

    Raises:
        graphql.GraphQLError: The text is no document, or too large.
    """
    document = parse(text, **options)
    rules = (*rules, MaybeNullValidationRule, OneOfInputValidationRule)
    return document, tuple(validate(schema, document, rules, MAX_ERRORS, hide_suggestions=True))


def _coerced(
    schema: Any, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Give the operation's variables, or None if they do not fit."""
    definitions = operation.variable_definitions or ()
    found = get_variable_values(schema, definitions, dict(variables or {}), max_errors=1, hide_suggestions=True)
    return None if isinstance(found, list) else found.coerced


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
