"""Bound the faults that validation names of one literal."""

from typing import Final

from graphql import GraphQLError, ValueNode, ValuesOfCorrectTypeRule
from graphql.language import SKIP, VisitorAction
from graphql.type import GraphQLInputType

MAX_FAULTS_OF_LITERAL: Final = 5
"""Faults of one literal that are named. graphql-core prints the whole literal into each of them: 20 faults of one with
2,000 tokens took 90 ms."""


class _EnoughError(Exception):
    """A literal has as many faults as are named."""


class BoundedLiterals(ValuesOfCorrectTypeRule):
    """GraphQL's rule of values (5.6.1), until a literal has too many faults."""

    _left = 0

    def is_valid_value_node(self, node: ValueNode, input_type: GraphQLInputType | None) -> VisitorAction:
        """Check a literal, `node`, until it has too many faults."""
        self._left = MAX_FAULTS_OF_LITERAL
        try:
            return super().is_valid_value_node(node, input_type)
        except _EnoughError:
            return SKIP

    def report_error(self, error: GraphQLError) -> None:
        """Report an error, unless the literal has had as many as are named."""
        super().report_error(error)
        self._left -= 1
        if self._left == 0:
            raise _EnoughError
