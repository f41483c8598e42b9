"""Included nodes and argument values of a parsed document."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    value_from_ast_untyped,
)
from graphql.pyutils import Undefined

Node = FieldNode | InlineFragmentNode | FragmentSpreadNode


def is_included(node: Node, variables: Mapping[str, Any]) -> bool:
    """False if `@skip` or `@include` leaves the node out, with these variables."""
    for directive in node.directives or ():
        name = directive.name.value
        if name in {"skip", "include"} and _condition(directive, variables) is (name == "skip"):
            return False
    return True


def _condition(directive: DirectiveNode, variables: Mapping[str, Any]) -> Any:
    return next((argument_value(argument.value, variables) for argument in directive.arguments or ()), None)


def argument_value(node: ValueNode, variables: Mapping[str, Any]) -> Any:
    """The value of an argument, as written or from its variable; enums are their names, a missing value is None."""
    result = (
        variables.get(node.name.value)
        if isinstance(node, VariableNode)
        else value_from_ast_untyped(node, dict(variables))
    )
    return None if result is Undefined else result


def arguments(definition: GraphQLField, node: FieldNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a field's node by name, with the defaults of the definition for those that have no value."""
    result = {name: argument.default_value for name, argument in definition.args.items()}
    for argument in node.arguments or ():
        if not isinstance(argument.value, VariableNode) or argument.value.name.value in variables:
            result[argument.name.value] = argument_value(argument.value, variables)
    return {name: None if value is Undefined else value for name, value in result.items()}


def variables_of(operation: OperationDefinitionNode, variables: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The raw variables of an operation, with the defaults that it declares."""
    defaults = {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }
    return {**defaults, **(variables or {})}


def composite_type(schema: GraphQLSchema, definition: GraphQLField) -> Any:
    """The object, interface or union that a field of this definition gives; None for a leaf."""
    named = get_named_type(definition.type)
    return named if is_composite_type(named) else None


def requested_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Give the operation of this name, or the first one of a document that has at least one."""
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    named = [operation for operation in operations if operation.name and operation.name.value == name]
    return (named or operations)[0]
