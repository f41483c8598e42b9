"""From what is written to a typed block; pydantic's complaints become faults that hold nothing of the file's values."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gateway.blocks.block import Block
from gateway.blocks.faults import Fault, RefusedValueError
from gateway.blocks.keys import Place, meant, spelled, takes
from gateway.blocks.written import UNKNOWN

B = TypeVar("B", bound=Block)


def read(block: type[B], written: Mapping[str, Any]) -> tuple[B | None, list[Fault]]:
    """The block, or None and every fault in it. Nothing is said about values whose variable is not set."""
    try:
        return block.model_validate(dict(written)), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    unknown = _unknown_places(written)
    told = (detail for detail in details if not _is_inside(detail["loc"], unknown))
    return None, [Fault(spelled(detail["loc"]), _message(block, detail)) for detail in told]


def _message(block: type[Block], detail: ErrorDetails) -> str:
    """What is wrong and the remedy, in our words: pydantic's may repeat the value."""
    reason = detail.get("ctx", {}).get("error")
    if isinstance(reason, RefusedValueError):
        return str(reason)
    if detail["type"] == "missing":
        return f"is missing; give it {takes(block, detail['loc'])}"
    if detail["type"] == "extra_forbidden":
        known = meant(block, detail["loc"])
        return "is not a key here; " + (f"did you mean {known}?" if known else "take it out")
    if detail["input"] is None:
        return "is empty; give it a value, or take the line out"
    shapes = {"tuple_type": "a list", "model_type": "a mapping of keys"}
    return f"is not {shapes.get(detail['type'], 'of the right kind')}; see docs/configuration.md for its form"


def _unknown_places(written: Any, place: Place = ()) -> set[Place]:
    if written is UNKNOWN:
        return {place}
    if isinstance(written, Mapping):
        return {found for key, value in written.items() for found in _unknown_places(value, (*place, key))}
    if isinstance(written, list):
        return {found for number, value in enumerate(written) for found in _unknown_places(value, (*place, number))}
    return set()


def _is_inside(place: Place, others: Collection[Place]) -> bool:
    return any(place[: len(other)] == other for other in others)
