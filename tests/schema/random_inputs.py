"""Random values of input types, with faults if wanted."""

from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

_FLAWS: tuple[Any, ...] = (None, "text", 7, 2**40, 1.5, True, [], {}, ["x"], {"unknown": 1})
_SCALARS = {"Int": 5, "Float": 0.5, "Boolean": True, "DateTime": "2026-11-30T07:00:00Z"}


def random_value(type_: Any, choice: Random, flaw: float = 0.0, depth: int = 0) -> Any:
    """A value of an input type, as a client sends it.

    Args:
        type_: The type.
        choice: What chooses.
        flaw: The share of places at which any other value stands.
        depth: The number of lists and objects around it.
    """
    if choice.random() < flaw:
        return choice.choice(_FLAWS)
    if is_non_null_type(type_):
        return _value(type_.of_type, choice, flaw, depth)
    return None if choice.random() < 0.1 else _value(type_, choice, flaw, depth)


def _value(type_: Any, choice: Random, flaw: float, depth: int) -> Any:
    if is_list_type(type_):
        if choice.random() < 0.1 and not is_list_type(type_.of_type):
            # A single value is a list of one.
            return random_value(type_.of_type, choice, flaw, depth + 1)
        return [random_value(type_.of_type, choice, flaw, depth + 1) for _ in range(choice.randrange(3))]
    if isinstance(type_, GraphQLInputObjectType):
        return _object(type_, choice, flaw, depth)
    if isinstance(type_, GraphQLEnumType):
        return choice.choice(list(type_.values))
    return _SCALARS.get(type_.name, f"{type_.name}-{choice.randrange(9)}")


def _object(type_: GraphQLInputObjectType, choice: Random, flaw: float, depth: int) -> dict[str, Any]:
    fields = list(type_.fields.items())
    # Strawberry checks it as it makes the value.
    if type_.is_one_of or getattr(type_.out_type, "__name__", "") == "check_one_of":
        fields = [choice.choice(fields)]
        return {name: _value(field.type, choice, flaw, depth + 1) for name, field in fields}
    kept = [(name, field) for name, field in fields if is_required_input_field(field) or choice.random() < 0.5]
    return {name: random_value(field.type, choice, flaw, depth + 1) for name, field in kept}
