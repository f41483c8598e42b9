"""Registration of enums of the layers below, with a description for each value."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry


def register_enum(enum_class: type[Enum], name: str, description: str, values: Mapping[str, str]) -> None:
    """Register an enum of Python in the schema.

    Args:
        enum_class: The enum.
        name: Its name in the schema.
        description: Its description.
        values: The description of every member, by the member's name.

    Raises:
        KeyError: A member has no description.
    """
    registered: Any = strawberry.enum(enum_class, name=name, description=description)
    for value in registered.__strawberry_definition__.values:
        value.description = values[value.name]
