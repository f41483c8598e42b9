"""The switch of `/mcp`: nothing of the protocol's library is loaded unless the settings ask for it."""

import importlib
import importlib.util
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from starlette.types import Receive, Scope, Send

from gateway.graphql_endpoint import GraphQLEndpoint
from gateway.mcp.tools import shipped_documents
from gateway.settings.settings import Settings
from schema.build import GatewaySchema


class ToolServer(Protocol):
    """The application of `/mcp`; see gateway/mcp/endpoint.py."""

    def serving(self) -> AbstractAsyncContextManager[None]:
        """Answer while the block runs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message."""


def is_mcp_installed() -> bool:
    """Tell whether the extra `mcp` is installed."""
    return importlib.util.find_spec("mcp") is not None


def mcp_fault(settings: Settings) -> str | None:
    """Give the fault that stops the start: the settings want tools, and the extra `mcp` is missing. None if not."""
    if not settings.mcp.enabled or is_mcp_installed():
        return None
    return "mcp.enabled needs the extra `mcp`; install `sagegraph[mcp]`, or take the key out."


def mcp_endpoint(settings: Settings, schema: GatewaySchema, graphql: GraphQLEndpoint) -> ToolServer | None:
    """Give the application of `/mcp`, and trust the documents that come with it; None if the settings have it off.

    Args:
        settings: The settings.
        schema: The schema, which trusts the documents from now on.
        graphql: The endpoint, which makes the bodies of answers.
    """
    if not settings.mcp.enabled:
        return None
    schema.trusted.ship(shipped_documents(schema))
    endpoint = importlib.import_module("gateway.mcp.endpoint")
    server: ToolServer = endpoint.McpEndpoint(
        schema, graphql, settings.server.cors.allowed_origins, mutations=settings.mcp.mutations
    )
    return server
