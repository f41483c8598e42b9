"""Variables of operations: coerced by functions that are compiled once for each input type.

They take valid values alone. For all others graphql-core coerces the variables anew, and names the faults.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final

from graphql import (
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    get_named_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    get_variable_values,
)
from graphql.utilities.coerce_input_value import coerce_default_value

from concurrency.time_slices import checkpoint

MAX_ERRORS: Final = 50
"""So many faults of variables are named, and no more."""

MANY_VALUES: Final = 200
"""From so many values on, variables are coerced and converted in time slices: 10,000 take 8 ms."""

CoerceValue = Callable[[Any], Any]
"""From a value as it was sent to the coerced one. Raises any Exception if the value is not valid."""


class _InvalidValueError(Exception):
    """A value does not fit its type; graphql-core says why."""


@dataclass(frozen=True, slots=True)
class CoercedVariable:
    """A variable of an operation.

    Attributes:
        signature: Its name, type and default.
        coerce: The coercion of its values.
    """

    signature: GraphQLVariableSignature
    coerce: CoerceValue


class VariableCompiler:
    """Compiles the coercion of variables, once for each input type of a schema.

    Args:
        schema: The schema.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._objects: dict[str, CoerceValue] = {}

    def variables(self, operation: OperationDefinitionNode) -> Sequence[CoercedVariable] | None:
        """Compile the variables of an operation; None if graphql-core has to coerce them each time."""
        signatures = [get_variable_signature(self._schema, node) for node in operation.variable_definitions or ()]
        compiled = [
            CoercedVariable(signature, self._coercion(signature.type))
            for signature in signatures
            # graphql-core bounds how deep values of a type that contains itself may be.
            if not isinstance(signature, GraphQLError) and not _is_recursive(signature.type)
        ]
        return compiled if len(compiled) == len(signatures) else None

    def _coercion(self, type_: Any) -> CoerceValue:
        """The coercion of values of a type, null included."""
        is_required = is_non_null_type(type_)
        coerce = self._value_coercion(type_.of_type if is_required else type_)

        def coerce_value(value: Any) -> Any:
            if value is None:
                if is_required:
                    raise _InvalidValueError
                return None
            coerced = coerce(value)
            if coerced is Undefined:
                raise _InvalidValueError
            return coerced

        return coerce_value

    def _value_coercion(self, type_: Any) -> CoerceValue:
        """The coercion of values of a nullable type that are not null."""
        if is_list_type(type_):
            return partial(_coerced_list, self._coercion(type_.of_type))
        if is_input_object_type(type_):
            return partial(self._object, type_)
        coerce: CoerceValue = type_.coerce_input_value
        return coerce

    def _object(self, type_: GraphQLInputObjectType, value: Any) -> Any:
        coerce = self._objects.get(type_.name)
        if coerce is None:
            coerce = self._objects[type_.name] = self._object_coercion(type_)
        return coerce(value)

    def _object_coercion(self, type_: GraphQLInputObjectType) -> CoerceValue:
        fields = [
            (name, field.out_name or name, self._coercion(field.type), is_required_input_field(field), field)
            for name, field in type_.fields.items()
        ]

        def coerce(value: Any) -> Any:
            checkpoint()
            if not isinstance(value, dict):
                raise _InvalidValueError
            coerced, known = dict[str, Any](), 0
            for name, out_name, coerce_field, is_required, field in fields:
                if name in value:
                    coerced[out_name] = coerce_field(value[name])
                    known += 1
                elif is_required:
                    raise _InvalidValueError
                else:
                    _add_default(coerced, out_name, field)
            if known != len(value) or (type_.is_one_of and not _is_one(coerced)):
                raise _InvalidValueError
            return type_.out_type(coerced)

        return coerce


def coerced_variables(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    compiled: Sequence[CoercedVariable] | None,
    sent: Mapping[str, Any],
) -> VariableValues | list[GraphQLError]:
    """Coerce the variables of a request; gives their faults if there are any.

    Args:
        schema: The schema.
        operation: The operation.
        compiled: Its variables, compiled; None leaves them to graphql-core.
        sent: The variables as they were sent.
    """
    if compiled is not None:
        try:
            return _coerced(compiled, sent)
        except Exception:  # noqa: BLE001 - graphql-core names the value that does not fit.
            checkpoint()
    nodes = operation.variable_definitions or ()
    return get_variable_values(schema, nodes, dict(sent), max_errors=MAX_ERRORS, hide_suggestions=True)


def are_many(values: Mapping[str, Any] | None) -> bool:
    """Tell whether variables, as they were sent or coerced, hold at least `MANY_VALUES` values."""
    waiting: list[Any] = list(values.values()) if values else []
    count = 0
    while waiting and count < MANY_VALUES:
        value = waiting.pop()
        count += 1
        if value.__class__ is dict:
            waiting += islice(value.values(), MANY_VALUES)
        elif value.__class__ is list:
            waiting += islice(value, MANY_VALUES)
    return count >= MANY_VALUES


def _coerced(compiled: Sequence[CoercedVariable], sent: Mapping[str, Any]) -> VariableValues:
    sources, coerced = dict[str, VariableValueSource](), dict[str, Any]()
    for variable in compiled:
        signature = variable.signature
        name = signature.name
        if name in sent:
            sources[name] = VariableValueSource(signature, sent[name])
            coerced[name] = variable.coerce(sent[name])
            continue
        sources[name] = VariableValueSource(signature)
        if signature.default is not None:
            coerced[name] = coerce_default_value(signature)
        elif is_non_null_type(signature.type):
            raise _InvalidValueError
    return VariableValues(sources, coerced)


def _coerced_list(coerce: CoerceValue, value: Any) -> Any:
    """The items, coerced; a value that is no list is a list of one."""
    if isinstance(value, list | tuple):
        return [coerce(item) for item in value]
    return [coerce(value)]


def _add_default(coerced: dict[str, Any], name: str, field: GraphQLInputField) -> None:
    default = coerce_default_value(field)
    if default is not Undefined:
        coerced[name] = default


def _is_one(coerced: Mapping[str, Any]) -> bool:
    return len(coerced) == 1 and next(iter(coerced.values())) is not None


def _is_recursive(type_: Any, above: frozenset[str] = frozenset()) -> bool:
    """Tell whether values of a type may hold values of the same type."""
    named: Any = get_named_type(type_)
    if not is_input_object_type(named):
        return False
    within = above | {named.name}
    return named.name in above or any(_is_recursive(field.type, within) for field in named.fields.values())
