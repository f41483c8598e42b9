"""Every field that shows an attribute has that attribute on each value that its type shows: mypy cannot see to it."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from strawberry.types.base import StrawberryObjectDefinition

from tests.contract.printed_schema import gateway_schema, own_types, printed


def outputs() -> Iterator[StrawberryObjectDefinition]:
    """The object types of the schema, as they are written."""
    for name in own_types(printed()):
        found = gateway_schema().get_type_by_name(name)
        if isinstance(found, StrawberryObjectDefinition) and not found.is_input and not found.is_interface:
            yield found


def shown_values(shape: StrawberryObjectDefinition) -> tuple[type, ...]:
    """The values that the type is marked with; an inherited mark does not count."""
    found: tuple[type, ...] = vars(shape.origin).get("shown_values", ())
    return found


def has(value: type, attribute: str) -> bool:
    """Whether every value of this class has the attribute."""
    names = {field.name for field in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else set[Any]()
    return attribute in names or hasattr(value, attribute)


def test_every_type_but_the_roots_shows_a_value() -> None:
    assert {shape.name for shape in outputs() if not shown_values(shape)} == {"Query", "Mutation"}


def test_what_a_field_shows_is_there() -> None:
    lacking = [
        f"{shape.name}.{field.python_name}: no such attribute of {value.__module__}.{value.__qualname__}"
        for shape in outputs()
        for value in shown_values(shape)
        for field in shape.fields
        if field.base_resolver is None and not has(value, field.python_name)
    ]
    assert lacking == []
