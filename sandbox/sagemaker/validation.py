"""Validate inputs and outputs against SageMaker's service model in botocore."""

import re
from functools import lru_cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape

from sandbox import service_errors

# An escape, a set in brackets, or a dot outside of both.
_PATTERN_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(?P<dot>\.)", re.DOTALL)
_NO_LINE_END = r"[^\n\r\u0085\u2028\u2029]"
_LATEST = 253_402_300_799
"""The last second of the year 9999."""
Violations = list[str]
"""The constraints that a request breaks, in SageMaker's words."""
SCALARS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
}


@lru_cache(maxsize=1)
def service_model() -> ServiceModel:
    """SageMaker's service model in botocore."""
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


@lru_cache(maxsize=256)
def is_operation(name: str) -> bool:
    """True if SageMaker has an operation of this name."""
    return name in service_model().operation_names


@lru_cache(maxsize=64)
def answer_fields(operation: str) -> frozenset[str]:
    """The fields of an operation's answer; none if it has no answer."""
    shape = service_model().operation_model(operation).output_shape
    return frozenset(shape.members) if isinstance(shape, StructureShape) else frozenset()


@lru_cache(maxsize=64)
def shape_fields(name: str) -> frozenset[str]:
    """The fields of the structure of this name in the service model."""
    shape = service_model().shape_for(name)
    return frozenset(shape.members) if isinstance(shape, StructureShape) else frozenset()


def pick_fields(fields: frozenset[str], request: dict[str, Any]) -> dict[str, Any]:
    """The members of a request that an answer of these fields repeats."""
    return {key: value for key, value in request.items() if key in fields and value is not None}


def validate(operation: str, request: dict[str, Any]) -> None:
    """Check the request of an operation against the service model.

    Raises:
        ServiceError: ValidationException that names every broken constraint.
    """
    shape = service_model().operation_model(operation).input_shape
    if shape is None:
        return
    broken: Violations = []
    _validate(shape, request, "", broken)
    if broken:
        plural = "s" if len(broken) > 1 else ""
        raise service_errors.invalid(f"{len(broken)} validation error{plural} detected: {'; '.join(broken)}")


def _validate(shape: Shape, value: Any, path: str, broken: Violations) -> None:
    if isinstance(shape, StructureShape):
        _check_structure(shape, value, path, broken)
    elif isinstance(shape, ListShape):
        _check_size(shape, value, len(value) if isinstance(value, list) else -1, path, broken)
        for i, item in enumerate(value if isinstance(value, list) else ()):
            _validate(shape.member, item, f"{path}.{i + 1}.member", broken)
    elif isinstance(shape, MapShape):
        _check_map(shape, value, path, broken)
    elif isinstance(shape, StringShape):
        _check_string(shape, value, path, broken)
    elif shape.type_name in _SCALAR_NOUNS:
        _check_scalar(shape, value, path, broken)


def _check_structure(shape: StructureShape, value: Any, path: str, broken: Violations) -> None:
    if not isinstance(value, dict):
        broken.append(f"Value at '{path}' failed to satisfy constraint: Member must be a structure")
        return
    for name in shape.required_members:
        if value.get(name) is None:
            broken.append(f"Value null at '{_below(path, name)}' failed to satisfy constraint: Member must not be null")
    for name, item in value.items():
        member = shape.members.get(name)
        if member is not None and item is not None:
            _validate(member, item, _below(path, name), broken)


def _check_size(shape: Shape, value: Any, size: int, path: str, broken: Violations) -> None:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        broken.append(_violation(value, path, f"Member must have length greater than or equal to {low}"))
    if high is not None and size > high:
        broken.append(_violation(value, path, f"Member must have length less than or equal to {high}"))


def _check_string(shape: StringShape, value: Any, path: str, broken: Violations) -> None:
    if not isinstance(value, str):
        broken.append(_violation(value, path, "Member must be a string"))
        return
    _check_size(shape, value, len(value), path, broken)
    if shape.enum and value not in shape.enum:
        broken.append(_violation(value, path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"))
    pattern = shape.metadata.get("pattern")
    if pattern and not _pattern(pattern).fullmatch(value):
        broken.append(_violation(value, path, f"Member must satisfy regular expression pattern: {pattern}"))


def _check_map(shape: MapShape, value: Any, path: str, broken: Violations) -> None:
    """Check the size of a map, and each key and value; AWS names the map in messages, and not the entry."""
    if not isinstance(value, dict):
        broken.append(_violation(value, path, "Member must be a map"))
        return
    _check_size(shape, value, len(value), path, broken)
    for noun, member, items in (("keys", shape.key, value.keys()), ("value", shape.value, value.values())):
        rules: Violations = []
        for item in items:
            _validate(member, item, "", rules)
        if rules:
            constraints = dict.fromkeys(rule.partition("failed to satisfy constraint: ")[2] or rule for rule in rules)
            broken.append(_violation(value, path, f"Map {noun} must satisfy constraint: [{', '.join(constraints)}]"))


_SCALAR_NOUNS = {
    "boolean": "a boolean",
    "integer": "an integer",
    "long": "an integer",
    "float": "a number",
    "double": "a number",
    "timestamp": "a timestamp in seconds",
}


def _check_scalar(shape: Shape, value: Any, path: str, broken: Violations) -> None:
    is_truth = isinstance(value, bool)
    fits = isinstance(value, SCALARS[shape.type_name]) and is_truth == (shape.type_name == "boolean")
    if not fits:
        broken.append(_violation(value, path, f"Member must be {_SCALAR_NOUNS[shape.type_name]}"))
    elif shape.type_name == "timestamp" and not 0 <= value <= _LATEST:
        broken.append(_violation(value, path, "Member must be a timestamp between the years 1970 and 9999"))
    elif not is_truth:
        _check_number(shape, value, path, broken)


def _check_number(shape: Shape, value: Any, path: str, broken: Violations) -> None:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        broken.append(_violation(value, path, f"Member must have value greater than or equal to {low}"))
    if high is not None and value > high:
        broken.append(_violation(value, path, f"Member must have value less than or equal to {high}"))


def _violation(value: Any, path: str, constraint: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {constraint}"


def _below(path: str, name: str) -> str:
    field = name[0].lower() + name[1:]
    return f"{path}.{field}" if path else field


@lru_cache(maxsize=512)
def _pattern(pattern: str) -> re.Pattern[str]:
    # The patterns are Java's: a dot matches no line end. Python lacks their Unicode classes, which match nearly
    # any character, and a repeated `$`. A pattern over halves of surrogate pairs, which no operation here has, becomes
    # one that matches anything.
    readable = re.sub(r"\\[pP]\{\w+\}", r"\\w\\W", re.sub(r"\$\{\d+,\d+\}", "$", pattern))
    readable = _PATTERN_TOKEN.sub(lambda token: _NO_LINE_END if token["dot"] else token[0], readable)
    try:
        return re.compile(readable, re.DOTALL)
    except re.error:
        return re.compile(".*", re.DOTALL)


def without_nulls(value: Any) -> Any:
    """A request (`value`) without the members that are null, which SageMaker takes for absent."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def model_mismatches(operation: str, answer: Any) -> list[str]:
    """The departures of an operation's answer from the service model: unknown or missing fields, wrong types."""
    shape = service_model().operation_model(operation).output_shape
    result: list[str] = []
    if shape is not None:
        _mismatch(shape, answer, operation, result)
    elif answer:
        result.append(f"{operation} answers nothing")
    return result


def _mismatch(shape: Shape, value: Any, path: str, mismatches: list[str]) -> None:
    if isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            mismatches.append(f"{path} is no structure")
            return
        mismatches.extend(f"{path}.{name} is missing" for name in shape.required_members if name not in value)
        for name, item in value.items():
            if name in shape.members:
                _mismatch(shape.members[name], item, f"{path}.{name}", mismatches)
            else:
                mismatches.append(f"{path}.{name} is not in the service model")
    elif isinstance(shape, ListShape):
        for item in value:
            _mismatch(shape.member, item, f"{path}[]", mismatches)
    elif isinstance(shape, MapShape):
        for item in value.values():
            _mismatch(shape.value, item, f"{path}{{}}", mismatches)
    else:
        _mismatch_scalar(shape, value, path, mismatches)


def _mismatch_scalar(shape: Shape, value: Any, path: str, mismatches: list[str]) -> None:
    expected = SCALARS.get(shape.type_name)
    if (
        expected is None
        or not isinstance(value, expected)
        or (isinstance(value, bool) and shape.type_name != "boolean")
    ):
        mismatches.append(f"{path} is {value!r}, not a {shape.type_name}")
    elif isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        mismatches.append(f"{path} is {value!r}, which {shape.name} does not have")
