"""Reject documents that exceed the limits or do not name their operation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension

from schema.limits.complexity import DocumentSize, measure_document


class LimitExceededError(Exception):
    """A document is larger than the settings allow; the message names the limit and the remedy."""

    code: ClassVar[str] = "LIMIT_EXCEEDED"


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
    """Limits of a schema that is built without settings, such as for printing it."""

    depth: int = 12
    aliases: int = 15
    directives: int = 50
    tokens: int = 2000
    page_size: int = 100
    cost: int = 20_000


def limit_violations(limits: DocumentLimits, size: DocumentSize) -> list[str]:
    """Describe each limit that a document exceeds, one sentence each."""
    checks = (
        (f"is {_count(size.depth, 'level', 'levels')} deep", size.depth, limits.depth, "ask for less at once"),
        (f"has {_count(size.aliases, 'alias', 'aliases')}", size.aliases, limits.aliases, "split the query"),
        (
            f"has {_count(size.directives, 'directive', 'directives')}",
            size.directives,
            limits.directives,
            "split the query",
        ),
        (f"costs {size.cost}", size.cost, limits.cost, "ask for smaller pages (`first`), or fewer levels of lists"),
    )
    return [
        f"The query {fault}, and {allowed} is the most that this gateway takes: {remedy}."
        for fault, actual, allowed, remedy in checks
        if actual > allowed
    ]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def limits_extension(limits: DocumentLimits) -> type[SchemaExtension]:
    """The extension that keeps these limits. It must stand behind the one that validates: it takes a valid document."""

    class Limits(SchemaExtension):
        """Measures the document once it is valid."""

        cost: int | None = None

        def on_operation(self) -> Iterator[None]:
            self.execution_context.parse_options["max_tokens"] = limits.tokens
            yield

        def on_validate(self) -> Iterator[None]:
            context = self.execution_context
            if not context.pre_execution_errors and context.graphql_document is not None:
                size = self._measure()
                self.cost = size.cost
                if faults := limit_violations(limits, size):
                    context.pre_execution_errors = [_limit_exceeded(fault) for fault in faults]
            yield

        def _measure(self) -> DocumentSize:
            context = self.execution_context
            definitions = context.graphql_document.definitions if context.graphql_document else ()
            operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
            wanted = [each for each in operations if each.name and each.name.value == context.operation_name]
            operation = (wanted or operations)[0]
            schema = context.schema._schema
            assert context.graphql_document is not None  # noqa: S101 - on_validate has looked.
            return measure_document(schema, context.graphql_document, operation, context.variables, limits.page_size)

        def get_results(self) -> dict[str, Any]:
            return {} if self.cost is None else {"cost": {"requested": self.cost, "limit": limits.cost}}

    return Limits


def _limit_exceeded(message: str) -> GraphQLError:
    return GraphQLError(message, original_error=LimitExceededError(message))


class RequireOperationName(SchemaExtension):
    """Keeps GraphQL's rule (6.1, GetOperation). It stands behind what validates, like the limits."""

    def on_validate(self) -> Iterator[None]:
        """Looks at a valid document before it runs."""
        context = self.execution_context
        if not context.pre_execution_errors and context._provided_operation_name is None:
            definitions = context.graphql_document.definitions if context.graphql_document else ()
            if sum(isinstance(each, OperationDefinitionNode) for each in definitions) > 1:
                message = "`operationName` must say which of the document's operations is meant."
                context.pre_execution_errors = [GraphQLError(message)]
        yield
