"""Sizes of a document's operations, kept by the parts of the variables that they depend on."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from graphql import DocumentNode, OperationDefinitionNode, SelectionSetNode, ValueNode, VariableNode

from concurrency.time_slices import checkpoint
from schema.limits.complexity import DocumentSize
from schema.limits.document_ast import variables_of

MAX_SIZES: Final = 32
"""The most sizes that are kept of one document."""

# The arguments that a page's size, or the number of things, depends on; see `complexity.py`.
_COUNTING: Final = frozenset({"first", "ids", "if", "scope"})


class DocumentSizes:
    """The sizes of one document's operations. Of the variables, only numbers, truths and lengths are kept."""

    def __init__(self) -> None:
        self._counting: dict[int, tuple[str, ...]] = {}
        self._defaults: dict[int, Mapping[str, Any]] = {}
        self._sizes: OrderedDict[tuple[Any, ...], DocumentSize] = OrderedDict()

    def size(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any] | None,
        measure: Callable[[], DocumentSize],
    ) -> DocumentSize:
        """The size of an operation with these variables, measured unless it is known.

        Args:
            document: The document.
            operation: The operation, one of the document's.
            variables: The variables that it is to run with.
            measure: Measures it.
        """
        key = self._key(document, operation, variables)
        if key is None:
            return measure()
        if (known := self._sizes.get(key)) is not None:
            return known
        size = self._sizes[key] = measure()
        if len(self._sizes) > MAX_SIZES:
            self._sizes.popitem(last=False)
        return size

    def _key(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any] | None
    ) -> tuple[Any, ...] | None:
        counting = self._counting.get(id(operation))
        if counting is None:
            counting = self._counting[id(operation)] = tuple(sorted(set(_counting_variables(document))))
        if not counting:
            return (id(operation),)
        values = {**self._defaults_of(operation), **(variables or {})}
        parts = [_part(values.get(name), present=name in values) for name in counting]
        return None if None in parts else (id(operation), *parts)

    def _defaults_of(self, operation: OperationDefinitionNode) -> Mapping[str, Any]:
        defaults = self._defaults.get(id(operation))
        if defaults is None:
            defaults = self._defaults[id(operation)] = variables_of(operation, None)
        return defaults


def _part(value: Any, *, present: bool) -> tuple[Any, ...] | None:
    """As much of a variable as a size depends on; None if that is not known."""
    if isinstance(value, list):
        return (list, len(value))
    if value is None or isinstance(value, bool | int):
        return (type(value), value, present)
    if isinstance(value, str):
        # A text has no size; an enum's value tells whether one scope or every scope of the caller is asked.
        return (str, value == "MINE")
    return None


def _counting_variables(document: DocumentNode) -> Iterator[str]:
    for part in document.definitions:
        selections = getattr(part, "selection_set", None)
        if selections is not None:
            yield from _variables_in(selections)


def _variables_in(selections: SelectionSetNode) -> Iterator[str]:
    for node in selections.selections:
        checkpoint()
        holders = (node, *(node.directives or ()))
        for holder in holders:
            for argument in getattr(holder, "arguments", None) or ():
                if argument.name.value in _COUNTING:
                    yield from _names(argument.value)
        below = getattr(node, "selection_set", None)
        if below is not None:
            yield from _variables_in(below)


def _names(value: ValueNode) -> Iterator[str]:
    if isinstance(value, VariableNode):
        yield value.name.value
    for item in getattr(value, "values", None) or ():
        yield from _names(item)
