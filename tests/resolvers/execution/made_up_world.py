"""A world for the whole schema without AWS: each field of each object has a value that its object and name decide.

Some fail, some are null where they may and some where they must not be, some lists hold nulls and failures, and some
objects are of a type that has no place where they stand. graphql-core and the executor are shown the same.
"""

import random
from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from resolvers.errors import BadInputError, DeadlineError
from resolvers.execution.catalog import Catalog, CatalogField
from resolvers.execution.leaves import Leaf
from resolvers.execution.plan import FieldContext
from resolvers.execution.sources import Attribute, FieldSource, FromDetail, PerLevel, PerParent
from schema.build import build_schema
from schema.field_catalog import field_catalog


class MadeUp:
    """An object whose attributes are made up of its seed."""

    type_name = ""

    def __init__(self, world: "World", seed: str) -> None:
        self.seed = seed
        self._world = world
        if world.has_details(self.type_name):
            self.detail = self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._world.shown(self, name, {})


class _Later:
    """A value that comes a turn of the loop later; unlike a coroutine, it may be left alone."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __await__(self) -> Generator[Any, None, Any]:
        yield
        return _raised(self._value)


class World:
    """The schema with made-up values, as graphql-core sees it and as the executor does.

    Args:
        luck: How many of a thousand values fail.
    """

    def __init__(self, luck: int = 8) -> None:
        self.luck = luck
        self.calls = 0
        schema = build_schema()
        self._real: Catalog = field_catalog(schema)
        self.schema: GraphQLSchema = schema._schema
        self.classes: dict[str, type[MadeUp]] = {}
        fields: dict[tuple[str, str], CatalogField] = {}
        for type_ in self._object_types():
            self.classes[type_.name] = type(f"MadeUp{type_.name}", (MadeUp,), {"type_name": type_.name})
            for name, definition in type_.fields.items():
                fields[type_.name, name] = self._field(type_, name, definition)
                definition.resolve = self._resolver(name)
            type_.is_type_of = self._test(type_.name)
        for named in self.schema.type_map.values():
            if is_abstract_type(named):
                named.resolve_type = self._type_resolver(named.name)
        leaves: Mapping[str, Leaf] = self._real.leaves
        self.catalog = Catalog(self.schema, fields, dict(self.classes), leaves)

    def root(self, name: str = "Query") -> MadeUp:
        """The root value."""
        return self.classes[name](self, "root")

    def has_details(self, type_name: str) -> bool:
        """True if some field of a type is read from a detail."""
        fields: Any = self._real.fields
        return any(isinstance(known.source, FromDetail) for (name, _), known in fields.items() if name == type_name)

    def _object_types(self) -> Sequence[GraphQLObjectType]:
        types = self.schema.type_map.values()
        return [type_ for type_ in types if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")]

    def _test(self, type_name: str) -> Any:
        return lambda value, _info: isinstance(value, self.classes[type_name])

    def _type_resolver(self, abstract: str) -> Any:
        def resolve(value: Any, _info: Any, _type: Any) -> str | None:
            type_: Any = self.schema.type_map[abstract]
            names = {possible.name for possible in self.schema.get_possible_types(type_)}
            return value.type_name if isinstance(value, MadeUp) and value.type_name in names else None

        return resolve

    # The same value, by either way

    def _resolver(self, name: str) -> Any:
        def resolve(source: MadeUp, _info: Any, **arguments: Any) -> Any:
            if self._dice(source, name, "async").random() < 0.3:
                return _Later(self.shown(source, name, arguments))
            return _raised(self.shown(source, name, arguments))

        return resolve

    def _field(self, type_: GraphQLObjectType, name: str, definition: GraphQLField) -> CatalogField:
        """Sources of the kinds that the real schema has, so that each kind is met."""
        real = self._real.fields[type_.name, name].source
        source: FieldSource
        if isinstance(real, PerParent):
            source = PerParent(self._later_parent(name) if real.is_async else self._parent(name), real.is_async)
        elif isinstance(real, PerLevel):
            source = PerLevel(self._level(name))
        elif isinstance(real, FromDetail):
            source = FromDetail(
                lambda parent, _detail, _request: _raised(self.shown(parent, name, {})), self._all(name)
            )
        else:
            source = Attribute(name)
        return CatalogField(source, dict)

    def _all(self, name: str) -> Any:
        def column(parents: Sequence[MadeUp], _details: Sequence[Any]) -> Sequence[Any]:
            return [_raised(self.shown(parent, name, {})) for parent in parents]

        return column

    def _parent(self, name: str) -> Any:
        def answer(parent: MadeUp, _context: FieldContext, **arguments: Any) -> Any:
            return _raised(self.shown(parent, name, arguments))

        return answer

    def _later_parent(self, name: str) -> Any:
        async def answer(parent: MadeUp, _context: FieldContext, **arguments: Any) -> Any:
            return _raised(self.shown(parent, name, arguments))

        return answer

    def _level(self, name: str) -> Any:
        async def answer(_request: Any, parents: Sequence[MadeUp], **arguments: Any) -> Sequence[Any]:
            self.calls += 1
            return [self.shown(parent, name, arguments) for parent in parents]

        return answer

    # Making up

    def shown(self, parent: MadeUp, name: str, arguments: Mapping[str, Any]) -> Any:
        """The value of a field, or the exception that it fails with."""
        definition = self.schema.type_map[parent.type_name].fields[name]  # type: ignore[attr-defined]  # An object type.
        return self._value(definition.type, self._dice(parent, name, repr(sorted(arguments.items()))))

    def _dice(self, parent: MadeUp, *words: str) -> random.Random:
        return random.Random(f"{parent.seed} {' '.join(words)}")

    def _value(self, type_: Any, dice: random.Random, *, nullable: bool = True) -> Any:
        chance = dice.randrange(1000)
        if chance < self.luck:
            return dice.choice([BadInputError("It is wrong."), DeadlineError("It is late."), ValueError("A defect.")])
        if is_non_null_type(type_):
            return None if chance < self.luck * 1.5 else self._value(type_.of_type, dice, nullable=False)
        if chance < 60 and (nullable or chance < self.luck):
            return None
        if is_list_type(type_):
            items = [self._value(type_.of_type, dice) for _ in range(dice.choice([0, 1, 2, 3, 5]))]
            return dice.choice([items, tuple(items)])
        return self._single(get_named_type(type_), dice, odd=self.luck > 0 and chance < 75)

    def _single(self, type_: Any, dice: random.Random, *, odd: bool) -> Any:
        if is_object_type(type_) or is_abstract_type(type_):
            possible: Any = self.schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
            names = [one.name for one in possible]
            if odd and dice.random() < 0.2:
                names = list(self.classes)
            return self.classes[dice.choice(names)](self, str(dice.random()))
        if isinstance(type_, GraphQLEnumType):
            return dice.choice(list(type_.wrapped_cls))  # type: ignore[attr-defined]  # Strawberry's own enum type.
        return _scalar(type_.name, dice, odd=odd)


def _scalar(name: str, dice: random.Random, *, odd: bool) -> Any:
    if odd and name != "JSON":
        return dice.choice([7, 2**31, 2.5, True, "7", float("nan"), ["a list"], ""])
    moment = datetime.fromtimestamp(dice.randrange(2**30), UTC)
    values = {
        "Int": dice.randrange(1000),
        "BigInt": dice.randrange(2**40),
        "Float": dice.random(),
        "Boolean": dice.random() < 0.5,
        "DateTime": moment,
        "JSON": {"a": [1, None]},
    }
    return values.get(name, f"word {dice.randrange(99)}")


def _raised(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value
