"""The keys that the settings have: how a place is spelled, what stands at it, and what a wrong key was meant to be."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from gateway.blocks.block import SettingsModel
from gateway.blocks.values import ValueType

# Letters, hyphens and one digit at most: every key of ours, every slip in one, and no access key's id.
LEGIBLE_KEY = re.compile("[A-Za-z_-]+[0-9]?[A-Za-z_-]*")
YamlPath = tuple[str | int, ...]
"""Where something stands in the file: keys, and numbers in lists."""


def format_path(path: YamlPath) -> str:
    """The place as a fault names it, such as `permissions[0].allow[1]`; never more than one line."""
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{_redacted_key(step)}" for step in path)
    return said.removeprefix(".")


def _redacted_key(key: str) -> str:
    """The key where it looks like one; otherwise its length, for it may be a secret after a slip of punctuation."""
    return key if LEGIBLE_KEY.fullmatch(key) and len(key) <= 32 else f"(a key of {len(key)} characters)"


def model_in(annotation: Any) -> type[SettingsModel] | None:
    """The block inside an annotation such as `Jira | None` or `tuple[Permissions, ...]`; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, SettingsModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := model_in(inner)) is not None), None)


def fields_by_key(model: type[SettingsModel]) -> dict[str, FieldInfo]:
    """The fields of a block under the keys that the file uses."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def field_at(model: type[SettingsModel], path: YamlPath) -> FieldInfo | None:
    """The field that a place names, or None where there is none."""
    inside: type[SettingsModel] | None = model
    field = None
    for step in path:
        if isinstance(step, str):
            field = fields_by_key(inside).get(step) if inside is not None else None
            inside = model_in(field.annotation) if field is not None else None
    return field


def expected_value(model: type[SettingsModel], path: YamlPath) -> str:
    """What the key at this place takes, in words."""
    field = field_at(model, path)
    if field is None or is_list(field):
        return "a list"
    return next((known.description for known in field.metadata if isinstance(known, ValueType)), "a mapping of keys")


def is_list(field: FieldInfo) -> bool:
    """Whether a field is a list of blocks or values."""
    return any(get_origin(part) is tuple for part in (field.annotation, *get_args(field.annotation)))


def all_keys(model: type[SettingsModel], above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Each key below a block with its field, such as `permissions[].allow`."""
    for key, field in fields_by_key(model).items():
        yield above + key, field
        inside = model_in(field.annotation)
        if inside is not None:
            mark = "[]" if is_list(field) else ""
            yield from all_keys(inside, f"{above}{key}{mark}.")


def suggested_key(model: type[SettingsModel], path: YamlPath) -> str | None:
    """The key that an unknown one was most likely meant to be: a sibling, else a key of the same name elsewhere."""
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
