"""Agreement of two results: the data to the byte, and the errors by where they show and what they are."""

from collections.abc import Sequence
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError

from schema.errors import format_error


def comparable(result: ExecutionResult) -> tuple[bytes, set[tuple[Any, ...]]]:
    """The data in bytes, and each error once: its place and its code.

    Where a null has risen, the specification lets an executor tell of any of the failures below it, so all of them
    count as one there.
    """
    errors = {_shown(result.data, error) for error in result.errors or ()}
    return orjson.dumps(result.data), errors


def _shown(data: Any, error: GraphQLError) -> tuple[Any, ...]:
    path: Sequence[str | int] = error.path or ()
    at, value = list[str | int](), data
    for step in path:
        if value is None:
            return (*at, "null has risen")
        value = value[step]
        at.append(step)
    return (*at, format_error(error, "request")["extensions"]["code"])
