"""The fields of inputs: one that must be given, and one that may be left out."""

from typing import Any

import strawberry


def required(description: str, name: str | None = None) -> Any:
    """A field that must be given; `name` where it is spelled otherwise than Strawberry would."""
    return strawberry.field(description=description, name=name)


def optional(description: str, default: Any = None, *, name: str | None = None) -> Any:
    """A field that may be left out."""
    return strawberry.field(description=description, default=default, name=name)
