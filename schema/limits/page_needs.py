"""The needs of a connection's selection that take more than the page itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, GraphQLResolveInfo

from resolvers.execution.plan import FieldContext
from resolvers.lists.connections import PageNeeds
from schema.limits.document_ast import is_included

_MEMO: Final = "page needs"


def page_needs(raw: GraphQLResolveInfo[Any] | FieldContext, needs: dict[tuple[int, ...], PageNeeds]) -> PageNeeds:
    """The needs of the selection under a connection field.

    Args:
        raw: The executor's information on the field.
        needs: The needs that this request has worked out before, by the nodes of the field.
    """
    if isinstance(raw, FieldContext):
        return _planned_needs(raw)
    key = tuple(map(id, raw.field_nodes))
    if key not in needs:
        needs[key] = needs_of(selected_names(raw))
    return needs[key]


def selected_names(raw: GraphQLResolveInfo[Any] | FieldContext) -> frozenset[str]:
    """The names of the fields selected under the field of `raw`, the executor's information."""
    # Strawberry hands on the coerced values alone; graphql-core has them beside their sources.
    values: Any = raw.variable_values
    return frozenset(_selected(raw.field_nodes, raw.fragments, getattr(values, "coerced", values)))


_NESTED = frozenset({"pageInfo", "scopes"})
"""Fields of a connection whose own fields count, too."""


def _planned_needs(context: FieldContext) -> PageNeeds:
    """The needs, kept with the field's plan, which is made for one choice of the values of `@skip` and `@include`."""
    memo = context.field.memo
    needs: PageNeeds | None = memo.get(_MEMO)
    if needs is None:
        needs = memo[_MEMO] = needs_of(selected_names(context))
    return needs


def needs_of(selected: Collection[str]) -> PageNeeds:
    """The needs of a connection of which these fields are selected; `hasNextPage` is one of `pageInfo`'s."""
    return PageNeeds(
        total="totalCount" in selected,
        coverage="completeAsOf" in selected or "unreadableCount" in selected,
        next="hasNextPage" in selected,
    )


def _selected(
    nodes: Sequence[Any], fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
) -> Iterator[str]:
    """The names of the fields selected under these nodes, and under `pageInfo`."""
    for parent in nodes:
        for node in parent.selection_set.selections if parent.selection_set else ():
            if not is_included(node, variables):
                continue
            if isinstance(node, FieldNode):
                yield node.name.value
                if node.name.value in _NESTED:
                    yield from _selected([node], fragments, variables)
            else:
                inner = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
                yield from _selected([inner], fragments, variables)
