"""Tools: trusted documents that carry a description, with the permissions that they take."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, OperationDefinitionNode, OperationType
from graphql.language import SelectionSetNode

from auth.permissions import Permission
from gateway.mcp.input_schemas import arguments_schema
from schema.build import GatewaySchema
from schema.limits.trusted_documents import TrustedDocument, TrustedSet, trusted_set
from schema.permissions import root_guards

SHIPPED: Final = Path(__file__).parent / "documents"
"""The documents that come with the gateway."""

_log = logging.getLogger("sagegraph.mcp")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool.

    Attributes:
        name: The name of its document's operation.
        description: The operation's description.
        text: The document.
        input_schema: The JSON schema of its arguments, which are the operation's variables.
        takes: The permissions that its root fields take beside READ.
        changes: True if it is a mutation.
    """

    name: str
    description: str
    text: str
    input_schema: Mapping[str, Any]
    takes: frozenset[Permission]
    changes: bool


class Toolbox:
    """The tools of the trusted documents, read again when these change.

    Args:
        schema: The schema, with its trusted documents.
        mutations: Whether documents with mutations are tools.
    """

    def __init__(self, schema: GatewaySchema, *, mutations: bool) -> None:
        self._schema = schema
        self._mutations = mutations
        self._read: tuple[TrustedSet, Mapping[str, Tool]] | None = None

    def tools(self) -> Mapping[str, Tool]:
        """Give the present tools by name; of two of one name the one that ships stays, or that with the lesser id."""
        present = self._schema.trusted.present()
        if self._read is None or self._read[0] is not present:
            self._read = present, self._tools_in(present)
        return self._read[1]

    def _tools_in(self, documents: TrustedSet) -> Mapping[str, Tool]:
        tools: dict[str, Tool] = {}
        shipped = self._schema.trusted.shipped
        order = sorted(documents.by_text.items(), key=lambda item: (item[0] not in shipped.by_text, item[1].id))
        for text, document in order:
            tool = tool_of(self._schema, document, text)
            if tool is None or (tool.changes and not self._mutations):
                continue
            if tools.setdefault(tool.name, tool) is not tool:
                _log.warning(
                    "The document `%s` is not a tool: another document has the name `%s`.", document.id, tool.name
                )
        return tools


def shipped_documents(schema: GatewaySchema) -> TrustedSet:
    """Read the documents that come with the gateway against the schema. Raises InvalidDocumentError."""
    texts = {f"mcp/{path.stem}": path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.graphql"))}
    return trusted_set(schema._schema, texts)


def tool_of(schema: GatewaySchema, trusted: TrustedDocument, text: str) -> Tool | None:
    """Give a document's tool; None if it has no description, not exactly one named operation, or is a subscription.

    A document that takes APPROVE is no tool either: people decide, even if the settings allow more.

    Args:
        schema: The schema.
        trusted: The parsed document.
        text: Its text.
    """
    operations = [node for node in trusted.document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].name is None or operations[0].description is None:
        return None
    (operation,) = operations
    takes = _permissions_of(schema, operation, trusted.document)
    if operation.operation is OperationType.SUBSCRIPTION or Permission.APPROVE in takes:
        return None
    return Tool(
        name=operations[0].name.value,
        description=operations[0].description.value,
        text=text,
        input_schema=arguments_schema(operation.variable_definitions or (), schema._schema),
        takes=takes,
        changes=operation.operation is OperationType.MUTATION,
    )


def _permissions_of(
    schema: GatewaySchema, operation: OperationDefinitionNode, document: DocumentNode
) -> frozenset[Permission]:
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    guards = root_guards(schema)
    names = _root_fields(operation.selection_set, fragments)
    return frozenset(guards[name] for name in names if name in guards)


def _root_fields(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """The fields of the root; fragments that hold each other are no valid document."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        else:
            spread = getattr(node, "selection_set", None) or fragments[node.name.value].selection_set  # type: ignore[attr-defined]  # A spread.
            yield from _root_fields(spread, fragments)
