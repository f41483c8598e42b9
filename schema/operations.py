"""Refuses a document of several operations that does not say which of them is meant; Strawberry runs the first."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


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
