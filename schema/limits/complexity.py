"""Depth, aliases, directives and cost of a document, measured before it runs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
)

from concurrency.time_slices import checkpoint
from schema.limits.document_ast import arguments, composite_type, is_included, variables_of
from schema.limits.introspection import introspection_lengths
from schema.scalars import LARGEST


@dataclass(frozen=True, slots=True)
class DocumentSize:
    """The size of a document.

    None of the numbers grows beyond LARGEST, so that fragments that multiply each other cannot make numbers that take
    time to handle, or that JSON cannot hold.

    Attributes:
        depth: Its levels of fields; introspection is left out, because its own depth is bounded by validation.
        aliases: Its aliases, counted as often as fragments repeat them.
        directives: Its directives, counted likewise.
        cost: The most things that its answer can hold: page sizes multiplied down the levels.
        introspection: The things of the schema that it asks for, by the mean length of each list.
        per_scope: The part of the cost that each group and region of the caller costs once more.
    """

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    introspection: int = 0
    per_scope: int = 0

    def plus(self, other: "DocumentSize") -> "DocumentSize":
        """The size of this part and the other one, next to each other."""
        return DocumentSize(
            max(self.depth, other.depth),
            min(self.aliases + other.aliases, LARGEST),
            min(self.directives + other.directives, LARGEST),
            min(self.cost + other.cost, LARGEST),
            min(self.introspection + other.introspection, LARGEST),
            min(self.per_scope + other.per_scope, LARGEST),
        )

    def over_scopes(self, count: Callable[[], int]) -> "DocumentSize":
        """The size with a list of the caller's scopes for each of them.

        Args:
            count: Gives the number of scopes; it is not called if no list is of all scopes.
        """
        if not self.per_scope:
            return self
        return replace(self, cost=min(self.cost + self.per_scope * (count() - 1), LARGEST))


def _is_of_all_scopes(definition: GraphQLField, values: Mapping[str, Any]) -> bool:
    """True if a field asks every scope of the caller; null stands for the default."""
    scope = values.get("scope")
    if scope is None and "scope" in definition.args:
        scope = definition.args["scope"].default_value
    return getattr(scope, "name", scope) == "MINE"


_EMPTY = DocumentSize()
# Types that wrap nodes, and cost nothing themselves.
_WRAPPER_SUFFIXES = ("Connection", "Edge", "PageInfo", "ListedScope", "ScopeProblem")


def measure_document(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
    page_size: int,
) -> DocumentSize:
    """The size of one operation of a valid document.

    Args:
        schema: The schema.
        document: The document.
        operation: The operation.
        variables: The variables that it is to run with.
        page_size: The largest page, which stands for a size that is not known.
    """
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    ruler = _SizeVisitor(schema, fragments, variables_of(operation, variables), page_size)
    own = DocumentSize(directives=len(operation.directives or ()))
    return own.plus(ruler.selection(operation.selection_set, schema.get_root_type(operation.operation)))


class _SizeVisitor:
    """Measures selections; a fragment's measure is taken once, so that nesting them cannot multiply the work."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        page_size: int,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._page_size = page_size
        self._known: dict[str, DocumentSize] = {}

    def selection(self, selections: SelectionSetNode | None, parent: Any) -> DocumentSize:
        total = _EMPTY
        for part in self._parts(selections, parent):
            total = total.plus(part)
        return total

    def _parts(self, selections: SelectionSetNode | None, parent: Any) -> Iterator[DocumentSize]:
        for node in selections.selections if selections else ():
            yield DocumentSize(directives=len(node.directives or ()))
            if not is_included(node, self._variables):  # type: ignore[arg-type]  # A selection is one of the three nodes.
                continue
            if isinstance(node, FieldNode):
                yield self._field(node, parent)
            elif isinstance(node, FragmentSpreadNode):
                yield self._fragment(node.name.value)
            else:
                condition = node.type_condition  # type: ignore[attr-defined]  # Only inline fragments are left.
                narrowed = self._schema.type_map[condition.name.value] if condition else parent
                yield self.selection(node.selection_set, narrowed)  # type: ignore[attr-defined]  # As above.

    def _fragment(self, name: str) -> DocumentSize:
        if name not in self._known:
            fragment = self._fragments[name]
            narrowed = self._schema.type_map[fragment.type_condition.name.value]
            own = DocumentSize(directives=len(fragment.directives or ()))
            self._known[name] = own.plus(self.selection(fragment.selection_set, narrowed))
        return self._known[name]

    def _field(self, node: FieldNode, parent: Any) -> DocumentSize:
        checkpoint()
        alias = int(node.alias is not None)
        definition = self._schema.get_field(parent, node.name.value)
        if definition is None:
            return DocumentSize(aliases=alias)
        below = composite_type(self._schema, definition)
        inner = _EMPTY if below is None else self.selection(node.selection_set, below)
        if parent.name.startswith("__") or node.name.value.startswith("__"):
            length = introspection_lengths(self._schema).get(node.name.value, 1) if parent.name.startswith("__") else 1
            things = 0 if below is None else min(length * (1 + inner.introspection), LARGEST)
            return DocumentSize(0, inner.aliases + alias, inner.directives, 0, things)
        itself = 0 if below is None or below.name.endswith(_WRAPPER_SUFFIXES) else 1
        values = arguments(definition, node, self._variables)
        cost = min(self._page_factor(values) * (itself + inner.cost), LARGEST)
        per_scope = cost if _is_of_all_scopes(definition, values) else inner.per_scope
        return DocumentSize(
            inner.depth + 1, inner.aliases + alias, inner.directives, cost, inner.introspection, per_scope
        )

    def _page_factor(self, values: Mapping[str, Any]) -> int:
        """The most things that a field can give: a page's size, or the number of ids."""
        if isinstance(ids := values.get("ids"), list):
            return max(1, len(ids))
        if "first" not in values:
            return 1
        first = values["first"]
        return min(max(first, 1), self._page_size) if isinstance(first, int) else self._page_size
