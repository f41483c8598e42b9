"""Reject documents that exceed the limits or do not name their operation."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import Any, ClassVar, Final, Protocol

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from strawberry.extensions import SchemaExtension

from concurrency.time_slices import TimeSlices
from resolvers.caller_limits import CallerBudget
from resolvers.errors import RateLimitedError
from resolvers.lists.caller_scopes import scope_count
from schema.limits.complexity import DocumentSize, measure_document
from schema.limits.document_ast import requested_operation
from schema.limits.errors import LimitExceededError
from schema.limits.introspection import asks_only_for_the_schema
from schema.limits.trusted_documents import TrustedDocuments
from schema.scalars import LARGEST

MAX_ANONYMOUS_TOKENS: Final = 500
"""The most tokens of a document without a caller; the standard introspection query has 170."""

INTROSPECTION_DIVISOR: Final = 10
MIXED_INTROSPECTION_FACTOR: Final = 20
"""A thing of the schema costs a tenth if the operation asks for nothing else, because its answer is prepared, and 20 if
graphql-core has to put it together."""


class DocumentLimits(Protocol):
    """The limits of one document: `limits` in the settings."""

    @property
    def depth(self) -> int:
        """Levels of nesting."""

    @property
    def aliases(self) -> int:
        """Aliases."""

    @property
    def directives(self) -> int:
        """Directives."""

    @property
    def tokens(self) -> int:
        """Tokens."""

    @property
    def page_size(self) -> int:
        """The most that `first` or `last` may ask for."""

    @property
    def cost(self) -> int:
        """The highest cost."""


@dataclass(frozen=True, slots=True)
class DefaultDocumentLimits:
    """Limits of a schema that is built without settings, such as for printing it.

    Attributes:
        depth: See DocumentLimits, as for the others.
        aliases: The most aliases.
        directives: The most directives.
        tokens: The most tokens.
        page_size: The largest page.
        cost: The highest cost.
    """

    depth: int = 16
    aliases: int = 15
    directives: int = 50
    tokens: int = 2000
    page_size: int = 100
    cost: int = 20_000


def limit_violations(limits: DocumentLimits, size: DocumentSize, *, trusted: bool = False) -> list[str]:
    """Describe each limit that the size of a document exceeds, one sentence each.

    Args:
        limits: The limits.
        size: The size.
        trusted: True for a trusted document, of which the cost alone is limited.
    """
    form = (
        (f"is {_count(size.depth, 'level', 'levels')} deep", size.depth, limits.depth, "ask for less at once"),
        (f"has {_count(size.aliases, 'alias', 'aliases')}", size.aliases, limits.aliases, "split the query"),
        (
            f"has {_count(size.directives, 'directive', 'directives')}",
            size.directives,
            limits.directives,
            "split the query",
        ),
    )
    smaller = "ask for smaller pages (`first`), or fewer levels of lists"
    checks = (*(() if trusted else form), (f"costs {size.cost}", size.cost, limits.cost, smaller))
    return [
        f"The query {fault}, and {allowed} is the most that this gateway takes: {remedy}."
        for fault, actual, allowed, remedy in checks
        if actual > allowed
    ]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def limits_extension(
    limits: DocumentLimits, trusted: TrustedDocuments, slices_for: Callable[[Any], TimeSlices]
) -> type[SchemaExtension]:
    """The extension that keeps these limits. It must stand behind the one that validates: it takes a valid document.

    Args:
        limits: The limits.
        trusted: The trusted documents, to which fewer limits apply.
        slices_for: Gives the round robin in which the document of a request is measured.
    """
    members = {"limits": limits, "trusted": trusted, "slices_for": staticmethod(slices_for)}
    return type("LimitsOfSchema", (LimitedDocuments,), members)


class LimitedDocuments(SchemaExtension):
    """Measures the document once it is valid, and refuses one that exceeds a limit.

    Attributes:
        limits: The limits.
        trusted: The trusted documents, to which fewer limits apply.
        slices_for: Gives the round robin in which the document of a request is measured.
        cost: The operation's cost; None before it is measured.
    """

    limits: ClassVar[DocumentLimits]
    trusted: ClassVar[TrustedDocuments]
    slices_for: ClassVar[Callable[[Any], TimeSlices]]
    cost: int | None = None

    def on_operation(self) -> Iterator[None]:
        """Bound the tokens of the document before it is parsed."""
        most = self.limits.tokens
        anonymous = is_anonymous(self.execution_context.context)
        self.execution_context.parse_options["max_tokens"] = min(most, MAX_ANONYMOUS_TOKENS) if anonymous else most
        yield

    async def on_validate(self) -> AsyncIterator[None]:
        """Measure a valid document; charge its cost, or refuse it."""
        context = self.execution_context
        if not context.pre_execution_errors and context.graphql_document is not None:
            measured = await type(self).slices_for(context.context).run(self._measure)
            size = measured.over_scopes(partial(scopes_of, context.context))
            self.cost = size.cost
            if faults := limit_violations(self.limits, size, trusted=self.trusted.is_trusted(context.query)):
                context.pre_execution_errors = [_limit_exceeded(fault) for fault in faults]
            else:
                context.pre_execution_errors = charge_caller(context.context, size.cost)
        yield

    def _measure(self) -> DocumentSize:
        context, document = self.execution_context, self.execution_context.graphql_document
        assert document is not None  # noqa: S101 - on_validate has looked.
        operation = requested_operation(document, context.operation_name)
        return charged_size(context.schema._schema, document, operation, context.variables, self.limits)

    def get_results(self) -> dict[str, Any]:
        """The response extension `cost`, once it is known."""
        return {} if self.cost is None else cost_results(self.cost, self.limits)


def charged_size(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
    limits: DocumentLimits,
) -> DocumentSize:
    """The size of an operation of a valid document, with the cost of introspection in its cost.

    Args:
        schema: The schema.
        document: The document.
        operation: The operation.
        variables: The variables that it is to run with.
        limits: The limits of documents.
    """
    size = measure_document(schema, document, operation, variables, limits.page_size)
    if asks_only_for_the_schema(document, operation):
        # Such an answer is prepared, and has a bound of its own: see `introspection.py`.
        return replace(size, cost=min(ceil(size.introspection / INTROSPECTION_DIVISOR), limits.cost))
    return replace(size, cost=min(size.cost + MIXED_INTROSPECTION_FACTOR * size.introspection, LARGEST))


def is_anonymous(context: Any) -> bool:
    """Tell whether the context of an operation is a request without a caller."""
    return context is not None and getattr(context, "caller", None) is None


def scopes_of(context: Any) -> int:
    """The number of scopes that a list of all of them asks, in the context of an operation."""
    return 1 if context is None else scope_count(context)


def cost_results(cost: int, limits: DocumentLimits) -> dict[str, Any]:
    """The response extension `cost`, with the operation's cost and its limit."""
    return {"cost": {"requested": cost, "limit": limits.cost}}


def charge_caller(context: Any, cost: int) -> list[GraphQLError]:
    """Take the cost of an operation off its caller's budget, and give the error if less is left.

    Args:
        context: The request of the operation; one without a caller has no budget.
        cost: The cost.
    """
    budget: CallerBudget | None = getattr(context, "budget", None)
    try:
        if budget is not None:
            budget.charge(cost)
    except RateLimitedError as error:
        return [GraphQLError(str(error), original_error=error)]
    return []


def _limit_exceeded(message: str) -> GraphQLError:
    return GraphQLError(message, original_error=LimitExceededError(message))


class RequireOperationName(SchemaExtension):
    """Keeps GraphQL's rule of operation names (6.1, GetOperation). It stands behind the extension that validates."""

    def on_validate(self) -> Iterator[None]:
        """Refuse a valid document with several operations if none is named."""
        context = self.execution_context
        if not context.pre_execution_errors and context._provided_operation_name is None:
            definitions = context.graphql_document.definitions if context.graphql_document else ()
            if sum(isinstance(definition, OperationDefinitionNode) for definition in definitions) > 1:
                message = "`operationName` must say which of the document's operations is meant."
                context.pre_execution_errors = [GraphQLError(message)]
        yield
