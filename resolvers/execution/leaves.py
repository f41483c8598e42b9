"""Leaf values: columns of scalars and enums, written as the response shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from math import isfinite
from typing import Any, Final

from graphql import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT, GraphQLLeafType

Column = list[Any]


@dataclass(frozen=True, slots=True)
class Inline:
    """The way in which a value that is not null is written as a part of a line of Python; see row_code.

    Attributes:
        test: An expression of a value `{v}`, true if graphql-core has to coerce it; empty if it never has.
        write: The expression that is written of any other value; empty for the value itself.
        constants: The objects that both expressions refer to, by name.
        names: The text that is written of each value, by the value's id; then the expressions are not used.
    """

    test: str = ""
    write: str = ""
    constants: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[int, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """The way in which a leaf type's values are written.

    Attributes:
        classes: The classes whose values `write` takes, None's among them; graphql-core's own function coerces others.
        write: Gives the written column, or None if one of the values takes coercion; None if values stay as they are.
        inline: How a single value is written by code; None if that is not known.
    """

    classes: frozenset[type]
    write: Callable[[Sequence[Any]], Column | None] | None = None
    inline: Inline | None = None

    def written(self, values: Sequence[Any], classes: set[type]) -> Sequence[Any] | None:
        """The column as written; None if graphql-core is to coerce each value.

        Args:
            values: The values.
            classes: The classes of the values.
        """
        if not classes <= self.classes:
            return None
        return values if self.write is None else self.write(values)


_NONE: Final = type(None)
UNKNOWN_LEAF: Final = Leaf(frozenset())


def _int_column(values: Sequence[Any]) -> Column | None:
    fits = all(value is None or GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT for value in values)
    return list(values) if fits else None


def _float_column(values: Sequence[Any]) -> Column | None:
    return list(values) if all(value is None or isfinite(value) for value in values) else None


def moment_column(values: Sequence[datetime | None]) -> Column:
    """The values, which are moments, in ISO 8601."""
    return [None if value is None else value.isoformat() for value in values]


def enum_leaf(members: Mapping[Enum, str]) -> Leaf:
    """The leaf of an enum, from the name in the schema of each of its members."""
    names: dict[int, str | None] = {id(member): name for member, name in members.items()}
    names[id(None)] = None
    classes = frozenset({*map(type, members), _NONE})

    def write(values: Sequence[Any]) -> Column | None:
        # A member is there once in a process, and its id is quicker to look up than its hash, which Python computes.
        return [names[id(value)] for value in values]

    return Leaf(classes, write, Inline(names=names))


_TEXT: Final = Inline("type({v}) is not str")
_INT: Final = Inline(f"type({{v}}) is not int or not {GRAPHQL_MIN_INT} <= {{v}} <= {GRAPHQL_MAX_INT}")
MOMENT: Final = Leaf(
    frozenset({datetime, _NONE}),
    moment_column,
    Inline("type({v}) is not datetime", "{v}.isoformat()", {"datetime": datetime}),
)
"""The leaf of moments."""

STANDARD_LEAVES: Final[Mapping[str, Leaf]] = {
    "String": Leaf(frozenset({str, _NONE}), inline=_TEXT),
    "ID": Leaf(frozenset({str, _NONE}), inline=_TEXT),
    "Boolean": Leaf(frozenset({bool, _NONE}), inline=Inline("type({v}) is not bool")),
    "Int": Leaf(frozenset({int, _NONE}), _int_column, _INT),
    "Float": Leaf(frozenset({float, _NONE}), _float_column),
}


def leaf_for(type_: GraphQLLeafType, leaves: Mapping[str, Leaf]) -> Leaf:
    """The leaf of a type: the schema's own, GraphQL's, or one whose every value is coerced."""
    return leaves.get(type_.name) or STANDARD_LEAVES.get(type_.name) or UNKNOWN_LEAF
