"""Answer operations that ask for nothing but the schema, several times as fast as graphql-core, and bounded in size."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    get_introspection_query,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    parse,
)

from concurrency.time_slices import checkpoint
from schema.limits.document_ast import arguments, is_included
from schema.limits.errors import LimitExceededError

_META_FIELDS: Final[Mapping[str, GraphQLField]] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
_ROOM: Final = 1.5
"""The multiple of the full standard query's values that one operation may take."""


class _Info:
    """As much of graphql-core's resolve info as its introspection resolvers read."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema


def asks_only_for_the_schema(document: DocumentNode, operation: OperationDefinitionNode) -> bool:
    """Tell whether an operation's root fields, fragments included, are `__schema`, `__type` and `__typename` alone.

    False if it asks for `__typename` alone, or has directives itself.
    """
    if operation.operation is not OperationType.QUERY or operation.directives:
        return False
    names = set(_root_fields(operation.selection_set, _fragments(document), set()))
    return not names.isdisjoint(_META_FIELDS) and names <= {*_META_FIELDS, "__typename"}


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}


def _root_fields(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> Iterator[str]:
    """Give the names of the root fields; each fragment is walked once, however often it is spread."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _root_fields(node.selection_set, fragments, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            yield from _root_fields(fragments[node.name.value].selection_set, fragments, seen)


class SchemaReader:
    """Reads operations about one schema.

    Args:
        schema: The schema.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._max_values: int | None = None

    @property
    def max_values(self) -> int:
        """The most values that one answer may hold, from the size of the full standard query."""
        if self._max_values is None:
            options = dict.fromkeys(
                ("specified_by_url", "directive_is_repeatable", "schema_description", "input_value_deprecation"), True
            )
            document = parse(get_introspection_query(descriptions=True, **options))
            reading = _Reading(self._schema, document, {}, None)
            reading.root(cast("OperationDefinitionNode", document.definitions[0]))
            reading.forget()
            self._max_values = int(reading.values * _ROOM)
        return self._max_values

    def measure(self) -> None:
        """Measure the schema now, and not with the first operation about it."""
        self._max_values = self.max_values

    def read(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> tuple[dict[str, Any], int]:
        """Give the data of a valid operation that asks only for the schema, and the number of values in it.

        Args:
            document: The valid document.
            operation: Its operation.
            variables: The operation's variables, coerced, with their defaults.

        Raises:
            LimitExceededError: The answer would hold more values than `max_values`.
        """
        reading = _Reading(self._schema, document, variables, self.max_values)
        try:
            return reading.root(operation), reading.values
        finally:
            reading.forget()


@dataclass(frozen=True, slots=True)
class _PlannedField:
    """A field of the answer.

    Attributes:
        resolve: graphql-core's resolver.
        arguments: Its arguments.
        complete: Turns its value, unless that is None, into the answer.
    """

    resolve: Callable[..., Any]
    arguments: Mapping[str, Any]
    complete: Callable[[Any], Any]


def _nothing(_source: Any, _info: Any) -> None:
    return None


class _Reading:
    """One operation being read. Equal parts of the answer are read once, and shared by it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, Any],
        max_values: int | None,
    ) -> None:
        self._schema = schema
        self._fragments = _fragments(document)
        self._variables = variables
        self._max_values = max_values
        self._info = cast("GraphQLResolveInfo[Any]", _Info(schema))
        self._plans: dict[tuple[int, ...], list[tuple[str, _PlannedField]]] = {}
        self._read: dict[tuple[tuple[int, ...], int], tuple[dict[str, Any], int, Any]] = {}
        self.values = 0

    def root(self, operation: OperationDefinitionNode) -> dict[str, Any]:
        data: dict[str, Any] = {}
        query = cast("GraphQLObjectType", self._schema.query_type)
        for key, nodes in self._fields((operation.selection_set,)):
            name = nodes[0].name.value
            self._count(1)
            if name == "__typename":
                data[key] = query.name
                continue
            field = _META_FIELDS[name]
            values = arguments(field, nodes[0], self._variables)
            source = self._schema if name == "__schema" else self._schema.get_type(values["name"])
            data[key] = None if source is None else self._completer(field.type, nodes)(source)
        return data

    def forget(self) -> None:
        """Drop the plans, which refer to this."""
        self._plans.clear()

    def _count(self, values: int) -> None:
        checkpoint()
        self.values += values
        if self._max_values is not None and self.values > self._max_values:
            raise LimitExceededError(
                f"The query asks for more than {self._max_values} values of the schema, the most in one "
                "answer; ask for `__schema` once, or for less of it."
            )

    def _completer(self, type_: Any, nodes: Sequence[FieldNode]) -> Callable[[Any], Any]:
        """Give the function that turns a field's value into its answer; it takes no None."""
        if is_non_null_type(type_):
            return self._completer(type_.of_type, nodes)
        if is_list_type(type_):
            inner = self._completer(type_.of_type, nodes)
            return lambda value: [None if item is None else inner(item) for item in value]
        if is_leaf_type(type_):
            return cast("Callable[[Any], Any]", type_.serialize)
        sets = tuple(node.selection_set for node in nodes if node.selection_set)
        return partial(self._object, cast("GraphQLObjectType", type_), sets, tuple(map(id, sets)))

    def _object(
        self, type_: GraphQLObjectType, sets: tuple[SelectionSetNode, ...], ids: tuple[int, ...], source: Any
    ) -> dict[str, Any]:
        key = ids, id(source)
        if (known := self._read.get(key)) is not None:
            self._count(known[1])
            return known[0]
        before = self.values
        result = {}
        for name, field in self._plan(type_, sets, ids):
            value = field.resolve(source, self._info, **field.arguments)
            result[name] = None if value is None else field.complete(value)
        self._count(len(result))
        # The source is kept with it: an id is an object's own only while the object lives.
        self._read[key] = result, self.values - before, source
        return result

    def _plan(
        self, type_: GraphQLObjectType, sets: tuple[SelectionSetNode, ...], ids: tuple[int, ...]
    ) -> list[tuple[str, "_PlannedField"]]:
        """Work out the fields of selection sets once; each set stands below one type of introspection."""
        if (plan := self._plans.get(ids)) is None:
            plan = self._plans[ids] = [(key, self._planned(type_, nodes)) for key, nodes in self._fields(sets)]
        return plan

    def _planned(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode]) -> "_PlannedField":
        node = nodes[0]
        if node.name.value == "__typename":
            return _PlannedField(lambda _source, _info: type_.name, {}, str)
        field = type_.fields[node.name.value]
        values = _by_out_name(field, arguments(field, node, self._variables)) if field.args else {}
        return _PlannedField(field.resolve or _nothing, values, self._completer(field.type, nodes))

    def _fields(self, sets: tuple[SelectionSetNode, ...]) -> list[tuple[str, list[FieldNode]]]:
        """Group the fields of selection sets by response key; introspection has no interfaces, so all fragments fit."""
        grouped: dict[str, list[FieldNode]] = {}
        for selections in sets:
            self._collect(selections, grouped, set())
        return list(grouped.items())

    def _collect(self, selections: SelectionSetNode, grouped: dict[str, list[FieldNode]], seen: set[str]) -> None:
        for node in selections.selections:
            if not is_included(node, self._variables):  # type: ignore[arg-type]  # A selection is one of three nodes.
                continue
            if isinstance(node, FieldNode):
                grouped.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, FragmentSpreadNode):
                if node.name.value not in seen:
                    seen.add(node.name.value)
                    self._collect(self._fragments[node.name.value].selection_set, grouped, seen)
            elif isinstance(node, InlineFragmentNode):
                self._collect(node.selection_set, grouped, seen)


def _by_out_name(field: GraphQLField, values: Mapping[str, Any]) -> dict[str, Any]:
    return {field.args[name].out_name or name: value for name, value in values.items() if name in field.args}


@lru_cache(maxsize=4)
def introspection_lengths(schema: GraphQLSchema) -> Mapping[str, int]:
    """Give the mean length of each list of introspection in a schema, for the cost of operations that ask for more."""
    types = [type_ for type_ in schema.type_map.values() if not type_.name.startswith("__")]
    fields = [field for type_ in types for field in _fields_of(type_)]
    composite = max(1, sum(bool(_fields_of(type_)) for type_ in types))
    counted = sum(len(getattr(field, "args", ())) for field in fields)
    mean = max(1, round(len(fields) / composite))
    return {
        "types": len(schema.type_map),
        "fields": mean,
        "inputFields": mean,
        "enumValues": mean,
        "possibleTypes": mean,
        "interfaces": 1,
        "args": max(1, round(counted / max(1, len(fields)))),
        "directives": len(schema.directives),
    }


def _fields_of(type_: GraphQLNamedType) -> Sequence[Any]:
    return tuple(getattr(get_named_type(type_), "fields", {}).values())
