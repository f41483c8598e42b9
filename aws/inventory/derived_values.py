"""Values that are computed from a described resource alone, cached until its next description."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind

MAX_VALUES: Final = 5_000
"""The most values that are kept; beyond them, all are dropped."""

_VALUE_BYTES: Final = 1_500

ResourceT = TypeVar("ResourceT", bound=AnyResource)
Value = TypeVar("Value")


class DerivedValues:
    """Values by function and resource; a new description of the resource replaces them."""

    def __init__(self) -> None:
        self._values: dict[tuple[Callable[..., Any], Kind, str], tuple[AnyResource, Any]] = {}

    @property
    def bytes(self) -> int:
        """An upper bound of the bytes that the values take."""
        return _VALUE_BYTES * len(self._values)

    def get(self, resource: ResourceT, derive: Callable[[ResourceT], Value]) -> Value:
        """Give the value that `derive`, a pure function, computes from a resource."""
        key = derive, resource.kind, resource.name
        kept = self._values.get(key)
        if kept is not None and kept[0] is resource:
            value: Value = kept[1]
            return value
        if len(self._values) >= MAX_VALUES:
            self._values.clear()
        value = derive(resource)
        self._values[key] = resource, value
        return value
