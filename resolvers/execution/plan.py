"""Plans: the selections of an operation, collected once for each type of object that they meet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from graphql.pyutils.undefined import UndefinedType

from resolvers.execution.arguments import FieldArguments
from resolvers.execution.catalog import Catalog, CatalogField
from resolvers.execution.errors import UnplannableError
from resolvers.execution.leaves import Leaf, leaf_for
from resolvers.execution.sources import Attribute, FieldSource, FromDetail, PerLevel, PerParent


@dataclass(frozen=True, slots=True)
class FieldContext:
    """The request, and the place of a field, for the function that answers it.

    It has as much of Strawberry's and graphql-core's infos as functions read, so that they serve either executor.

    Attributes:
        context: The request.
        field: The plan of the field.
        variable_values: The operation's variables, coerced.
    """

    context: Any
    field: "FieldPlan"
    variable_values: VariableValues

    @property
    def _raw_info(self) -> "FieldContext":
        return self

    @property
    def schema(self) -> GraphQLSchema:
        """The schema."""
        return self.field.plan.catalog.schema

    @property
    def fragments(self) -> Mapping[str, FragmentDefinitionNode]:
        """The document's fragments by name."""
        return self.field.plan.fragments

    @property
    def field_nodes(self) -> Sequence[FieldNode]:
        """The field's nodes in the document."""
        return self.field.nodes

    @property
    def field_name(self) -> str:
        """The field's name."""
        return self.field.nodes[0].name.value

    @property
    def parent_type(self) -> GraphQLObjectType:
        """The type that it is a field of."""
        return self.field.parent


class FieldPlan:
    """A field of one selection: its response key, its type, and the source of its values.

    Attributes:
        key: The response key.
        nodes: The field's nodes in the document, merged under this key.
        definition: The field's definition.
        parent: The type that it is a field of.
        source: The source of its values; None for `__typename`.
        leaf: How its values are written; None for objects.
        nullable: True if the field may be null.
        is_list: True if it is a list.
        items_nullable: True if an item of the list may be null.
        memo: Values that other modules derive from the field once, by a name of theirs.
    """

    __slots__ = (
        "_arguments",
        "_details",
        "_plans",
        "definition",
        "is_list",
        "items_nullable",
        "key",
        "leaf",
        "memo",
        "named_type",
        "nodes",
        "nullable",
        "parent",
        "plan",
        "source",
    )

    def __init__(self, plan: "Plan", parent: GraphQLObjectType, key: str, details: FieldDetailsList) -> None:
        self.plan = plan
        self.parent = parent
        self.key = key
        self.nodes: list[FieldNode] = [detail.node for detail in details]
        self.definition: GraphQLField = _definition(plan.catalog.schema, parent, self.nodes[0].name.value)
        self.source, convert = _source(plan.catalog, parent, self.nodes[0].name.value, self.definition)
        self._arguments = FieldArguments(self.definition, self.nodes[0], convert)
        type_: Any = self.definition.type
        self.nullable = not is_non_null_type(type_)
        type_ = type_ if self.nullable else type_.of_type
        self.is_list = is_list_type(type_)
        self.items_nullable = self.is_list and not is_non_null_type(type_.of_type)
        self.named_type: Any = get_named_type(type_)
        self.leaf: Leaf | None = (
            leaf_for(self.named_type, plan.catalog.leaves) if is_leaf_type(self.named_type) else None
        )
        self.memo: dict[str, Any] = {}
        self._details = details
        self._plans: dict[type, ObjectPlan | None] = {}

    def object_plan(self, value_class: type) -> "ObjectPlan | None":
        """The plan of this field's objects of a class; None if objects of the class have no place here."""
        if value_class not in self._plans:
            is_object = not issubclass(value_class, Exception | type(None) | UndefinedType)
            type_ = self.plan.catalog.object_type(self.named_type, value_class) if is_object else None
            self._plans[value_class] = None if type_ is None else self.plan.object_plan(type_, self._details)
        return self._plans[value_class]

    def plans_below(self) -> "Iterator[ObjectPlan]":
        """Give the plans of the objects met so far under this field, at any depth."""
        for plan in filter(None, self._plans.values()):
            yield plan
            for field in plan.fields:
                yield from field.plans_below()

    def arguments(self, variables: VariableValues) -> Mapping[str, Any]:
        """The keywords of its function, from the operation's variables; see `FieldArguments.keywords`."""
        return self._arguments.keywords(variables)


class ObjectPlan:
    """The selection of one type of object.

    Attributes:
        type: The type.
        fields: Its fields, in the order of the response.
        template: A response object that has every key, in order; of the values those of `__typename`.
        memo: Values that other modules derive from the selection once, by a name of theirs.
    """

    __slots__ = ("attributes", "calls", "details", "fields", "levels", "memo", "template", "type")

    def __init__(self, type_: GraphQLObjectType, fields: Sequence[FieldPlan]) -> None:
        self.type = type_
        self.fields = tuple(fields)
        self.template: dict[str, Any] = {field.key: type_.name if field.source is None else None for field in fields}
        self.attributes = _with_source(fields, Attribute)
        self.details = _with_source(fields, FromDetail)
        self.levels = _with_source(fields, PerLevel)
        self.calls = _with_source(fields, PerParent)
        self.memo: dict[str, Any] = {}


def _with_source(fields: Sequence[FieldPlan], kind: type) -> list[tuple[FieldPlan, Any]]:
    return [(field, field.source) for field in fields if isinstance(field.source, kind)]


class Plan:
    """An operation, compiled for one choice of the values of `@skip` and `@include`.

    Objects are compiled when the first of their type is met, so that a document costs no more than it shows.

    Args:
        catalog: The schema's catalog.
        operation: The operation, of a valid document.
        fragments: The document's fragments by name.
        conditions: The variables of `@skip` and `@include`, and no others: a plan outlives its request.

    Raises:
        UnplannableError: The operation is of a kind that is not planned.
    """

    def __init__(
        self,
        catalog: Catalog,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: Mapping[str, bool],
    ) -> None:
        self.catalog = catalog
        self.operation = operation
        self.fragments = fragments
        self.size = 0
        self._fragment_details = {name: FragmentDetails(fragment) for name, fragment in fragments.items()}
        self._conditions = VariableValues({}, dict(conditions))
        self._plans: dict[tuple[str, tuple[int, ...]], ObjectPlan] = {}
        self.root = self._root_plan()
        self.is_serial = operation.operation is OperationType.MUTATION

    def _root_plan(self) -> ObjectPlan:
        type_ = self.catalog.schema.get_root_type(self.operation.operation)
        if type_ is None:
            raise UnplannableError("no such root")
        collected = collect_fields(
            self.catalog.schema, self._fragment_details, self._conditions, type_, self.operation, True
        )
        plan = self._compile(type_, collected.grouped_field_set)
        asked = [field for field in plan.fields if field.source is not None]
        if self.operation.operation is OperationType.MUTATION and not all(field.nullable for field in asked):
            # Such a field ends the fields behind it, which the plan does not account for; `__typename` cannot fail.
            raise UnplannableError("mutation that may not be null")
        return plan

    def object_plan(self, type_: GraphQLObjectType, details: FieldDetailsList) -> ObjectPlan:
        """The plan of the objects of a type under a field; equal selections share one."""
        key = type_.name, tuple(id(detail.node) for detail in details)
        plan = self._plans.get(key)
        if plan is None:
            collected = collect_subfields(
                self.catalog.schema, self._fragment_details, self._conditions, self.operation, type_, details, True
            )
            plan = self._plans[key] = self._compile(type_, collected.grouped_field_set)
        return plan

    def _compile(self, type_: GraphQLObjectType, grouped: Mapping[str, FieldDetailsList]) -> ObjectPlan:
        self.size += 1 + len(grouped)
        return ObjectPlan(type_, [FieldPlan(self, type_, key, details) for key, details in grouped.items()])


def _definition(schema: GraphQLSchema, parent: GraphQLObjectType, name: str) -> GraphQLField:
    definition = schema.get_field(parent, name)
    if definition is None:
        raise UnplannableError("unknown field")
    return definition


def _source(
    catalog: Catalog, parent: GraphQLObjectType, name: str, definition: GraphQLField
) -> tuple[FieldSource | None, Any]:
    if name == "__typename":
        return None, dict
    if parent.name.startswith("__") or name.startswith("__"):
        assert definition.resolve is not None  # noqa: S101 - graphql-core answers every field of introspection itself.
        return PerParent(definition.resolve, is_async=False), dict
    known: CatalogField | None = catalog.fields.get((parent.name, name))
    if known is None:
        raise UnplannableError("field without a source")
    return known.source, known.convert
