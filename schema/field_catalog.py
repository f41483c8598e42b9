"""The catalog that the breadth-first executor works with, read off the schema's definitions."""

from collections.abc import Iterator, Mapping
from typing import Any

import strawberry
from graphql import GraphQLEnumType, GraphQLObjectType
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from resolvers.execution.catalog import Catalog, CatalogField
from resolvers.execution.leaves import MOMENT, Leaf, enum_leaf
from resolvers.execution.plan import FieldContext
from resolvers.execution.sources import Attribute, FieldSource, PerParent
from schema.argument_conversion import ArgumentCompiler
from schema.fields import value_class


def field_catalog(schema: strawberry.Schema) -> Catalog:
    """The catalog of a schema, without the fields that the executor must not answer, such as one with an extension."""
    types = [type_ for type_ in schema._schema.type_map.values() if isinstance(type_, GraphQLObjectType)]
    classes = {type_.name: result for type_ in types if (result := value_class(type_.is_type_of)) is not None}
    arguments = ArgumentCompiler(schema.schema_converter.scalar_registry, schema.config)
    fields = {
        (type_.name, name): known
        for type_ in types
        # Another `is_type_of` than that of `represents` may look at more than the class of a value.
        if type_.is_type_of is None or type_.name in classes
        for name, known in _fields(arguments, type_)
    }
    return Catalog(schema._schema, fields, classes, dict(_leaves(schema)))


def _fields(arguments: ArgumentCompiler, type_: GraphQLObjectType) -> Iterator[tuple[str, CatalogField]]:
    for name, definition in type_.fields.items():
        described = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if isinstance(described, StrawberryField) and (source := _source(described)) is not None:
            yield name, CatalogField(source, arguments.converter(described.arguments))


def _source(field: StrawberryField) -> FieldSource | None:
    """The source of a field; None for one that has extensions, which permissions of Strawberry's are too."""
    if field.extensions:
        return None
    declared: FieldSource | None = field.metadata.get("source")
    if declared is not None:
        return declared
    if field.base_resolver is None:
        return Attribute(field.python_name)
    return PerParent(_function(field), field.is_async)


def _function(field: StrawberryField) -> Any:
    """The field's resolver, as the executor calls it."""
    resolver: Any = field.base_resolver
    function = resolver.wrapped_func
    parent_name = _name(resolver.root_parameter or resolver.parent_parameter)
    context_name = _name(resolver.info_parameter)
    if resolver.self_parameter:
        raise TypeError(f"The resolver of `{field.python_name}` must take its parent as `root`.")

    def call(parent: Any, context: FieldContext, **arguments: Any) -> Any:
        if parent_name is not None:
            arguments[parent_name] = parent
        if context_name is not None:
            arguments[context_name] = context
        return function(**arguments)

    return call


def _name(parameter: Any) -> str | None:
    return None if parameter is None else parameter.name


def _leaves(schema: strawberry.Schema) -> Iterator[tuple[str, Leaf]]:
    yield "DateTime", MOMENT
    for type_ in schema._schema.type_map.values():
        members: Any = getattr(type_, "wrapped_cls", None)
        if isinstance(type_, GraphQLEnumType) and members is not None:
            yield type_.name, enum_leaf(_names(type_, members))


def _names(type_: GraphQLEnumType, members: Any) -> Mapping[Any, str]:
    return {member: type_.coerce_output_value(member) for member in members}
