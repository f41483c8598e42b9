"""Messages of graphql-transport-ws: their form, and the one that refuses an operation."""

from collections.abc import Mapping
from typing import Any


def is_well_formed(message: Any) -> bool:
    """Tell whether a message has the types that the protocol wants."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] in {"subscribe", "complete"} and not isinstance(message.get("id"), str):
        return False
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    if not isinstance(payload, dict):
        return False
    kinds: dict[str, type] = {"query": str, "variables": dict, "operationName": str, "extensions": dict}
    return all(payload.get(name) is None or isinstance(payload[name], kind) for name, kind in kinds.items())


def error_message(operation_id: str, body: Mapping[str, Any]) -> Any:
    """Give the message that refuses an operation.

    Args:
        operation_id: The id that the client has given it.
        body: The body, with the errors.
    """
    return {"id": operation_id, "type": "error", "payload": body["errors"]}
