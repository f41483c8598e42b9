"""Parse and validate one document, with checkpoints at which the event loop serves others."""

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Lexer,
    Location,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    Source,
    Token,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    ValidationRule,
    validate,
    visit,
)
from graphql.language.parser import Parser, nested_too_deeply_error
from graphql.validation.validation_context import VariableUsage, VariableUsageVisitor
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from concurrency.time_slices import checkpoint
from schema.limits.name_suggestions import with_suggestion

MAX_ERRORS: Final = 20
"""Faults of one document that are named; some of them quote a whole input, and take time in proportion."""


def parse_document(text: str, options: Mapping[str, Any]) -> DocumentNode:
    """Parse a document, with a checkpoint at each token.

    Args:
        text: The document.
        options: Options of graphql-core's parser.

    Raises:
        graphql.GraphQLError: The text is no document, or too large.
    """
    source = Source(text)
    lexer = _SlicedLexer(source)
    parser = _TokenlessParser(source, lexer=lexer, **options)
    try:
        return parser.parse_document()
    except RecursionError:
        pass
    finally:
        lexer.forget()
    raise nested_too_deeply_error(parser)


def validate_document(
    schema: GraphQLSchema, document: DocumentNode, rules: tuple[type[Any], ...]
) -> tuple[GraphQLError, ...]:
    """Give the faults of a document by the rules and those of every document.

    Only the first suggests names, and none if introspection is off: to look for all takes longer than all else.
    """
    rules = (*rules, MaybeNullValidationRule, OneOfInputValidationRule, _Checkpoints)
    faults = tuple(validate(schema, document, rules, MAX_ERRORS, hide_suggestions=True))
    return faults if NoSchemaIntrospectionCustomRule in rules else with_suggestion(schema, faults)


class _SlicedLexer(Lexer):
    """A lexer with a checkpoint at each token, which forgets the tokens behind it."""

    def advance(self) -> Token:
        """Read the next token; the parser counts the comments between it and the one before."""
        checkpoint()
        self.forget()
        return super().advance()

    def forget(self) -> None:
        """Cut the tokens that have been read from the present one.

        Linked in both directions they are garbage that only a collection finds, and a full one holds the event loop.
        """
        self.token.prev = self.last_token.next = None


class _TokenlessParser(Parser):
    """A parser whose locations keep offsets, and no tokens."""

    def loc(self, start_token: Token) -> Location | None:
        """Give the location that begins with this token and ends with the last one."""
        location = super().loc(start_token)
        if location is not None:
            del location.start_token, location.end_token
        return location


class _Checkpoints(ValidationRule):
    """A rule without faults: a checkpoint at each node, each fault, and while the uses of variables are looked for."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        report = context.on_error
        usages: dict[int, list[VariableUsage]] = {}

        def report_and_pause(error: GraphQLError) -> None:
            report(error)
            checkpoint()

        def find_usages(node: OperationDefinitionNode | FragmentDefinitionNode) -> list[VariableUsage]:
            if id(node) not in usages:
                usages[id(node)] = _variable_usages(context.schema, node)
            return usages[id(node)]

        context.on_error = report_and_pause  # type: ignore[method-assign]  # An attribute of each context.
        context.get_variable_usages = find_usages  # type: ignore[method-assign]  # Three rules ask the context for them.

    def enter(self, *_args: Any) -> None:
        """Take a node."""
        checkpoint()


def _variable_usages(
    schema: GraphQLSchema, node: OperationDefinitionNode | FragmentDefinitionNode
) -> list[VariableUsage]:
    """Give the uses of variables in a definition, as graphql-core's context does, with a checkpoint at each node."""
    place = node.loc
    if place is not None and "$" not in place.source.body[place.start : place.end]:
        return []
    types = TypeInfo(schema)
    visitor = _UsageVisitor(types, node if isinstance(node, FragmentDefinitionNode) else None)
    visit(node, TypeInfoVisitor(types, visitor))
    return visitor.usages


class _UsageVisitor(VariableUsageVisitor):
    """graphql-core's visitor, with a checkpoint at each node that is no variable."""

    def enter(self, *_args: Any) -> None:
        """Take a node."""
        checkpoint()
