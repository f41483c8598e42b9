"""The keys that the settings have: how a place is spelled, what stands at it, and what a wrong key was meant to be."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from gateway.blocks.block import Block
from gateway.blocks.values import Takes

# Letters, hyphens and one digit at most: every key of ours, every slip in one, and no access key's id.
LEGIBLE = re.compile("[A-Za-z_-]+[0-9]?[A-Za-z_-]*")
Place = tuple[str | int, ...]
"""Where something stands in the file: keys, and numbers in lists."""


def spelled(place: Place) -> str:
    """The place as a fault names it, such as `permissions[0].allow[1]`; never more than one line."""
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{_legible(step)}" for step in place)
    return said.removeprefix(".")


def _legible(key: str) -> str:
    """The key where it looks like one; otherwise its length, for it may be a secret after a slip of punctuation."""
    return key if LEGIBLE.fullmatch(key) and len(key) <= 32 else f"(a key of {len(key)} characters)"


def block_in(annotation: Any) -> type[Block] | None:
    """The block inside an annotation such as `Jira | None` or `tuple[Permissions, ...]`; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return annotation
    return next((found for inner in get_args(annotation) if (found := block_in(inner)) is not None), None)


def fields(block: type[Block]) -> dict[str, FieldInfo]:
    """The fields of a block under the keys that the file uses."""
    return {field.alias or name: field for name, field in block.model_fields.items()}


def field_at(block: type[Block], place: Place) -> FieldInfo | None:
    """The field that a place names, or None where there is none."""
    inside: type[Block] | None = block
    field = None
    for step in place:
        if isinstance(step, str):
            field = fields(inside).get(step) if inside is not None else None
            inside = block_in(field.annotation) if field is not None else None
    return field


def takes(block: type[Block], place: Place) -> str:
    """What the key at this place takes, in words."""
    field = field_at(block, place)
    if field is None or is_list(field):
        return "a list"
    return next((known.says for known in field.metadata if isinstance(known, Takes)), "a mapping of keys")


def is_list(field: FieldInfo) -> bool:
    """Whether a field is a list of blocks or values."""
    return any(get_origin(part) is tuple for part in (field.annotation, *get_args(field.annotation)))


def every_key(block: type[Block], above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Each key below a block with its field, such as `permissions[].allow`."""
    for key, field in fields(block).items():
        yield above + key, field
        inside = block_in(field.annotation)
        if inside is not None:
            mark = "[]" if is_list(field) else ""
            yield from every_key(inside, f"{above}{key}{mark}.")


def meant(block: type[Block], place: Place) -> str | None:
    """The key that an unknown one was most likely meant to be: a sibling, else a key of the same name elsewhere."""
    wrong = _plain(str(place[-1]))
    above = field_at(block, place[:-1])
    inside = block_in(above.annotation) if above is not None else block
    siblings = {_plain(key): key for key in (fields(inside) if inside is not None else {})}
    close = get_close_matches(wrong, siblings, n=1, cutoff=0.7)
    if close:
        return siblings[close[0]]
    return next((key for key, _ in every_key(block) if _plain(key.split(".")[-1]) == wrong), None)


def _plain(key: str) -> str:
    return key.replace("-", "").replace("_", "").lower()
