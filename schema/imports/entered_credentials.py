"""Entered credentials: the input, and the rule that they come as variables only."""

from typing import Any, Final

import strawberry
from graphql import (
    DocumentNode,
    GraphQLError,
    ObjectValueNode,
    OperationDefinitionNode,
    ValidationContext,
    ValidationRule,
    ValueNode,
    VariableNode,
    get_named_type,
)

from resolvers.entered_credentials import EnteredCredentials
from schema.inputs import optional, required

INPUT_NAME: Final = "EnteredCredentialsInput"
_REFUSAL: Final = (
    f"{INPUT_NAME} takes its values as variables alone, without a default: a document is kept and passed around, "
    "and secrets must not stand in it. Had these keys been real, they should be rotated."
)


@strawberry.input(
    name=INPUT_NAME,
    description="AWS keys for this request alone: never stored, logged or returned. Send them in variables only",
)
class EnteredCredentialsInput:
    """See resolvers.entered_credentials.EnteredCredentials."""

    access_key_id: str = required("The id of the keys")
    secret_access_key: str = required("The secret of the keys")
    session_token: str | None = optional("The session token; temporary keys need it")
    region: str | None = optional("The region if the import names none")

    def value(self) -> EnteredCredentials:
        """The credentials, as a value that does not show them."""
        return EnteredCredentials(self.access_key_id, self.secret_access_key, self.session_token, self.region)


class SecretsOnlyInVariables(ValidationRule):
    """Refuses a document that holds entered credentials, as a literal or as a variable's default."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._has_refused = False
        self._defaults: set[str] = set()

    def enter_document(self, node: DocumentNode, *_: Any) -> None:
        """Note the variables with a default in any operation of the document, `node`."""
        operations = [definition for definition in node.definitions if isinstance(definition, OperationDefinitionNode)]
        declared = [variable for operation in operations for variable in operation.variable_definitions or ()]
        self._defaults = {variable.variable.name.value for variable in declared if variable.default_value is not None}

    def enter_object_value(self, node: ObjectValueNode, *_: Any) -> None:
        """Check an object, `node`, in the place of entered credentials: an argument, a part of one, or a default."""
        kind = get_named_type(self.context.get_input_type())
        if kind is not None and kind.name == INPUT_NAME:
            secrets = [field.value for field in node.fields if field.name.value != "region"]
            if not all(self._is_variable_without_default(secret) for secret in secrets):
                self._refuse(node)

    def _is_variable_without_default(self, value: ValueNode) -> bool:
        return isinstance(value, VariableNode) and value.name.value not in self._defaults

    def _refuse(self, node: ValueNode) -> None:
        # One message for a document is enough, and the node is not shown: its text would be the secret's place.
        if not self._has_refused:
            self._has_refused = True
            self.report_error(GraphQLError(_REFUSAL))
