"""Completion: the values of a field written in their places, and the objects among them taken up as levels."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress, repeat
from operator import is_
from typing import Any, Final

from graphql import GraphQLError
from graphql.pyutils import Undefined, inspect, is_iterable

from concurrency.time_slices import checkpoint
from resolvers.columns import NestedLists, is_columns, nested
from resolvers.execution.level import LISTS, Level, Work, cut, flattened, merged_calls, picked, without_views
from resolvers.execution.outcome import Failure
from resolvers.execution.plan import FieldPlan, ObjectPlan
from resolvers.lists.page_lists import PageLists

_NONE: Final = type(None)
ShowObjects = Callable[[FieldPlan, ObjectPlan, Sequence[Any], Sequence[Any], list[Work]], list[Any]]
"""From a field, the selection of its objects, values, and these without views, to the objects."""

ShowPages = Callable[[FieldPlan, PageLists, list[Work]], list[Any]]
"""From a field and the lists of pages to the objects of each list."""


class Completion:
    """Completes values (6.4.3 of the specification) for all parents of a level at once.

    Args:
        show: Gives the objects of a field's values, all of one type, and adds their pending work to the list.
        show_pages: Gives the objects of lists that follow from pages, likewise.

    Attributes:
        failed: True once a value has failed, or is null against its type.
    """

    def __init__(self, show: ShowObjects, show_pages: ShowPages) -> None:
        self._show = show
        self._show_pages = show_pages
        self.failed = False

    def complete(self, field: FieldPlan, level: Level, values: Sequence[Any], pending: list[Work]) -> None:
        """Write the values of a field into the level's rows, and queue work for the objects among them."""
        if field.leaf is not None:
            column = (
                self._leaf_lists(field, values)
                if field.is_list
                else self._leaves(field, values, nullable=field.nullable)
            )
        elif field.is_list:
            column = self.object_lists(field, values, pending)
        else:
            column = self._objects(field, values, pending, nullable=field.nullable)
        level.write(field.key, column)
        checkpoint()

    def _leaves(self, field: FieldPlan, values: Sequence[Any], *, nullable: bool) -> Sequence[Any]:
        assert field.leaf is not None  # noqa: S101 - see `complete`.
        classes = set(map(type, values))
        if not nullable and _NONE in classes:
            self.failed = True
        column = field.leaf.written(values, classes)
        return [self._leaf(field, value) for value in values] if column is None else column

    def _leaf(self, field: FieldPlan, value: Any) -> Any:
        """One value as graphql-core coerces it."""
        if value is None or value is Undefined:
            return self._null(nullable=value is None)
        if isinstance(value, Exception):
            return self._failure(value)
        try:
            coerced = field.named_type.coerce_output_value(value)
        except Exception as error:  # noqa: BLE001 - a field's failure is shown in its place, of any type.
            return self._failure(error)
        if coerced is None or coerced is Undefined:
            return self._failure(TypeError(f"Expected a value of {field.named_type}, not {inspect(value)}."))
        return coerced

    def _leaf_lists(self, field: FieldPlan, values: Sequence[Any]) -> list[Any]:
        lists = self._lists(field, values)
        flat = flattened(lists)
        return cut(lists, self._leaves(field, flat, nullable=field.items_nullable))

    def object_lists(self, field: FieldPlan, values: Sequence[Any], pending: list[Work]) -> list[Any]:
        """Give the response's objects of each list; those of one type go on as one level.

        Args:
            field: The field.
            values: The list of each parent.
            pending: Takes the work that has to be awaited.
        """
        if values.__class__ is PageLists:
            return self._show_pages(field, values, pending)
        if isinstance(values, NestedLists):
            return values.cut(self._objects(field, values.flat, pending, nullable=field.items_nullable))
        if len(values) == 1 and is_columns(values[0]):
            return [self._objects(field, values[0], pending, nullable=field.items_nullable)]
        if set(map(type, values)) <= LISTS:
            plain = nested(values)
            return plain.cut(self._objects(field, plain.flat, pending, nullable=field.items_nullable))
        lists = self._lists(field, values)
        flat = flattened(lists)
        return cut(lists, self._objects(field, flat, pending, nullable=field.items_nullable))

    def _lists(self, field: FieldPlan, values: Sequence[Any]) -> Sequence[Any]:
        """Each value as a list or tuple, None, or a failure."""
        classes = set(map(type, values))
        return values if classes <= LISTS else [self._as_list(field, value) for value in values]

    def _as_list(self, field: FieldPlan, value: Any) -> Any:
        if value.__class__ in LISTS:
            return value
        if value is None or value is Undefined:
            return self._null(nullable=field.nullable)
        if isinstance(value, Exception):
            return self._failure(value)
        if is_iterable(value):
            return list(value)
        name = field.nodes[0].name.value
        message = f"Expected Iterable, but did not find one for field '{field.parent}.{name}'."
        return self._failure(GraphQLError(message))

    def _objects(self, field: FieldPlan, values: Sequence[Any], pending: list[Work], *, nullable: bool) -> list[Any]:
        """The response's object of each value; those of one type go on as one level."""
        inner = without_views(values)
        classes = {inner.item_class} if is_columns(inner) else set(map(type, inner))
        if len(classes) == 1:
            plan = field.object_plan(next(iter(classes)))
            if plan is not None:
                return self._show(field, plan, values, inner, pending)
        return self._mixed_objects(field, values, inner, pending, nullable=nullable)

    def _mixed_objects(
        self, field: FieldPlan, values: Sequence[Any], inner: Sequence[Any], pending: list[Work], *, nullable: bool
    ) -> list[Any]:
        """Give the object of each value; those of one type go on as one level, without a loop over single values."""
        classes = list(map(type, inner))
        plan_of = {each: field.object_plan(each) for each in set(classes)}
        plans = list(map(plan_of.__getitem__, classes))
        started: list[Work] = []
        made: dict[ObjectPlan | None, Iterator[Any]] = {}
        if None in plan_of.values():
            rest = compress(zip(inner, values, strict=True), map(is_, plans, repeat(None)))
            made[None] = iter([self._misfit(field, *each, nullable=nullable) for each in rest])
        for plan in filter(None, dict.fromkeys(plans)):
            chosen = list(map(is_, plans, repeat(plan)))
            made[plan] = iter(self._show(field, plan, *picked(values, inner, chosen), started))
        pending += merged_calls(started)
        return list(map(next, map(made.__getitem__, plans)))

    def _misfit(self, field: FieldPlan, value: Any, shown: Any, *, nullable: bool) -> Failure | None:
        """Give the entry in the place of a value without a type here; `shown` is the value with its view."""
        if value is None or value is Undefined:
            self._null(nullable=nullable)
            return None
        return self._failure(value if isinstance(value, Exception) else _misplaced(field, shown))

    def _null(self, *, nullable: bool) -> None:
        self.failed = self.failed or not nullable

    def _failure(self, error: Exception) -> Failure:
        self.failed = True
        return Failure(error)


def _misplaced(field: FieldPlan, value: Any) -> GraphQLError:
    """The error of a value whose class has no type here."""
    return GraphQLError(f"Expected value of type '{field.named_type}' but got: {inspect(value)}.", field.nodes)
