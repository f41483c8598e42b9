"""Queries over a schema, drawn at random: fragments, aliases, variables, `@skip` and `@include`, fields twice."""

import random
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
)

_SCALARS = {"Int": "3", "Boolean": "true", "ID": '"id"', "String": '"word"', "DateTime": '"2026-01-01T00:00:00Z"'}


@dataclass
class RandomQuery:
    """A document with its variables."""

    text: str
    variables: dict[str, Any]


@dataclass
class _Drawing:
    """A document on its way."""

    dice: random.Random
    schema: GraphQLSchema
    fragments: dict[str, str] = field(default_factory=dict)
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    room: int = 40

    def selection(self, type_: Any, depth: int, *, on: str = "") -> str:
        """A selection on a type; `on` is set where the fields of other types may stand beside it."""
        parts = [self._part(type_, depth, on) for _ in range(self.dice.randint(1, 4))]
        return "{ " + " ".join(parts) + " }"

    def _part(self, type_: Any, depth: int, on: str) -> str:
        choice = self.dice.randint(0, 9)
        if choice == 0 or self.room <= 0:
            return "__typename"
        if choice < 4 and depth > 0:
            return self._fragment(type_, depth, on)
        return self._field(type_, depth, on)

    def _fragment(self, type_: Any, depth: int, on: str) -> str:
        self.room -= 1
        possible = list(self.schema.get_possible_types(type_)) if is_abstract_type(type_) else [type_]
        narrowed = self.dice.choice([type_, *possible])
        inner = narrowed.name if narrowed is not type_ else on
        if self.dice.random() < 0.5:
            condition = f" on {narrowed.name}" if narrowed is not type_ or self.dice.random() < 0.5 else ""
            return f"...{condition}{self._directive()} {self.selection(narrowed, depth - 1, on=inner)}"
        name = f"F{len(self.fragments)}"
        self.fragments[name] = ""
        self.fragments[name] = f"fragment {name} on {narrowed.name} {self.selection(narrowed, depth - 1, on=inner)}"
        return " ".join(f"...{name}{self._directive()}" for _ in range(self.dice.randint(1, 2)))

    def _field(self, type_: Any, depth: int, on: str) -> str:
        self.room -= 1
        fields = {
            name: one
            for name, one in type_.fields.items()
            if depth > 0 or not is_composite_type(get_named_type(one.type))
        }
        if not fields:
            return "__typename"
        name = self.dice.choice(sorted(fields))
        definition = fields[name]
        arguments, word = self._arguments(definition.args)
        # A key stands for one field with the same arguments, whatever type it is selected on.
        plain = not arguments and not on and self.dice.randint(0, 3) > 0
        alias = "" if plain else f"{on or type_.name}_{name}_{word}: "
        below = get_named_type(definition.type)
        inner = f" {self.selection(below, depth - 1, on=on and f'{on}_{name}')}" if is_composite_type(below) else ""
        return f"{alias}{name}{arguments}{self._directive()}{inner}"

    def _arguments(self, known: dict[str, GraphQLArgument]) -> tuple[str, str]:
        given = {}
        for name, argument in known.items():
            if is_non_null_type(argument.type) or self.dice.randint(0, 3) == 0:
                written = self._argument(argument.type)
                if written is not None:
                    given[name] = written
        if not given:
            return "", ""
        text = "(" + ", ".join(f"{name}: {value}" for name, value in given.items()) + ")"
        return text, "_".join(f"{name}{''.join(filter(str.isalnum, value))}" for name, value in given.items())

    def _argument(self, type_: Any) -> str | None:
        inner = type_.of_type if is_non_null_type(type_) else type_
        if is_list_type(inner):
            item = self._argument(inner.of_type)
            return None if item is None else f"[{item}, {item}]"
        if is_enum_type(inner):
            return str(self.dice.choice(sorted(inner.values)))
        written = _SCALARS.get(inner.name)
        if written is None:
            return "{}" if not is_non_null_type(type_) else None
        if self.dice.random() < 0.5 and inner.name == "Int":
            return self._variable("Int", self.dice.choice([1, 2, None]))
        return written

    def _directive(self) -> str:
        if self.dice.randint(0, 7):
            return ""
        name = self.dice.choice(["skip", "include"])
        value = self.dice.random() < 0.5
        written = self._variable("Boolean!", value) if self.dice.random() < 0.5 else str(value).lower()
        return f" @{name}(if: {written})"

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = type_, value
        return f"${name}"


def random_query(schema: GraphQLSchema, seed: int, depth: int = 6) -> RandomQuery:
    """A query of the schema. It may be invalid: an input may be required, or two fields not fit under one key."""
    drawing = _Drawing(random.Random(seed), schema)
    selection = drawing.selection(schema.query_type, depth)
    declared = ", ".join(f"${name}: {type_}" for name, (type_, _) in drawing.variables.items())
    text = f"query {f'({declared}) ' if declared else ''}{selection} {' '.join(drawing.fragments.values())}"
    return RandomQuery(text, {name: value for name, (_, value) in drawing.variables.items()})
