"""Bound the comparisons of overlapping fields during validation."""

from typing import Any, ClassVar, Final

from graphql import OverlappingFieldsCanBeMergedRule, SelectionSetNode, ValidationContext
from graphql.validation.rules.overlapping_fields_can_be_merged import RuleContext
from graphql.validation.validate import ValidationAbortedError

from concurrency.time_slices import checkpoint
from schema.limits.errors import LimitExceededError
from schema.limits.field_merging import fields_merge

MAX_COMPARISONS: Final = 20_000
"""Steps of graphql-core's comparison that one document may take, some 25 ms. graphql-core stops at 500,000, which
a document of 4 kB from anyone gets close to. Only documents that `field_merging` leaves in doubt take any."""

MAX_ANONYMOUS_COMPARISONS: Final = 4_000
"""Steps of a document without a caller, who can ask for little else than the schema."""


class _SlicedContext(RuleContext):
    """The rule's state, with a checkpoint at each step of the comparison."""

    @property
    def remaining_complexity_budget(self) -> int:
        """The steps that are left."""
        return self._remaining

    @remaining_complexity_budget.setter
    def remaining_complexity_budget(self, steps: int) -> None:
        checkpoint()
        self._remaining = steps


class BoundedOverlappingFields(OverlappingFieldsCanBeMergedRule):
    """GraphQL's rule of overlapping fields (5.3.2), until its comparisons are used up; then validation ends.

    It compares nothing in a document whose fields are seen to merge in linear time.

    Attributes:
        max_comparisons: The most steps of comparison for one document.
    """

    max_comparisons: ClassVar[int] = MAX_COMPARISONS

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context = _SlicedContext()
        self.rule_context.remaining_complexity_budget = self.max_comparisons
        self._merges = fields_merge(context.schema, context.document)

    def enter_selection_set(self, selection_set: SelectionSetNode, key: Any, parent: Any, *rest: Any) -> None:
        """Compare the fields of one selection set.

        Raises:
            ValidationAbortedError: There is too much to compare. graphql-core answers with the faults that it has so
                far.
        """
        if self._merges:
            return
        try:
            super().enter_selection_set(selection_set, key, parent, *rest)
        except ValidationAbortedError as error:
            if self.rule_context.remaining_complexity_budget >= 0:
                raise
            refusal = _refusal(self.max_comparisons)
            raise ValidationAbortedError(refusal, original_error=LimitExceededError(refusal)) from error


class AnonymousOverlappingFields(BoundedOverlappingFields):
    """The rule for documents without a caller."""

    max_comparisons = MAX_ANONYMOUS_COMPARISONS


def _refusal(comparisons: int) -> str:
    return (
        "The query asks for the same fields so often, side by side or through fragments, that it cannot be checked "
        f"with the {comparisons} comparisons that this gateway makes: ask for each field once, or split the query."
    )
