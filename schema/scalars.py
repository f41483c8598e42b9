"""The scalars that GraphQL itself does not have: whole numbers beyond 32 bits, moments, and JSON."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError, IntValueNode, ValueNode
from strawberry.scalars import JSON
from strawberry.schema.types.base_scalars import DateTimeDefinition
from strawberry.types.scalar import ScalarDefinition

__all__ = ["JSON", "SCALARS", "BigInt"]

BigInt = NewType("BigInt", int)
# Every whole number up to here is exact in a JavaScript client, whose only numbers are 64-bit floats.
LARGEST: Final = 2**53 - 1
_REFUSAL = f"BigInt takes a whole number from -{LARGEST} to {LARGEST}, written as a number."


def _whole(value: object) -> int:
    """The number, if it is one that BigInt may hold. JSON knows no integers, so 5.0 is as whole as 5."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise GraphQLError(_REFUSAL)
    return value


def _written(node: ValueNode, _variables: Mapping[str, object] | None = None) -> int:
    """The number that stands in a document. Its length comes first, because Python refuses to read very long ones."""
    if not isinstance(node, IntValueNode) or len(node.value) > len(f"-{LARGEST}"):
        raise GraphQLError(_REFUSAL, node)
    return _whole(int(node.value))


_parse_moment: Final[Any] = DateTimeDefinition.parse_value
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _moment(value: object) -> datetime:
    """The moment. One that an offset takes out of the years 1 to 9999 is the first or the last moment that there is.

    Every part of the gateway compares moments in UTC, and nothing lies beyond those two.
    """
    try:
        moment: datetime = _parse_moment(value)
    except OverflowError as error:
        # Strawberry looks for a ValueError only, and the last day's hour 24 is none.
        raise GraphQLError("Value cannot represent a DateTime.") from error
    if moment.tzinfo is None:
        return moment
    try:
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return _FIRST if moment.year == 1 else _LAST
    return moment


# The scalars that Strawberry takes these types of Python for.
SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number as a JSON number, at most 2^53 - 1, so that every client reads it exactly",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259#section-6",
        serialize=_whole,
        parse_value=_whole,
        parse_literal=_written,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in the form of RFC 3339, with an offset, such as 2026-01-31T12:00:00+00:00",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=lambda moment: moment.isoformat(),
        parse_value=_moment,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value: an object, a list, a string, a number, a boolean or null",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
