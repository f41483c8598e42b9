"""Tell in linear time whether the fields of a document can be merged.

graphql-core compares fields two by two, so that 60 fragments with common fields take it 0.3 s. Here all fields of one
place in the answer are grouped by their name there, each group is held against its first field, and their selections
are merged and looked at in turn; a set of fields that has been looked at is not looked at again (S. Adameit,
"Optimizing OverlappingFieldsCanBeMerged", as graphql-java has it). The answer is yes or don't know: where anything is
in doubt, graphql-core's own rule decides and describes the fault.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    print_ast,
)

from concurrency.time_slices import checkpoint

MAX_FIELDS: Final = 50_000
"""Fields that are collected for one document, some 25 ms; a document that takes more is in doubt."""


@dataclass(frozen=True, slots=True)
class _Selected:
    """A field of a selection: its node, the type it is selected on, and the type it gives; None if unknown."""

    node: FieldNode
    parent: Any
    type: Any


_Group = Sequence[_Selected]


class _DoubtError(Exception):
    """A conflict, something that is not looked at here, or too much to look at."""


def fields_merge(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """True if all fields of a document can be merged (GraphQL 5.3.2); False if they cannot, or it is in doubt."""
    walk = _Walk(schema, document)
    try:
        for definition in document.definitions:
            walk.look_at(definition)
    except _DoubtError:
        return False
    return True


class _Walk:
    """The walk through one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)
        }
        self._left = MAX_FIELDS
        self._of_one_shape: set[frozenset[int]] = set()
        self._of_one_field: set[frozenset[int]] = set()
        self._arguments: dict[int, Mapping[str, str]] = {}

    def look_at(self, definition: Any) -> None:
        """Look at an operation or a fragment. Raises _DoubtError."""
        if isinstance(definition, OperationDefinitionNode):
            parent: Any = self._schema.get_root_type(definition.operation)
        elif isinstance(definition, FragmentDefinitionNode):
            parent = self._schema.get_type(definition.type_condition.name.value)
        else:
            return
        fields = self._collect([(definition.selection_set, parent)])
        self._require_shapes(fields)
        self._require_fields(fields)

    def _collect(self, selections: Iterable[tuple[SelectionSetNode, Any]]) -> dict[str, list[_Selected]]:
        """Group the fields of several selections by their name in the answer; each fragment counts once."""
        by_name: dict[str, list[_Selected]] = {}
        seen: set[str] = set()
        waiting = list(selections)
        while waiting:
            selection_set, parent = waiting.pop()
            for node in selection_set.selections:
                if isinstance(node, FieldNode):
                    by_name.setdefault((node.alias or node.name).value, []).append(self._selected(node, parent))
                elif (inner := self._inner(node, parent, seen)) is not None:
                    waiting.append(inner)
        return by_name

    def _selected(self, node: FieldNode, parent: Any) -> _Selected:
        checkpoint()
        self._left -= 1
        if self._left < 0 or any(directive.name.value == "stream" for directive in node.directives or ()):
            raise _DoubtError
        field = None if parent is None else self._schema.get_field(parent, node.name.value)
        return _Selected(node, parent, None if field is None else field.type)

    def _inner(self, node: Any, parent: Any, seen: set[str]) -> tuple[SelectionSetNode, Any] | None:
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return node.selection_set, self._schema.get_type(condition.name.value) if condition else parent
        assert isinstance(node, FragmentSpreadNode)  # noqa: S101 - a selection is one of the three nodes.
        if getattr(node, "arguments", None):
            raise _DoubtError
        fragment = self._fragments.get(node.name.value)
        if fragment is None or node.name.value in seen:
            return None
        seen.add(node.name.value)
        return fragment.selection_set, self._schema.get_type(fragment.type_condition.name.value)

    def _merged(self, group: _Group) -> dict[str, list[_Selected]]:
        """Give the fields below a group of fields, grouped by name."""
        return self._collect(
            (field.node.selection_set, None if field.type is None else get_named_type(field.type))
            for field in group
            if field.node.selection_set is not None
        )

    def _require_shapes(self, fields: Mapping[str, _Group]) -> None:
        """Fields of one name have one shape, on any type that they are selected on. Raises _DoubtError."""
        waiting = [fields]
        while waiting:
            for group in waiting.pop().values():
                if _is_new(group, self._of_one_shape):
                    types = [field.type for field in group if field.type is not None]
                    if any(not _same_shape(types[0], type_) for type_ in types[1:]):
                        raise _DoubtError
                    waiting.append(self._merged(group))

    def _require_fields(self, fields: Mapping[str, _Group]) -> None:
        """Fields of one name that one object may have are one field with the same arguments. Raises _DoubtError."""
        waiting = [fields]
        while waiting:
            for together in waiting.pop().values():
                for group in _by_common_parent(together):
                    if _is_new(group, self._of_one_field):
                        self._require_one_field(group)
                        waiting.append(self._merged(group))

    def _require_one_field(self, group: _Group) -> None:
        first = group[0].node
        for field in group[1:]:
            same_name = field.node.name.value == first.name.value
            if not same_name or self._arguments_of(field.node) != self._arguments_of(first):
                raise _DoubtError

    def _arguments_of(self, node: FieldNode) -> Mapping[str, str]:
        if not node.arguments:
            return {}
        if id(node) not in self._arguments:
            self._arguments[id(node)] = {part.name.value: print_ast(part.value) for part in node.arguments}
        return self._arguments[id(node)]


def _is_new(group: _Group, known: set[frozenset[int]]) -> bool:
    """Tell whether a set of fields is looked at for the first time; a single leaf has nothing to look at."""
    if len(group) == 1 and group[0].node.selection_set is None:
        return False
    key = frozenset(id(field.node) for field in group)
    if key in known:
        return False
    known.add(key)
    return True


def _by_common_parent(group: _Group) -> Iterator[_Group]:
    """Split a group into those that one object may have: each object type's own and those of abstract types."""
    common = [field for field in group if field.parent is None or is_abstract_type(field.parent)]
    own: dict[GraphQLObjectType, list[_Selected]] = {}
    for field in group:
        if field.parent is not None and not is_abstract_type(field.parent):
            own.setdefault(field.parent, []).append(field)
    yield from ([*fields, *common] for fields in own.values()) if own else [common]


def _same_shape(one: Any, other: Any) -> bool:
    """Tell whether two types give values of one shape: equal wrappers, and equal leaves if one is a leaf."""
    while one is not other:
        if is_list_type(one) != is_list_type(other) or is_non_null_type(one) != is_non_null_type(other):
            return False
        if not is_list_type(one) and not is_non_null_type(one):
            return not (is_leaf_type(one) or is_leaf_type(other))
        one, other = one.of_type, other.of_type
    return True
