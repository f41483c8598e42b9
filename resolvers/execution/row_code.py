"""Row code: a function made for one selection writes each object of a level in one step, straight from its value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from resolvers.execution.leaves import Inline

LEAST_ROWS: Final = 1_000
"""Objects of a selection that are written without code before it is worth its making, some 200 µs."""

MAX_CODES: Final = 512

Row = dict[str, Any]
RowWriter = Callable[..., list[Row]]
"""Called with the values and the columns. Raises any Exception if a value is not as the code takes it."""


class MisfitError(Exception):
    """A value is null, has failed, or has another class than the code takes: the level is written without code."""


@dataclass(frozen=True, slots=True)
class DirectField:
    """A field whose leaf is read off each value.

    Attributes:
        path: The attributes that lead to it.
        inline: How it is written.
        nullable: True if it may be null.
    """

    path: str
    inline: Inline
    nullable: bool


def row_writer(template: Row, direct: Mapping[str, DirectField], columns: Sequence[str]) -> RowWriter:
    """Make the function that writes objects with the keys of a template.

    Args:
        template: An object with the values of the keys that are neither read nor given.
        direct: The fields that are read off the values, by key.
        columns: The keys whose columns are given to the function, behind the values and in this order.

    Raises:
        ValueError: A key of the template is not a name.
    """
    names = [*template, *(part for field in direct.values() for part in field.path.split("."))]
    if not all(name.isidentifier() and name.isascii() for name in names):
        raise ValueError(f"Not every one of {', '.join(names)} is a name.")
    parts = [(key, _KeyCode(number, direct.get(key))) for number, key in enumerate(template)]
    scope: dict[str, Any] = {"MisfitError": MisfitError}
    for key, part in parts:
        scope |= part.constants() if part.field else {f"v{part.number}": template[key]}
    source = "\n".join(_lines(dict(parts), columns))
    exec(_compiled(source), scope)  # noqa: S102 - made of names that were looked at above, and of nothing else.
    written: RowWriter = scope["write"]
    return written


@lru_cache(maxsize=MAX_CODES)
def _compiled(source: str) -> CodeType:
    return compile(source, "<row code>", "exec")


@dataclass(frozen=True, slots=True)
class _KeyCode:
    """A key's place in the template, and its field if that is read off the values."""

    number: int
    field: DirectField | None

    def constants(self) -> Mapping[str, Any]:
        """The names that its lines refer to."""
        assert self.field is not None  # noqa: S101 - asked of such a part alone.
        inline = self.field.inline
        if inline.names is None:
            return inline.constants
        allowed = inline.names.items()
        null = id(None)
        return {f"names{self.number}": {key: name for key, name in allowed if self.field.nullable or key != null}}

    def lines(self) -> Iterator[str]:
        """Read the leaf of the value `o`."""
        assert self.field is not None  # noqa: S101 - as above.
        v, inline = f"v{self.number}", self.field.inline
        if inline.names is not None:
            # Neighbours often have the same value, of which nothing is looked up twice.
            yield f"m = o.{self.field.path}"
            yield f"if m is not l{self.number}:"
            yield f"    {v} = names{self.number}[id(m)]"
            yield f"    l{self.number} = m"
            return
        yield f"{v} = o.{self.field.path}"
        indent = ""
        if self.field.nullable:
            yield f"if {v} is not None:"
            indent = "    "
        yield f"{indent}if {inline.test.format(v=v)}: raise MisfitError"
        if inline.write:
            yield f"{indent}{v} = {inline.write.format(v=v)}"


def _lines(parts: Mapping[str, _KeyCode], columns: Sequence[str]) -> Iterator[str]:
    arguments = [f"v{parts[key].number}" for key in columns]
    parameters = [f"c{name}" for name in arguments]
    yield f"def write({', '.join(('values', *parameters))}):"
    for part in parts.values():
        if part.field is not None and part.field.inline.names is not None:
            yield f"    l{part.number} = MisfitError"
    yield "    rows = []"
    if arguments:
        yield f"    for o, {', '.join(arguments)} in zip(values, {', '.join(parameters)}, strict=True):"
    else:
        yield "    for o in values:"
    for part in parts.values():
        if part.field is not None:
            yield from (f"        {line}" for line in part.lines())
    entries = (f"{key!r}: v{part.number}" for key, part in parts.items())
    yield f"        rows.append({{{', '.join(entries)}}})"
    yield "    return rows"
