"""Levels: the objects of one type that one selection shows, and their pending work."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import compress
from operator import attrgetter
from typing import Any, Final

from resolvers.columns import is_columns
from resolvers.execution.plan import FieldPlan, ObjectPlan
from resolvers.execution.rows import rows
from resolvers.views.resource_view import Viewed, ViewedList

LISTS: Final = frozenset({list, tuple})
"""The classes of lists that are taken as they are."""

OF_VIEWS: Final = frozenset(name for name in vars(Viewed) if not name.startswith("_"))
"""Attributes that belong to the view and not to the value."""

BEGUN_AT_ONCE: Final = 4
"""Works that are begun in one turn of the loop: each does at once all that needs no waiting."""

Work = Callable[[], Awaitable[None]]
"""Work of a level that has to be awaited."""


class Level:
    """The objects of one type that one selection shows: the values, and the response's object of each.

    Attributes:
        plan: The selection.
        parents: The values.
        values: The values without the views that they are shown through.
        made: The response's object of each, once they are made.
        columns: The values of the keys that are there, until the objects are made.
    """

    __slots__ = ("_is_made", "columns", "made", "parents", "plan", "values")

    def __init__(self, plan: ObjectPlan, parents: Sequence[Any], values: Sequence[Any]) -> None:
        self.plan = plan
        self.parents = parents
        self.values = values
        self.made: list[dict[str, Any]] = []
        self.columns: dict[str, Sequence[Any]] = {}
        self._is_made = False

    def write(self, key: str, column: Sequence[Any]) -> None:
        """Put the values of a key into the objects, or keep them until these are made."""
        if not self._is_made:
            self.columns[key] = column
            return
        for made, value in zip(self.made, column, strict=True):
            made[key] = value

    def make(self) -> None:
        """Make the objects, with the values that are there; the others are put into them when they come."""
        if not self._is_made:
            self.take(rows(self.plan.template, self.columns, len(self.parents)))

    def take(self, made: list[dict[str, Any]]) -> None:
        """Take the finished objects, `made`, one for each value, as those of the level."""
        self.made, self.columns, self._is_made = made, {}, True

    def attribute(self, name: str) -> Sequence[Any]:
        """The attribute of this name of each value; an exception stands for one that failed.

        Attributes that belong to the view and not to the value (an id, a group) are read there.
        """
        owners = self.parents if name in OF_VIEWS else self.values
        try:
            return owners.column(name) if is_columns(owners) else list(map(attrgetter(name), owners))
        except Exception:  # noqa: BLE001 - one has failed: each is read by itself.
            return [_attribute_or_error(owner, name) for owner in owners]


class LevelCall:
    """A field that one call answers, pending for the levels of one list's types.

    Args:
        ask: Asks for all levels at once.
        field: The field.
        level: The level.
    """

    __slots__ = ("_ask", "parts")

    def __init__(
        self, ask: Callable[[Sequence[tuple[FieldPlan, Level]]], Awaitable[None]], field: FieldPlan, level: Level
    ) -> None:
        self._ask = ask
        self.parts = [(field, level)]

    def __call__(self) -> Awaitable[None]:
        """Ask."""
        return self._ask(self.parts)


def merged_calls(pending: Sequence[Work]) -> list[Work]:
    """The pending work of levels that stand side by side, with one call for a field that they have in common."""
    merged: list[Work] = []
    calls: dict[tuple[Any, tuple[int, ...]], LevelCall] = {}
    for work in pending:
        if not isinstance(work, LevelCall):
            merged.append(work)
            continue
        ((field, _),) = work.parts
        first = calls.setdefault((field.source, tuple(map(id, field.nodes))), work)
        if first is work:
            merged.append(work)
        else:
            first.parts += work.parts
    return merged


async def settle(pending: Sequence[Work]) -> None:
    """Await all pending work, concurrently."""
    if len(pending) == 1:
        await pending[0]()
    elif pending:
        async with asyncio.TaskGroup() as group:
            for number, work in enumerate(pending, 1):
                group.create_task(work())  # type: ignore[arg-type]  # Each gives a coroutine.
                if number % BEGUN_AT_ONCE == 0:
                    await asyncio.sleep(0)


def without_views(values: Sequence[Any]) -> Sequence[Any]:
    """The values without the views that they are shown through."""
    if is_columns(values):
        return values.values if isinstance(values, ViewedList) else values
    if Viewed in set(map(type, values)):
        return [value.value if value.__class__ is Viewed else value for value in values]
    return values


def picked(values: Sequence[Any], inner: Sequence[Any], chosen: Sequence[bool]) -> tuple[Sequence[Any], Sequence[Any]]:
    """The chosen values, and those values without their views; shared views stay shared."""
    some = list(compress(inner, chosen))
    if isinstance(values, ViewedList):
        return ViewedList(some, values.view), some
    return list(compress(values, chosen)), some


def flattened(lists: Sequence[Any]) -> list[Any]:
    """The items of all lists in one list; a value that is no list contributes none."""
    return [item for items in lists if type(items) in LISTS for item in items]


def cut(lists: Sequence[Any], flat: Sequence[Any]) -> list[Any]:
    """Cut a flat list into pieces as long as the lists; a value that is no list is kept."""
    column: list[Any] = []
    begin = 0
    for items in lists:
        if items.__class__ in LISTS:
            end = begin + len(items)
            column.append(flat[begin:end])
            begin = end
        else:
            column.append(items)
    return column


def _attribute_or_error(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name)
    except Exception as error:  # noqa: BLE001 - a field's failure is shown in its place, of any type.
        return error
