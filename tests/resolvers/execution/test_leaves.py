"""resolvers.execution.leaves: columns of values that need no coercion, and the others."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
from graphql import GraphQLFloat, GraphQLInt, GraphQLScalarType, GraphQLString

from resolvers.execution.leaves import Leaf, enum_leaf, leaf_for, moment_column


class Colour(Enum):
    """Has values unlike its names."""

    RED = "r"
    BLUE = "b"


class Other(Enum):
    """Another enum of an equal name."""

    RED = "r"


COLOURS = enum_leaf({Colour.RED: "RED", Colour.BLUE: "BLUE"})
MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)


def written(leaf: Leaf, values: list[Any]) -> Sequence[Any] | None:
    return leaf.written(values, set(map(type, values)))


@pytest.mark.parametrize(
    ("leaf", "values", "column"),
    [
        (leaf_for(GraphQLString, {}), ["a", None], ["a", None]),
        (leaf_for(GraphQLString, {}), ["a", 7], None),
        (leaf_for(GraphQLInt, {}), [1, None, 2**31 - 1, -(2**31)], [1, None, 2**31 - 1, -(2**31)]),
        (leaf_for(GraphQLInt, {}), [2**31], None),
        (leaf_for(GraphQLInt, {}), [True], None),
        (leaf_for(GraphQLFloat, {}), [1.5, None], [1.5, None]),
        (leaf_for(GraphQLFloat, {}), [float("nan")], None),
        (leaf_for(GraphQLFloat, {}), [1], None),
        (leaf_for(GraphQLScalarType("Odd"), {}), ["a"], None),
        (COLOURS, [Colour.BLUE, None, Colour.RED], ["BLUE", None, "RED"]),
        (COLOURS, [Other.RED], None),
        (COLOURS, ["RED"], None),
    ],
)
def test_a_column(leaf: Leaf, values: list[Any], column: list[Any] | None) -> None:
    """None where graphql-core is to coerce each value, and to say what is wrong with it."""
    assert written(leaf, values) == column


def test_a_schemas_own_leaf_comes_first() -> None:
    moments = Leaf(frozenset({datetime, type(None)}), moment_column)
    assert leaf_for(GraphQLScalarType("DateTime"), {"DateTime": moments}) is moments
    assert written(moments, [MOMENT, None]) == ["2026-01-31T12:00:00+00:00", None]
