"""Members of SageMaker's structures beside the fields that show them: written by path, read by path."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sandbox.sagemaker.validation import service_model


@dataclass(frozen=True)
class Member:
    """One member of a structure; `field` is None if the API has no field for it, on purpose."""

    path: str
    """In SageMaker's words; `[]` after the name of a list."""
    written: Any
    field: str | None = None
    """In the API's words; a number is a place in a list."""
    shown: Any = ...
    """The field's value, if it differs from what is written."""

    @property
    def value(self) -> Any:
        """The value that the field must show."""
        return self.written if self.shown is ... else self.shown


def leaves(name: str) -> set[str]:
    """The paths of all members of a structure of the service model that have values of their own."""
    return set(_leaves(service_model().shape_for(name), ""))


def _leaves(shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from _leaves(member, f"{path}.{name}" if path else name)
    elif isinstance(shape, ListShape):
        yield from _leaves(shape.member, f"{path}[]")
    else:
        yield path


def structure(members: Iterable[Member]) -> dict[str, Any]:
    """A structure in which every one of these members is set."""
    result: dict[str, Any] = {}
    for member in members:
        *parents, last = member.path.split(".")
        place: Any = result
        for parent in parents:
            place = _entered(place, parent)
        if last.endswith("[]"):
            place[last.removesuffix("[]")] = [member.written]
        else:
            place[last] = member.written
    return result


def _entered(place: dict[str, Any], name: str) -> dict[str, Any]:
    is_list = name.endswith("[]")
    part = place.setdefault(name.removesuffix("[]"), [{}] if is_list else {})
    entered: dict[str, Any] = part[0] if is_list else part
    return entered


def selection(members: Iterable[Member]) -> str:
    """A selection of all fields that these members have."""
    tree: dict[str, Any] = {}
    for member in members:
        place = tree
        for name in _names(member):
            place = place.setdefault(name, {})
    return _written(tree)


def _names(member: Member) -> Sequence[str]:
    return [part for part in (member.field or "").split(".") if part and not part.isdigit()]


def _written(tree: dict[str, Any]) -> str:
    return " ".join(f"{name} {{ {_written(below)} }}" if below else name for name, below in tree.items())


def shown(node: Any, field: str) -> Any:
    """The value of a field in an answer."""
    for part in field.split("."):
        node = node[int(part)] if re.fullmatch(r"\d+", part) else node[part]
    return node


def sample(shape: Shape) -> Any:
    """A value of a shape in which every member is set, each list with one element."""
    if isinstance(shape, StructureShape):
        return {name: sample(member) for name, member in shape.members.items()}
    if isinstance(shape, ListShape):
        return [sample(shape.member)]
    if isinstance(shape, MapShape):
        return {"key": sample(shape.value)}
    numbers = {"integer": 7, "long": 7, "float": 0.5, "double": 0.5, "boolean": True}
    return numbers.get(shape.type_name, next(iter(shape.metadata.get("enum", ())), shape.name))
