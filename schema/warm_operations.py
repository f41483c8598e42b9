"""Operations of documents that are known already, answered without anything in between."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from resolvers.execution.run import LargeExecutionResult
from schema.limits.document_cache import CachedDocument
from schema.limits.document_limits import (
    DocumentLimits,
    charge_caller,
    charged_size,
    cost_results,
    limit_violations,
    scopes_of,
)
from schema.limits.introspection import asks_only_for_the_schema
from schema.limits.prepared_documents import PreparedDocuments

SLICED_TOKENS: Final = 200
"""From so many tokens on, a document is measured in time slices: one of 2,000 tokens takes 17 ms."""

ResultsOf = Callable[[Any], dict[str, Any]]
"""From a request to a part of the response's extensions."""


@dataclass(frozen=True, slots=True)
class SentOperation:
    """An operation as it was sent.

    Attributes:
        text: The document.
        variables: The variables.
        name: The operation's name, if one was given.
        allowed: The kinds of operation that may be run.
    """

    text: str
    variables: Mapping[str, Any] | None
    name: str | None
    allowed: Collection[OperationType]


class WarmOperations:
    """Answers plain operations: of a known document, within its limits, with a plan.

    Strawberry's extensions answer everything else, which includes every refusal, so that there is one place for each.

    Args:
        schema: The schema.
        documents: The documents that are known.
        limits: The limits of documents.
        results: Functions that add entries to each response's extensions, beside the cost.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        documents: type[PreparedDocuments],
        limits: DocumentLimits,
        results: Sequence[ResultsOf],
    ) -> None:
        self._schema = schema
        self._documents = documents
        self._limits = limits
        self._results = results

    async def answer(self, sent: SentOperation, request: Any) -> ExecutionResult | None:
        """The result of an operation; None if it is not plain, in which case nothing was done yet.

        Args:
            sent: The operation.
            request: The request.
        """
        try:
            entry = self._documents.known(sent.text, request)
        except GraphQLError:
            return None
        operation = None if entry is None else _allowed_operation(entry, sent)
        if entry is None or operation is None or entry.plans is None:
            return None
        measure = partial(self._cost, entry, operation, sent, request)
        is_long = entry.document.token_count >= SLICED_TOKENS
        cost = await self._documents.slices_for(request).run(measure) if is_long else measure()
        if cost is None:
            return None
        return await self._run(entry, operation, sent, request, cost)

    def _cost(
        self, entry: CachedDocument, operation: OperationDefinitionNode, sent: SentOperation, request: Any
    ) -> int | None:
        """The cost of an operation; None if it is beyond a limit."""
        document, variables = entry.document, sent.variables
        size = entry.sizes.size(
            document,
            operation,
            variables,
            lambda: charged_size(self._schema, document, operation, variables, self._limits),
        ).over_scopes(partial(scopes_of, request))
        trusted = self._documents.trusted.is_trusted(sent.text)
        return None if limit_violations(self._limits, size, trusted=trusted) else size.cost

    async def _run(
        self, entry: CachedDocument, operation: OperationDefinitionNode, sent: SentOperation, request: Any, cost: int
    ) -> ExecutionResult | None:
        assert entry.plans is not None  # noqa: S101 - see `answer`.
        executor = self._documents.executor
        prepared = await executor.prepare_in_turn(entry.plans, operation, sent.variables)
        if prepared.refusal is not None:
            return None
        result: CoreResult
        if faults := charge_caller(request, cost):
            result = CoreResult(None, faults)
        else:
            result = await _masked(executor.run(prepared, request))
            self._documents.cache.weigh(sent.text)
        extensions = cost_results(cost, self._limits)
        for results_of in self._results:
            extensions |= results_of(request)
        if isinstance(result, LargeExecutionResult) and request is not None:
            request.has_large_answer = True
        return ExecutionResult(data=result.data, errors=result.errors, extensions=extensions)


def _allowed_operation(entry: CachedDocument, sent: SentOperation) -> OperationDefinitionNode | None:
    """The operation that is asked for, if it may be run; one that was there before is looked up."""
    if not isinstance(sent.name, str | None):
        return None
    operation = entry.operations.get(sent.name) or _operation(entry, sent)
    if operation is None:
        return None
    entry.operations[sent.name] = operation
    return operation if OperationType(operation.operation.value) in sent.allowed else None


def _operation(entry: CachedDocument, sent: SentOperation) -> OperationDefinitionNode | None:
    """The operation that is asked for; None if that is not plain, or if it asks for the schema."""
    operations = [part for part in entry.document.definitions if isinstance(part, OperationDefinitionNode)]
    if sent.name is not None:
        operations = [part for part in operations if part.name and part.name.value == sent.name]
    if len(operations) != 1:
        return None
    (operation,) = operations
    return None if asks_only_for_the_schema(entry.document, operation) else operation


async def _masked(running: Any) -> CoreResult:
    """The result; an error that escapes the fields is the operation's own, and masked when the response is made."""
    try:
        result: CoreResult = await running
    except Exception as error:  # noqa: BLE001 - the response shows any failure as an error.
        return CoreResult(None, [GraphQLError(str(error), original_error=error)])
    return result
