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
    """A value that failed, in its place in the response until the error gets its path.

    Attributes:
        error: The exception that the value's function raised.
    """

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


def outcome(
    data: dict[str, Any], plan: ObjectPlan, objects: Iterable[tuple[ObjectPlan, list[dict[str, Any]]]]
) -> ExecutionResult:
    """The result of an operation in which a field failed, or was null against its type.

    Args:
        data: The response as far as it was put together, which this changes.
        plan: The plan of the root.
        objects: The response's objects by their plans.
    """
    plans = {id(made): plan for plan, parts in objects for made in parts}
    walk = _ResponseWalk(plans)
    response = walk.object(data, plan, ())
    if isinstance(response, Failure):
        walk.errors.append(_graphql_error(response))
        return ExecutionResult(None, walk.errors)
    return ExecutionResult(response, walk.errors)


class _ResponseWalk:
    """Walks the response as the specification completes values (6.4.3, 6.4.4): depth first, in the fields' order."""

    def __init__(self, plans: dict[int, ObjectPlan]) -> None:
        self._plans = plans
        self.errors: list[GraphQLError] = []

    def object(self, made: dict[str, Any], plan: ObjectPlan, path: Path) -> dict[str, Any] | Failure:
        checkpoint()
        for field in plan.fields:
            shown = self._position(field.definition.type, made[field.key], field, (*path, field.key))
            if isinstance(shown, Failure):
                return shown
            made[field.key] = shown
        return made

    def _position(self, type_: Any, value: Any, field: FieldPlan, path: Path) -> Any:
        """A value that is null if it failed and its type allows null; else the failure, for the value that holds it."""
        shown = self._value(type_, value, field, path)
        if not isinstance(shown, Failure):
            return shown
        error = located_error(shown.error, field.nodes, list(path))
        if is_non_null_type(type_):
            return Failure(error)
        self.errors.append(error)
        return None

    def _value(self, type_: Any, value: Any, field: FieldPlan, path: Path) -> Any:
        if isinstance(value, Failure):
            return value
        if is_non_null_type(type_):
            shown = self._value(type_.of_type, value, field, path)
            if shown is not None:
                return shown
            name = field.nodes[0].name.value
            return Failure(TypeError(f"Cannot return null for non-nullable field {field.parent}.{name}."))
        # Kept objects are complete, and other answers show them as they are.
        if value is None or is_leaf_type(type_) or isinstance(value, SharedList):
            return value
        if is_list_type(type_):
            return self._list(type_.of_type, value, field, path)
        plan = self._plans.get(id(value))
        return value if plan is None else self.object(value, plan, path)

    def _list(self, item_type: Any, items: list[Any], field: FieldPlan, path: Path) -> Any:
        shown = []
        for index, item in enumerate(items):
            one = self._position(item_type, item, field, (*path, index))
            if isinstance(one, Failure):
                return one
            shown.append(one)
        return shown


def _graphql_error(failure: Failure) -> GraphQLError:
    error = failure.error
    return error if isinstance(error, GraphQLError) else located_error(error)
