"""Responses checked against SageMaker's service model."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator


@lru_cache(maxsize=1)
def service_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def output_shape(operation: str) -> StructureShape:
    shape = service_model().operation_model(operation).output_shape
    assert isinstance(shape, StructureShape)
    return shape


def input_members(operation: str) -> Mapping[str, Shape]:
    shape = service_model().operation_model(operation).input_shape
    assert isinstance(shape, StructureShape)
    members: Mapping[str, Shape] = shape.members
    return members


def row_shape(list_operation: str, list_key: str) -> StructureShape:
    rows = output_shape(list_operation).members[list_key]
    assert isinstance(rows, ListShape)
    assert isinstance(rows.member, StructureShape)
    return rows.member


class ShapedAnswer(Mapping[str, Any]):
    """An answer that knows its shape.

    Whoever asks for a member that the shape has not fails, and so does whoever takes for granted (by subscript) a
    member that SageMaker need not send.

    Args:
        shape: The answer's shape, or that of a part of it.
        members: What it holds.
        besides: Members that may be asked for in vain, because a like shape has them.
    """

    def __init__(self, shape: StructureShape, members: Mapping[str, Any], besides: Collection[str] = ()) -> None:
        self._shape = shape
        self._besides = besides
        self._members = {key: _shaped(shape.members[key], value, besides) for key, value in members.items()}

    def __getitem__(self, key: str) -> Any:
        self._ask(key)
        if key not in self._shape.required_members:
            pytest.fail(f"{self._shape.name}.{key} may be missing, and is taken by subscript.")
        return self._members[key]

    def get(self, key: str, default: Any = None) -> Any:
        self._ask(key)
        return self._members.get(key, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def _ask(self, key: str) -> None:
        if key not in self._shape.members and key not in self._besides:
            pytest.fail(f"{self._shape.name} has no member {key}.")


def answer(operation: str, *, besides: Collection[str] = (), **members: Any) -> ShapedAnswer:
    """An operation's answer. Fails for a member that is misspelt, of a wrong type, or required and left out."""
    return _checked(output_shape(operation), members, besides)


def row(list_operation: str, list_key: str, **members: Any) -> ShapedAnswer:
    """A row of a listing, under the same rules."""
    return _checked(row_shape(list_operation, list_key), members)


def _checked(shape: StructureShape, members: Mapping[str, Any], besides: Collection[str] = ()) -> ShapedAnswer:
    report = ParamValidator().validate(members, shape)
    if report.has_errors():
        pytest.fail(f"This is no {shape.name}: {report.generate_report()}")
    return ShapedAnswer(shape, members, besides)


def _shaped(shape: Shape, value: Any, besides: Collection[str]) -> Any:
    if isinstance(shape, StructureShape):
        return ShapedAnswer(shape, value, besides)
    if isinstance(shape, ListShape):
        return [_shaped(shape.member, item, besides) for item in value]
    return value
