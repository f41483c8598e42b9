"""Outcome of an operation: values that failed become errors with their paths, and nulls rise as far as they must."""

from collections.abc import Iterable
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    located_error,
)

from concurrency.time_slices import checkpoint
from resolvers.execution.plan import FieldPlan, ObjectPlan
from resolvers.execution.rows import SharedList

Path = tuple[str | int, ...]


class Failure:
    """A value that failed, in its place in the response until the errors are told."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


def outcome(
    data: dict[str, Any], plan: ObjectPlan, objects: Iterable[tuple[ObjectPlan, list[dict[str, Any]]]]
) -> ExecutionResult:
    """The result of an operation in which something failed, or was null where it must not be.

    Args:
        data: The response as far as it was put together, which this changes.
        plan: The plan of the root.
        objects: The response's objects by their plans.
    """
    plans = {id(made): plan for plan, parts in objects for made in parts}
    telling = _Telling(plans)
    told = telling.object(data, plan, ())
    if isinstance(told, Failure):
        telling.errors.append(_graphql_error(told))
        return ExecutionResult(None, telling.errors)
    return ExecutionResult(told, telling.errors)


class _Telling:
    """Walks the response as the specification completes values (6.4.3, 6.4.4): depth first, in the fields' order."""

    def __init__(self, plans: dict[int, ObjectPlan]) -> None:
        self._plans = plans
        self.errors: list[GraphQLError] = []

    def object(self, made: dict[str, Any], plan: ObjectPlan, path: Path) -> dict[str, Any] | Failure:
        checkpoint()
        for field in plan.fields:
            told = self._position(field.definition.type, made[field.key], field, (*path, field.key))
            if isinstance(told, Failure):
                return told
            made[field.key] = told
        return made

    def _position(self, type_: Any, value: Any, field: FieldPlan, path: Path) -> Any:
        """A value that is null if it failed, where its type allows null; else the failure of what holds it."""
        told = self._value(type_, value, field, path)
        if not isinstance(told, Failure):
            return told
        error = located_error(told.error, field.nodes, list(path))
        if is_non_null_type(type_):
            return Failure(error)
        self.errors.append(error)
        return None

    def _value(self, type_: Any, value: Any, field: FieldPlan, path: Path) -> Any:
        if isinstance(value, Failure):
            return value
        if is_non_null_type(type_):
            told = self._value(type_.of_type, value, field, path)
            if told is not None:
                return told
            name = field.nodes[0].name.value
            return Failure(TypeError(f"Cannot return null for non-nullable field {field.parent}.{name}."))
        # What was kept is complete, and other answers show it as it is.
        if value is None or is_leaf_type(type_) or isinstance(value, SharedList):
            return value
        if is_list_type(type_):
            return self._list(type_.of_type, value, field, path)
        plan = self._plans.get(id(value))
        return value if plan is None else self.object(value, plan, path)

    def _list(self, item_type: Any, items: list[Any], field: FieldPlan, path: Path) -> Any:
        told = []
        for index, item in enumerate(items):
            one = self._position(item_type, item, field, (*path, index))
            if isinstance(one, Failure):
                return one
            told.append(one)
        return told


def _graphql_error(failure: Failure) -> GraphQLError:
    error = failure.error
    return error if isinstance(error, GraphQLError) else located_error(error)
