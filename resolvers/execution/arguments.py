"""Arguments of one field of a plan: values that no variable changes are coerced once."""

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    FieldNode,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_non_null_type,
)
from graphql.execution.values import VariableValues, get_argument_values

from resolvers.execution.catalog import ConvertArguments

_NO_ARGUMENTS: Final[Mapping[str, Any]] = {}

Bound = tuple[str, str, bool]
"""The keyword of an argument that is a variable, the variable's name, and True if it must have a value."""


class FieldArguments:
    """The arguments of a field, coerced and converted.

    Args:
        definition: The field's definition.
        node: The field in the document.
        convert: From coerced arguments to the keywords of the field's function.
    """

    __slots__ = ("_bound", "_constant", "_convert", "_definition", "_has_variables", "_keywords", "_node")

    def __init__(self, definition: GraphQLField, node: FieldNode, convert: ConvertArguments) -> None:
        self._definition = definition
        self._node = node
        self._convert = convert
        self._has_variables = any(has_variable(argument.value) for argument in node.arguments or ())
        self._keywords: Mapping[str, Any] | None = None if definition.args else _NO_ARGUMENTS
        self._bound: list[Bound] | None = None
        self._constant: dict[str, Any] = {}

    def keywords(self, variables: VariableValues) -> Mapping[str, Any]:
        """The keywords of the field's function.

        Raises:
            graphql.GraphQLError: A variable has a value that is not allowed in its place.
        """
        if self._keywords is not None:
            return self._keywords
        coerced = self._from_variables(variables)
        keywords = self._convert(self._coerced(variables) if coerced is None else coerced)
        if not self._has_variables:
            self._keywords = keywords
        return keywords

    def _coerced(self, variables: VariableValues) -> Mapping[str, Any]:
        """The arguments as graphql-core coerces them; if whole arguments are variables, the rest is kept."""
        coerced = get_argument_values(self._definition, self._node, variables, hide_suggestions=True)
        values = {argument.name.value: argument.value for argument in self._node.arguments or ()}
        if all(isinstance(value, VariableNode) or not has_variable(value) for value in values.values()):
            self._bound = [
                (definition.out_name or name, value.name.value, is_non_null_type(definition.type))
                for name, definition in self._definition.args.items()
                if isinstance(value := values.get(name), VariableNode)
            ]
            names = {name for name, _, _ in self._bound}
            self._constant = {name: value for name, value in coerced.items() if name not in names}
        return coerced

    def _from_variables(self, variables: VariableValues) -> Mapping[str, Any] | None:
        """The arguments, of which only variables change; None if graphql-core has to decide about a missing one."""
        if self._bound is None:
            return None
        arguments = dict(self._constant)
        for name, variable, is_required in self._bound:
            value = variables.coerced.get(variable, Undefined)
            if value is Undefined or (value is None and is_required):
                return None
            arguments[name] = value
        return arguments


def has_variable(node: ValueNode) -> bool:
    """True if a variable stands in the value of an argument, `node`."""
    if isinstance(node, VariableNode):
        return True
    if isinstance(node, ListValueNode):
        return any(map(has_variable, node.values))
    return isinstance(node, ObjectValueNode) and any(has_variable(field.value) for field in node.fields)
