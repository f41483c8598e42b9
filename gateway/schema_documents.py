"""The schema for people and code generators: SDL, and the answer to the standard introspection query."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import Final

import orjson
from graphql import introspection_from_schema
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.http_errors import JSON_HEADERS
from gateway.media_types import JSON
from schema.build import GatewaySchema

SDL_PATH: Final = "/graphql/schema.graphql"
INTROSPECTION_PATH: Final = "/graphql/schema.json"


def schema_routes(schema: GatewaySchema) -> list[Route]:
    """Give the routes of the schema's two documents; each is made once, on first use, and carries an entity tag."""

    def introspection() -> bytes:
        return orjson.dumps({"data": introspection_from_schema(schema._schema)})

    return [
        Route(SDL_PATH, _document(lambda: schema.as_str().encode(), "text/plain; charset=utf-8")),
        Route(INTROSPECTION_PATH, _document(introspection, f"{JSON}; charset=utf-8")),
    ]


def _document(make: Callable[[], bytes], content_type: str) -> Callable[[Request], Awaitable[Response]]:
    @cache
    def made() -> tuple[bytes, str]:
        body = make()
        # Weak: a compressed answer has the same tag.
        return body, f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'

    async def endpoint(request: Request) -> Response:
        body, tag = made()
        headers = {**JSON_HEADERS, "Content-Type": content_type, "Cache-Control": "no-cache", "ETag": tag}
        if _matches(request.headers.getlist("if-none-match"), tag):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers)

    return endpoint


def _matches(conditions: Sequence[str], tag: str) -> bool:
    """Tell whether If-None-Match names the tag, by weak comparison (RFC 9110, 13.1.2)."""
    opaque = tag.removeprefix("W/")
    named = [part.strip() for condition in conditions for part in condition.split(",")]
    return "*" in named or any(part.removeprefix("W/") == opaque for part in named)
