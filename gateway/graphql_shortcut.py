"""The way of `POST /graphql` past the router, which is asked for nearly nothing else."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

GRAPHQL_PATH: Final = "/graphql"


class GraphQLShortcut:
    """Hand operations to their endpoint, and everything else to the router behind.

    Args:
        app: The router, with all that is in front of it.
        endpoint: The endpoint, with the middleware of its route.
    """

    def __init__(self, app: ASGIApp, endpoint: ASGIApp) -> None:
        self._app = app
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        is_operation = scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == GRAPHQL_PATH
        await (self._endpoint if is_operation and not scope.get("root_path") else self._app)(scope, receive, send)
