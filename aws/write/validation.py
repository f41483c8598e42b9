"""Validation of requests against SageMaker's service model before they are sent."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from aws.write.java_regex import translate

# The most values in a message.
_MAX_LISTED_VALUES = 12
_NUMBERS = frozenset({"integer", "long", "float", "double"})
# Plain words for some of SageMaker's patterns.
_PATTERN_TEXTS = {
    ".*": "must be on one line",
    "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}": "must have letters, digits and hyphens, and no hyphen at either end",
    "[a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?": "must have letters, digits and hyphens, and no hyphen at either end",
    "([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)": "must have letters, digits, spaces and _.:/=+-@",
    "(https|s3)://([^/]+)/?(.*)": "must begin with s3:// and the name of a bucket",
    "(https|s3)://([^/])/?(.*)": "must begin with s3:// and the name of a bucket",
}
_INSTANCE_TYPE = translate(r"ml(\.[a-z0-9-]+){2}")


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a request breaks.

    Attributes:
        path: The path of the member: list items by index, map values by their key, and map keys by `key` below it.
        rule: The fault, as the end of a sentence that begins with the member. It never repeats the value.
        missing: True if a required member is missing.
    """

    path: tuple[str, ...]
    rule: str
    missing: bool = False


def violations(shape: Shape, value: Any, path: tuple[str, ...] = ()) -> Iterator[Violation]:
    """Iterate over the rules of the shape that `value`, at `path` in the request, breaks, in the shape's order."""
    if isinstance(shape, StructureShape):
        yield from _structure(shape, value, path)
    elif isinstance(shape, ListShape):
        yield from _size(shape, len(value), path, "items")
        for index, item in enumerate(value):
            yield from violations(shape.member, item, (*path, str(index)))
    elif isinstance(shape, MapShape):
        yield from _size(shape, len(value), path, "entries")
        for key, item in value.items():
            yield from violations(shape.key, key, (*path, key, "key"))
            yield from violations(shape.value, item, (*path, key))
    elif isinstance(shape, StringShape):
        yield from _string(shape, value, path)
    elif shape.type_name in _NUMBERS:
        yield from _number(shape, value, path)


def strip_unknown_members(shape: Shape, value: Any) -> Any:
    """Reduce `value`, an answer, to a request: the members of the shape, without empty ones."""
    if isinstance(shape, StructureShape):
        members = {
            name: strip_unknown_members(shape.members[name], item)
            for name, item in value.items()
            if name in shape.members
        }
        return {name: item for name, item in members.items() if item not in (None, "", [], {})}
    if isinstance(shape, ListShape):
        return [strip_unknown_members(shape.member, item) for item in value]
    return dict(value) if isinstance(shape, MapShape) else value


def _structure(shape: StructureShape, value: Any, path: tuple[str, ...]) -> Iterator[Violation]:
    for name, member in shape.members.items():
        if name in value:
            yield from violations(member, value[name], (*path, name))
        elif name in shape.required_members:
            yield Violation((*path, name), "is required", missing=True)


def _string(shape: StringShape, value: str, path: tuple[str, ...]) -> Iterator[Violation]:
    sizes = list(_size(shape, len(value), path, "characters"))
    yield from sizes
    if shape.name.endswith("InstanceType"):
        # SageMaker adds instance types before botocore knows them.
        if not _INSTANCE_TYPE.fullmatch(value):
            yield Violation(path, "must be an instance type, such as ml.m5.large")
    elif shape.enum:
        if value not in shape.enum:
            yield Violation(path, _one_of(shape.enum))
    elif not sizes and (pattern := shape.metadata.get("pattern")) and not translate(pattern).fullmatch(value):
        yield Violation(path, _PATTERN_TEXTS.get(pattern, f"must match {pattern}"))


def _one_of(values: list[str]) -> str:
    if len(values) > _MAX_LISTED_VALUES:
        return f"must be one of the {len(values)} values that SageMaker takes, such as {values[0]}"
    return f"must be one of {', '.join(values)}"


def _size(shape: Shape, size: int, path: tuple[str, ...], unit: str) -> Iterator[Violation]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield Violation(path, f"has {size} {unit}, and needs {low} at least")
    if high is not None and size > high:
        yield Violation(path, f"has {size} {unit}, and may have {high} at most")


def _number(shape: Shape, value: float, path: tuple[str, ...]) -> Iterator[Violation]:
    if not math.isfinite(value):
        yield Violation(path, "is no number that JSON can spell")
        return
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield Violation(path, f"is less than {low}")
    if high is not None and value > high:
        yield Violation(path, f"is more than {high}")
