"""Read details and scans off a selection, so that they start at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
from schema.fields import Info
from schema.limits.document_ast import arguments, composite_type, is_included


@dataclass(frozen=True, slots=True)
class Lookahead:
    """The needs of the selection under a list.

    Attributes:
        detailed: True where a field of the listed things, or of what they reach, takes descriptions.
        scans: The kinds that a relation below will scan.
    """

    detailed: bool
    scans: frozenset[Kind]


def look_ahead(info: Info) -> Lookahead:
    """The needs of the selection under the present field."""
    raw = info._raw_info
    # Strawberry hands on the coerced values alone where graphql-core has them beside their sources.
    given: Any = raw.variable_values
    variables: Mapping[str, Any] = getattr(given, "coerced", given)
    walk = _SelectionWalk(raw.schema, raw.fragments, variables)
    for node in raw.field_nodes:
        walk.visit(node.selection_set, composite_type(raw.schema, raw.parent_type.fields[raw.field_name]))
    return Lookahead(walk.detailed, frozenset(walk.scans))


class _SelectionWalk:
    """Collects the metadata of every field that a selection includes; each fragment is looked at once."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._seen: set[tuple[str, str]] = set()
        self.detailed = False
        self.scans: set[Kind] = set()

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
            self.scans.update(scans(arguments(definition, node, self._variables)))
