"""The JSON schema of the settings file, by which editors complete keys, show their meaning, and mark faults."""

import re
from collections.abc import Mapping
from enum import Enum
from inspect import cleandoc
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from gateway.settings.model import SettingsModel, ValueType, WrittenAs, fields_by_key, is_list, model_in
from gateway.settings.settings import Settings

_VARIABLE: Final[Mapping[str, Any]] = {"type": "string", "pattern": r"\$\{\w+\}"}
# The loader reads every plain value as text; YAML itself may guess a number or a boolean.
_TEXT: Final[Mapping[str, Any]] = {"type": ["string", "number", "boolean"]}
_SWITCH: Final[Mapping[str, Any]] = {"enum": [True, False, "on", "off", "true", "false"]}
_NUMBER: Final[Mapping[str, Any]] = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?( ?[KMG]iB)?$"}


def settings_schema() -> Mapping[str, Any]:
    """Give the schema, in draft 7, which YAML's language server takes."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "SageGraph's settings",
        **_block(Settings),
    }


def _block(model: type[SettingsModel]) -> dict[str, Any]:
    meanings = _meanings(model)
    fields = fields_by_key(model)
    names = {field.alias or name: name for name, field in model.model_fields.items()}
    required = [key for key, field in fields.items() if field.is_required()]
    return {
        "type": "object",
        "description": _docstring(model).partition("\n")[0],
        "additionalProperties": False,
        **({"required": required} if required else {}),
        "properties": {key: _property(field, meanings.get(names[key])) for key, field in fields.items()},
    }


def _property(field: FieldInfo, meaning: str | None) -> dict[str, Any]:
    inside = model_in(field.annotation)
    block = _block(inside) if inside is not None else None
    item = block if block is not None else _value(field)
    words = [{"const": one.word} for one in field.metadata if isinstance(one, WrittenAs)]
    item = {"anyOf": [item, *words]} if words else item
    schema = {"type": "array", "items": item} if is_list(field) else item
    if not field.is_required() and field.default is None and "not_empty" not in repr(field.metadata):
        schema = {"anyOf": [schema, {"type": "null"}]}
    known = _value_type(field)
    expected = None if known is None else f"Expected: {known.description}."
    described = block["description"] if block is not None else " ".join(filter(None, [meaning, expected]))
    return schema | ({"description": described} if described else {}) | _default(field)


def _value(field: FieldInfo) -> dict[str, Any]:
    """The schema of a value: its type, or a variable of the environment."""
    known, inner = _value_type(field), _scalar(field.annotation)
    if known is not None and known.json_schema is not None:
        return dict(known.json_schema)
    if get_origin(inner) is Literal:
        kind: Mapping[str, Any] = {"enum": list(get_args(inner))}
    elif isinstance(inner, type) and issubclass(inner, Enum):
        kind = {"enum": [one.value for one in inner]}
    elif inner is bool:
        kind = _SWITCH
    elif inner is int or inner is float:
        return {"anyOf": [{"type": "integer" if inner is int else "number"}, _NUMBER, _VARIABLE]}
    else:
        return dict(_TEXT)
    return {"anyOf": [kind, _VARIABLE]}


def _scalar(annotation: Any) -> Any:
    """The type of one value inside `X | None`, `tuple[X, ...]` or `Annotated[X, …]`."""
    origin = get_origin(annotation)
    if origin is Annotated or origin is tuple:
        return _scalar(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        return _scalar(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def _value_type(field: FieldInfo) -> ValueType | None:
    """The type of a value, or of each value of a list; None for a block."""
    if model_in(field.annotation) is not None:
        return None
    return next((one for one in (*field.metadata, *_metadata(field.annotation)) if isinstance(one, ValueType)), None)


def _metadata(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Annotated:
        return get_args(annotation)[1:]
    return tuple(one for inner in get_args(annotation) for one in _metadata(inner))


def _default(field: FieldInfo) -> dict[str, Any]:
    """The default, if it is a plain one."""
    default = field.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, Enum):
        default = default.value
    plain = isinstance(default, str | int | float | bool) and not field.is_required()
    return {"default": default} if plain else {}


def _meanings(model: type[SettingsModel]) -> Mapping[str, str]:
    """The meaning of each field, from the docstring of the model or of its base."""
    base = next((one for one in model.__bases__ if one is not SettingsModel and issubclass(one, SettingsModel)), None)
    inherited = {} if base is None else _meanings(base)
    _, _, attributes = _docstring(model).partition("Attributes:\n")
    entries = re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", attributes, re.MULTILINE)
    return {**inherited, **{name: re.sub(r"\s+", " ", text) for name, text in entries}}


def _docstring(model: type[SettingsModel]) -> str:
    return cleandoc(model.__doc__ or "")
