"""Catalog of a schema: the source of each field, the class of each type's values, and how leaves are written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLAbstractType, GraphQLObjectType, GraphQLSchema

from resolvers.execution.leaves import Leaf
from resolvers.execution.sources import FieldSource

ConvertArguments = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""From a field's coerced arguments to the keywords of its function."""


@dataclass(frozen=True, slots=True)
class CatalogField:
    """A field: the source of its values and the conversion of its arguments.

    Attributes:
        source: The way in which its values are read or asked for.
        convert: The conversion of its coerced arguments to the keywords of its function.
    """

    source: FieldSource
    convert: ConvertArguments


@dataclass(frozen=True, slots=True)
class Catalog:
    """The executor's knowledge of a schema beside its types.

    Attributes:
        schema: The schema.
        fields: Each field by the names of its type and itself. A document with a field that is missing is refused.
        value_classes: The class whose instances a type represents, by the type's name. A type that is missing takes any
            value, and none of an abstract type's.
        leaves: How the schema's own scalars and enums are written, by the type's name.
    """

    schema: GraphQLSchema
    fields: Mapping[tuple[str, str], CatalogField]
    value_classes: Mapping[str, type]
    leaves: Mapping[str, Leaf]
    _concrete: dict[tuple[str, type], GraphQLObjectType | None] = field(default_factory=dict)

    def knows(self, type_name: str, field_name: str) -> bool:
        """True if the source of a field is known; introspection's are graphql-core's own."""
        return field_name.startswith("__") or type_name.startswith("__") or (type_name, field_name) in self.fields

    @property
    def has_unknown_fields(self) -> bool:
        """True if the source of some field of the schema is not known, so that documents are looked through for it."""
        types = (type_ for type_ in self.schema.type_map.values() if isinstance(type_, GraphQLObjectType))
        return not all(self.knows(type_.name, name) for type_ in types for name in type_.fields)

    def object_type(
        self, type_: GraphQLObjectType | GraphQLAbstractType, value_class: type
    ) -> GraphQLObjectType | None:
        """The object type of a class's values in the place of this type; None if they have no place there."""
        key = type_.name, value_class
        if key not in self._concrete:
            self._concrete[key] = self._object_type(type_, value_class)
        return self._concrete[key]

    def _object_type(
        self, type_: GraphQLObjectType | GraphQLAbstractType, value_class: type
    ) -> GraphQLObjectType | None:
        if isinstance(type_, GraphQLObjectType):
            return type_ if issubclass(value_class, self.value_classes.get(type_.name, object)) else None
        for possible in self.schema.get_possible_types(type_):
            represented = self.value_classes.get(possible.name)
            if represented is not None and issubclass(value_class, represented):
                return possible
        return None
