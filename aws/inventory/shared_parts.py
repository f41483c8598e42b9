"""Equal parts of several reads, kept once: otherwise they would be half of the memory of a known job."""

from collections.abc import Hashable
from dataclasses import fields, replace
from functools import cache
from typing import Any, Final, TypeVar

from aws.kinds.catalog import AnyResource

MAX_PARTS: Final = 4_096
"""The most parts of details that are kept to be shared; beyond them, all are dropped."""

_OWN: Final = frozenset({"as_of", "detail"})
_REPEATED: Final = frozenset({"inputs", "hyper_parameter_values", "environment_values"})
"""Attributes of details that consist of texts and often equal those of another job."""

ResourceT = TypeVar("ResourceT", bound=AnyResource)
Part = TypeVar("Part", bound=Hashable)


def sharing_parts(resource: ResourceT, known: AnyResource | None) -> ResourceT:
    """Give a resource with the values of an earlier read, as far as they are equal.

    Args:
        resource: The resource as it was just read.
        known: The earlier read of this resource, or of another one of its name; None if there is none.
    """
    if type(known) is not type(resource):
        return resource
    resource_type: Any = type(resource)
    pairs = ((name, getattr(resource, name), getattr(known, name)) for name in _shared_names(resource_type))
    equal = {name: theirs for name, mine, theirs in pairs if mine is not theirs and mine == theirs}
    return replace(resource, **equal) if equal else resource


@cache
def _shared_names(resource_type: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(resource_type) if field.name not in _OWN)


@cache
def _repeated_names(detail_type: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(detail_type) if field.name in _REPEATED)


class DetailParts:
    """Shared parts of the details of one kind in one scope; they are not shared beyond it, because some are secret."""

    def __init__(self) -> None:
        self._parts: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        """The number of parts kept."""
        return len(self._parts)

    def sharing(self, resource: ResourceT) -> ResourceT:
        """Give a described resource with equal parts of other resources."""
        detail: Any = resource.detail
        detail_type: Any = type(detail)
        if detail is None or not (names := _repeated_names(detail_type)):
            return resource
        parts = {name: self._shared(tuple(map(self._shared, getattr(detail, name)))) for name in names}
        return replace(resource, detail=replace(detail, **parts))

    def _shared(self, part: Part) -> Part:
        if len(self._parts) >= MAX_PARTS:
            self._parts.clear()
        known: Part = self._parts.setdefault(part, part)
        return known
