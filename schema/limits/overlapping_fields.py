"""Bound the comparisons of overlapping fields during validation."""

from collections.abc import Iterator
from typing import Any, Final

from graphql import OverlappingFieldsCanBeMergedRule, SelectionSetNode, ValidationContext
from graphql.validation.validate import ValidationAbortedError
from strawberry.extensions import SchemaExtension

from schema.limits.errors import LimitExceededError

MAX_COMPARISONS: Final = 20_000
"""Steps of graphql-core's comparison that one document may take, some 25 ms. graphql-core stops at 500,000, which
a document of 4 kB from anyone gets close to. GraphiQL's own query and the worked examples take none at all, and a page
put together from 30 fragments with eight fields in common takes 14,000."""

_REFUSAL: Final = (
    "The query asks for the same fields so often, side by side or through fragments, that it cannot be checked with "
    f"the {MAX_COMPARISONS} comparisons that this gateway makes: ask for each field once, or split the query."
)


class BoundedOverlappingFields(OverlappingFieldsCanBeMergedRule):
    """GraphQL's rule of overlapping fields (5.3.2), until its comparisons are used up; then validation ends."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = MAX_COMPARISONS

    def enter_selection_set(self, selection_set: SelectionSetNode, key: Any, parent: Any, *rest: Any) -> None:
        """Compares the fields of one selection set.

        Raises:
            ValidationAbortedError: There is too much to compare. graphql-core answers it with what it has found so far.
        """
        try:
            super().enter_selection_set(selection_set, key, parent, *rest)
        except ValidationAbortedError as error:
            if self.rule_context.remaining_complexity_budget >= 0:
                raise
            raise ValidationAbortedError(_REFUSAL, original_error=LimitExceededError(_REFUSAL)) from error


class BoundedValidation(SchemaExtension):
    """Puts the bounded rule in the place of GraphQL's."""

    def on_operation(self) -> Iterator[None]:
        """Looks at the rules before the document is held against them."""
        context = self.execution_context
        context.validation_rules = tuple(
            BoundedOverlappingFields if rule is OverlappingFieldsCanBeMergedRule else rule
            for rule in context.validation_rules
        )
        yield
