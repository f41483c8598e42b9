"""Read details and scans off a selection, so that they start at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    SelectionSetNode,
)

from aws.kinds.kind import Kind
from resolvers.execution.arguments import has_variable
from resolvers.execution.plan import FieldContext
from schema.fields import Info
from schema.limits.document_ast import arguments, composite_type, is_included

_MEMO: Final = "lookahead"


@dataclass(frozen=True, slots=True)
class Lookahead:
    """The needs of the selection under a list.

    Attributes:
        detailed: True if a field of the listed resources, or of others that they lead to, takes descriptions.
        scans: The kinds that a relation below will scan.
    """

    detailed: bool
    scans: frozenset[Kind]


def look_ahead(info: Info | FieldContext) -> Lookahead:
    """The needs of the selection under the field of `info`; those that no variable decides are kept with its plan."""
    if isinstance(info, FieldContext):
        return _planned_needs(info)
    raw = info._raw_info
    # Strawberry hands on the coerced values alone; graphql-core has them beside their sources.
    values: Any = raw.variable_values
    walk = _SelectionWalk(raw.schema, raw.fragments, getattr(values, "coerced", values))
    return walk.needs(raw.field_nodes, raw.parent_type.fields[raw.field_name])


def _planned_needs(context: FieldContext) -> Lookahead:
    field = context.field
    lookahead: Lookahead | None = field.memo.get(_MEMO)
    if lookahead is None:
        walk = _SelectionWalk(context.schema, context.fragments, context.variable_values.coerced)
        lookahead = walk.needs(field.nodes, field.definition)
        if not walk.has_variables:
            field.memo[_MEMO] = lookahead
    return lookahead


class _SelectionWalk:
    """Collects the metadata of every field that a selection includes; each fragment is walked once."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._seen: set[tuple[str, str]] = set()
        self.detailed = False
        self.has_variables = False
        self.scans: set[Kind] = set()

    def needs(self, nodes: Sequence[FieldNode], definition: GraphQLField) -> Lookahead:
        for node in nodes:
            self.visit(node.selection_set, composite_type(self._schema, definition))
        return Lookahead(self.detailed, frozenset(self.scans))

    def visit(self, selections: SelectionSetNode | None, parent: Any) -> None:
        for node, definition in self._fields(selections, parent):
            self._note(node, definition)
            if (below := composite_type(self._schema, definition)) is not None:
                self.visit(node.selection_set, below)

    def _fields(self, selections: SelectionSetNode | None, parent: Any) -> Iterator[tuple[FieldNode, GraphQLField]]:
        for node in selections.selections if selections else ():
            if not is_included(node, self._variables):  # type: ignore[arg-type]  # A selection is one of the three nodes.
                continue
            if isinstance(node, FieldNode):
                definition = getattr(parent, "fields", {}).get(node.name.value)
                if definition is not None:
                    yield node, definition
            else:
                yield from self._fragment(node, parent)

    def _fragment(self, node: Any, parent: GraphQLNamedType) -> Iterator[tuple[FieldNode, GraphQLField]]:
        fragment = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        condition = fragment.type_condition
        narrowed = self._schema.type_map[condition.name.value] if condition else parent
        if isinstance(node, FragmentSpreadNode):
            if (key := (node.name.value, narrowed.name)) in self._seen:
                return
            self._seen.add(key)
        yield from self._fields(fragment.selection_set, narrowed)

    def _note(self, node: FieldNode, definition: GraphQLField) -> None:
        described = definition.extensions.get("strawberry-definition")
        metadata = getattr(described, "metadata", None) or {}
        self.detailed = self.detailed or bool(metadata.get("detail"))
        if scans := metadata.get("scans"):
            self.has_variables = self.has_variables or any(has_variable(one.value) for one in node.arguments or ())
            self.scans.update(scans(arguments(definition, node, self._variables)))
