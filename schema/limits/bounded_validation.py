"""Extension that puts bounded rules in the place of GraphQL's."""

from collections.abc import Iterator
from typing import Any

from graphql import OverlappingFieldsCanBeMergedRule, ValuesOfCorrectTypeRule
from strawberry.extensions import SchemaExtension

from schema.limits.document_limits import is_anonymous
from schema.limits.literal_values import BoundedLiterals
from schema.limits.overlapping_fields import AnonymousOverlappingFields, BoundedOverlappingFields


class BoundedValidation(SchemaExtension):
    """Puts the bounded rules in their places before a document is validated."""

    def on_operation(self) -> Iterator[None]:
        """Replace the rules of this operation."""
        context = self.execution_context
        overlapping = AnonymousOverlappingFields if is_anonymous(context.context) else BoundedOverlappingFields
        bounded: dict[type[Any], type[Any]] = {
            OverlappingFieldsCanBeMergedRule: overlapping,
            ValuesOfCorrectTypeRule: BoundedLiterals,
        }
        context.validation_rules = tuple(bounded.get(rule, rule) for rule in context.validation_rules)
        yield
