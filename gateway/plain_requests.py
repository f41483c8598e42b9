"""Requests in their plain form: one operation in a JSON object, read without a closer look."""

from typing import Any

import orjson
from strawberry.http import GraphQLRequestData

from gateway.media_types import JSON, media_type


def plain_request(content_type: str, body: bytes) -> GraphQLRequestData | None:
    """Read a request as nearly all clients send it.

    Args:
        content_type: The request's Content-Type.
        body: Its body.

    Returns:
        The request; None if it is anything else, a faulty request too, of which Strawberry's view takes care.
    """
    if media_type(content_type) != JSON:
        return None
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(sent, dict) or not sent.get("query"):
        return None
    query, name = sent["query"], sent.get("operationName")
    variables, extensions = sent.get("variables"), sent.get("extensions")
    is_plain = isinstance(query, str) and _is(str, name) and _is(dict, variables) and _is(dict, extensions)
    if not is_plain:
        return None
    return GraphQLRequestData(query=query, variables=variables, operation_name=name, extensions=extensions)


def _is(kind: type, value: Any) -> bool:
    return value is None or isinstance(value, kind)
