"""The base model of all settings, and lookups by YAML path: the field, the value it expects, the nearest known key."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from gateway.settings.errors import InvalidValueError, YamlPath


class SettingsModel(BaseModel):
    """A mapping in the settings file; its fields are the keys, spelled in camelCase there."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        # pydantic's own error text would print the values of the file, secrets included.
        hide_input_in_errors=True,
    )


def model_in(annotation: Any) -> type[SettingsModel] | None:
    """The block inside an annotation such as `Jira | None` or `tuple[Permissions, ...]`; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, SettingsModel):
        return annotation
    return next((result for inner in get_args(annotation) if (result := model_in(inner)) is not None), None)


def fields_by_key(model: type[SettingsModel]) -> dict[str, FieldInfo]:
    """The fields of a block, a model, under the keys that the file uses."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def field_at(model: type[SettingsModel], path: YamlPath) -> FieldInfo | None:
    """The field at a path, or None if there is none."""
    inside: type[SettingsModel] | None = model
    field = None
    for step in path:
        if isinstance(step, str):
            field = fields_by_key(inside).get(step) if inside is not None else None
            inside = model_in(field.annotation) if field is not None else None
    return field


def missing_remedy(model: type[SettingsModel], path: YamlPath) -> str:
    """Give the remedy for a missing key, by its path below a model."""
    field = field_at(model, path)
    if field is None or is_list(field):
        return "expected a list"
    return next(
        (known.remedy for known in field.metadata if isinstance(known, ValueType)), "expected a mapping of keys"
    )


def is_list(field: FieldInfo) -> bool:
    """Tell whether a field is a list of blocks or values."""
    return any(get_origin(part) is tuple for part in (field.annotation, *get_args(field.annotation)))


def all_keys(model: type[SettingsModel], above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield each key below a model with its field, such as `permissions[].allow`.

    Args:
        model: The block.
        above: The prefix of the keys, with its dot.
    """
    for key, field in fields_by_key(model).items():
        yield above + key, field
        inside = model_in(field.annotation)
        if inside is not None:
            mark = "[]" if is_list(field) else ""
            yield from all_keys(inside, f"{above}{key}{mark}.")


def suggested_key(model: type[SettingsModel], path: YamlPath) -> str | None:
    """The key that an unknown one was most likely meant to be: a sibling, else a key of the same name elsewhere.

    Args:
        model: The settings.
        path: The path of the unknown key.
    """
    wrong = _letters_only(str(path[-1]))
    above = field_at(model, path[:-1])
    inside = model_in(above.annotation) if above is not None else model
    siblings = {_letters_only(key): key for key in (fields_by_key(inside) if inside is not None else {})}
    close = get_close_matches(wrong, siblings, n=1, cutoff=0.7)
    if close:
        return siblings[close[0]]
    return next((key for key, _ in all_keys(model) if _letters_only(key.split(".")[-1]) == wrong), None)


def _letters_only(key: str) -> str:
    return key.replace("-", "").replace("_", "").lower()


@dataclass(frozen=True, slots=True)
class WrittenAs:
    """Marks a block that may also be written as one word.

    Attributes:
        word: The word.
    """

    word: str


@dataclass(frozen=True, slots=True)
class ValueType:
    """The type of a key's value.

    Attributes:
        description: Completes «expected …».
        parse: Makes the value, or raises ValueError.
        line: The line to write if the key is left blank, for keys whose placeholder is often left in; None for others.
        json_schema: The JSON schema of the value, if its Python type does not tell.
    """

    description: str
    parse: Callable[[Any], object]
    line: str | None = None
    json_schema: Mapping[str, Any] | None = None

    @property
    def remedy(self) -> str:
        """Remedy for a key without a value: the line to write, if there is one, else the description."""
        return f"write {self.line}" if self.line is not None else f"expected {self.description}"

    def validate(self, raw: object) -> object:
        """Parse a raw value as it was written.

        Raises:
            InvalidValueError: It is not valid; the text repeats nothing of it.
        """
        if raw is None or raw == "":
            raise InvalidValueError(f"is empty; {self.remedy}")
        try:
            return self.parse(raw)
        except InvalidValueError:
            raise
        except ValueError:
            pass  # The library's text may repeat the value, so it goes no further, not even as a cause.
        raise InvalidValueError(f"is not valid; expected {self.description}")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic ask `check` instead of its own reading of the type."""
        return core_schema.no_info_plain_validator_function(self.validate)
