"""From what is written to a typed block; pydantic's complaints become faults that hold nothing of the file's values."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gateway.blocks.block import SettingsModel
from gateway.blocks.faults import InvalidValueError, SettingsFault
from gateway.blocks.keys import YamlPath, expected_value, format_path, suggested_key
from gateway.blocks.written import UNKNOWN

ModelT = TypeVar("ModelT", bound=SettingsModel)


def validate(model: type[ModelT], raw: Mapping[str, Any]) -> tuple[ModelT | None, list[SettingsFault]]:
    """The block, or None and every fault in it. Nothing is said about values whose variable is not set."""
    try:
        return model.model_validate(dict(raw)), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    unknown = _unknown_paths(raw)
    told = (detail for detail in details if not _is_inside(detail["loc"], unknown))
    return None, [SettingsFault(format_path(detail["loc"]), _message(model, detail)) for detail in told]


def _message(block: type[SettingsModel], detail: ErrorDetails) -> str:
    """What is wrong and the remedy, in our words: pydantic's may repeat the value."""
    reason = detail.get("ctx", {}).get("error")
    if isinstance(reason, InvalidValueError):
        return str(reason)
    if detail["type"] == "missing":
        return f"is missing; give it {expected_value(block, detail['loc'])}"
    if detail["type"] == "extra_forbidden":
        known = suggested_key(block, detail["loc"])
        return "is not a key here; " + (f"did you mean {known}?" if known else "take it out")
    if detail["input"] is None:
        return "is empty; give it a value, or take the line out"
    shapes = {"tuple_type": "a list", "model_type": "a mapping of keys"}
    return f"is not {shapes.get(detail['type'], 'of the right kind')}; see docs/configuration.md for its form"


def _unknown_paths(raw: Any, place: YamlPath = ()) -> set[YamlPath]:
    if raw is UNKNOWN:
        return {place}
    if isinstance(raw, Mapping):
        return {found for key, value in raw.items() for found in _unknown_paths(value, (*place, key))}
    if isinstance(raw, list):
        return {found for number, value in enumerate(raw) for found in _unknown_paths(value, (*place, number))}
    return set()


def _is_inside(place: YamlPath, others: Collection[YamlPath]) -> bool:
    return any(place[: len(other)] == other for other in others)
